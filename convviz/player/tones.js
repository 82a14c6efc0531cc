// What is drawn over and beside cells that show tones: the strokes of negative values, and the scales of the boards.
import { round } from "./lattice.js"

const MINUS = [0.14, 0.8, 0.28] // of a stroke: where in its cell it begins, across and down, and how long it is

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
  renew(scaleLayer, scene.legends.filter(([grid]) => stage.toned[grid]).map((one) => scale(one, scene.zero)).join(""))
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
