// What is drawn over and beside cells that show tones: the strokes of negative values, and the scales of the boards.
import { differing } from "./compared.js"
import { round } from "./lattice.js"

const MINUS = [0.14, 0.8, 0.28] // of a stroke: where in its cell it begins, across and down, and how long it is
const TICK = [0.7, 0.08, 0.22] // of the tick of a difference: where in its cell it begins, and how far it goes across and down

/** Put a stroke on every negative value without a number, and show the scale of every board that shows tones. */
export function mark(stage) {
  const { scene, shades, texts, states, minusLayer, scaleLayer } = stage
  const lines = Array.from({ length: scene.zero }, () => [])
  scene.grids.forEach((g, n) => {
    if (!stage.toned[n]) return
    const { a, d, o, c, f } = g
    const length = `l${round(MINUS[2] * a[0])},${round(MINUS[2] * a[1])}`
    for (let m = f; m < f + g.count; m++) {
      if (!shades[m] || shades[m] >= scene.zero || texts[m] || states[m] === scene.pending || scene.covered.has(m)) continue
      const [x, y] = [((m - f) % c) + MINUS[0], Math.floor((m - f) / c) + MINUS[1]]
      lines[shades[m]].push(`M${round(o[0] + x * a[0] + y * d[0])},${round(o[1] + x * a[1] + y * d[1])}${length}`)
    }
  })
  const strokes = lines.map((found, tone) => found.length && `<path class="v-${tone}" d="${found.join("")}"/>`)
  renew(minusLayer, strokes.filter(Boolean).join(""))
  renew(scaleLayer, (stage.laid ?? scene).legends.filter(([grid]) => stage.toned[grid]).map((one) => scale(one, scene.zero)).join(""))
}

/** Put a tick into every cell that differs. */
export function tick(stage, t) {
  const { scene, states, tickLayer } = stage
  const lines = differing(scene, t, states).map((m) => {
    const { a, d, o, c, f } = scene.gridOf(m)
    const [x, y] = [((m - f) % c) + TICK[0], Math.floor((m - f) / c) + TICK[1]]
    const from = [0, 1].map((i) => o[i] + x * a[i] + y * d[i])
    const by = [0, 1].map((i) => TICK[2] * (a[i] + d[i]))
    return `M${from.map(round)}l${by.map(round)}`
  })
  const d = lines.join("")
  renew(tickLayer, d && `<path class="tick under" d="${d}"/><path class="tick" d="${d}"/>`)
}

/** The same again would cost a layout. */
function renew(layer, html) {
  if (layer.shown !== html) layer.innerHTML = layer.shown = html
}

function scale([, left, top, width, height, labels], zero) {
  const step = width / (2 * zero - 1)
  const parts = Array.from({ length: 2 * zero - 1 }, (_, n) =>
    `<rect class="v-${n + 1}" x="${round(left + n * step)}" y="${top}" width="${round(step)}" height="${height}"/>`)
  const numbers = labels.map(([x, y, text, align, size]) =>
    `<text class="r-axis" x="${x}" y="${y}" font-size="${size}"${align === "middle" ? "" : ` style="text-anchor:${align}"`}>${text}</text>`)
  return `<g class="scale">${parts.join("")}${numbers.join("")}</g>`
}
