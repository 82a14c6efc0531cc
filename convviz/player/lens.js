// The lens: the window of any output of an image, told of from the pixels that are here, so that it follows the pointer.
// What each output is made of is a table for each axis; nothing here knows how it came about.
import { pixelsOf, placeOf } from "./images.js"
import { table } from "./packed.js"

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const clamp = (value, most) => Math.max(0, Math.min(most, value))

/** A value as convviz/scene/canvas.py writes it. */
export function number(value) {
  const size = Math.abs(value)
  const text = Number.isInteger(value) ? String(value) : size >= 1 && size < 1e6 ? String(Number(value.toFixed(3))) : String(Number(value.toPrecision(3)))
  return text.replace("-", "−")
}

/** To hundredths, as NumPy rounds: halves go to the even one. */
function hundredths(value) {
  const scaled = value * 100
  const low = Math.floor(scaled)
  const up = scaled - low > 0.5 || (scaled - low === 0.5 && low % 2 !== 0)
  return (low + (up ? 1 : 0)) / 100
}

/** Make a scene ready for a step after its last one, which is that of the lens. */
export function loosen(scene) {
  const { lens, tracks, steps } = scene
  for (const track of tracks) {
    const { at } = track
    track.at = (t) => at(t >= steps ? 0 : t)
  }
  const [rows, columns] = lens.a.map(([step, read]) => ({ step, at: table(read) }))
  return { ...lens, rows, columns }
}

/** Tell, as the step after the last one, what the output in a row and a column is made of. */
export function tell(scene, row, column, pixels) {
  const { lens, steps, say, equations, stepTexts } = scene
  const { c: across } = scene.images[lens.r]
  const every = pixels.length / (across * scene.images[lens.r].r)
  const [down, beside] = [lens.rows.at(row), lens.columns.at(column)]
  const inside = down.flatMap((r) => beside.map((c) => r >= 0 && c >= 0))
  const values = down.flatMap((r) => beside.map((c) => (r >= 0 && c >= 0 ? Math.round(pixels[(r * across + c) * every + lens.c] * lens.s) : 0)))
  const products = values.map((value, n) => value * lens.k[n])
  const total = products.reduce((sum, one) => sum + one, 0)
  const given = lens.d === 1 ? total : hundredths(total / lens.d)
  const told = [values, products, [total], [given]]
  stepTexts.forEach((one, n) => one.marks.forEach((_, i) => (one.texts[steps * one.marks.length + i] = number(told[n][i]))))
  const padding = inside.filter((one) => !one).length
  const said = { row: row + 1, column: column + 1, count: values.length, padding, total: number(given), sum: number(total), divisor: lens.d, whole: number(total) }
  for (const columns of [say.columns, ...equations.map((one) => one.columns)]) {
    for (const name of Object.keys(columns)) columns[name][steps] = said[name]
  }
  say.chosen[steps] = padding ? 1 : 0
  scene.loose = [column / lens.columns.step, row / lens.rows.step]
}

export class Lens {
  constructor(player) {
    this.player = player
    this.at = null // the row and the column of the output that is told of
    this.pinned = false
  }

  /** Another scene has come: what is pinned stays, where there is such an output. */
  take() {
    const { at, pinned } = this
    this.#let()
    if (at && pinned && this.#has(at)) this.go(at, true)
  }

  #has([row, column]) {
    const { lens, images } = this.player.scene
    return lens && row < images[lens.w].r && column < images[lens.w].c
  }

  /** The output that the pointer is at: that under it in the result, or the one whose window is around it. */
  #under(event) {
    const { scene, stage } = this.player
    const grid = scene.gridOf(Number(event.target.dataset?.m ?? -1))
    const { lens, images } = scene
    if (!lens || !grid) return null
    const n = [lens.r, lens.w].find((one) => scene.grids[images[one].g] === grid)
    if (n === undefined) return null
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(stage.svg.getScreenCTM().inverse())
    const { r, c } = images[lens.w]
    if (n === lens.w) {
      const [left, top, width, height] = placeOf(scene, images[n])
      return [clamp(Math.floor(((y - top) * r) / height), r - 1), clamp(Math.floor(((x - left) * c) / width), c - 1)]
    }
    const [, , , firstX = 0, firstY = 0] = frame(scene, 0) // an anchor at its cell's corner is sent without an offset
    const [, , , lastX = 0, lastY = 0] = frame(scene, 2)
    const along = (x - grid.o[0]) / grid.a[0] - (firstX + lastX) / 2
    const below = (y - grid.o[1]) / grid.d[1] - (firstY + lastY) / 2
    const [row, column] = [below * lens.rows.step, along * lens.columns.step]
    return [clamp(Math.round(row), r - 1), clamp(Math.round(column), c - 1)]
  }

  /** The pointer is on the picture; returns whether it is on an image. */
  point(event) {
    const at = this.#under(event)
    if (at && !this.pinned) this.go(at, false)
    if (!at && !this.pinned) this.drop()
    return Boolean(at)
  }

  /** Keep the lens where the pointer is; there again lets it go. Returns whether it is on an image. */
  pin(event) {
    const at = this.#under(event)
    if (!at) return false
    if (this.pinned && String(at) === String(this.at)) this.drop()
    else this.go(at, true)
    return true
  }

  /** Move the lens by a pixel of the result; returns whether the key does so. */
  key(name) {
    const { scene, t } = this.player
    if (!scene.lens || !(name in KEYS)) return false
    const { rows, columns, w } = scene.lens
    const { r, c } = scene.images[w]
    const [row, column] = this.at ?? [rows.step * Math.floor(t / scene.row), columns.step * (t % scene.row)]
    this.go([clamp(row + KEYS[name][0], r - 1), clamp(column + KEYS[name][1], c - 1)], true)
    return true
  }

  /** Tell of an output. */
  go(at, pinned) {
    const { player } = this
    const { scene } = player
    if (this.at && String(at) === String(this.at) && pinned === this.pinned) return
    const pixels = pixelsOf(scene.images[scene.lens.r], () => this.at && this.#again())
    Object.assign(this, { at, pinned })
    if (!pixels) return
    if (pinned) player.pause()
    tell(scene, ...at, pixels)
    player.attention.free(String(at))
    player.host.dataset.lens = String(at)
    player.show(0)
  }

  #again() {
    const { at, pinned } = this
    this.at = null
    if (this.player.scene.lens && this.#has(at)) this.go(at, pinned)
  }

  #let() {
    Object.assign(this, { at: null, pinned: false })
    delete this.player.host.dataset.lens
    this.player.scene.loose = null
    this.player.attention.free(null)
  }

  /** Tell of the step again. */
  drop() {
    if (!this.at) return
    this.#let()
    this.player.show(0)
  }
}

const frame = (scene, n) => scene.shapes.find((shape) => shape.n === "frame").p[n]

/** The curtain of a picture follows the pointer that draws it: each of its steps is a place of the curtain. */
export function draws(player, on) {
  const { svg } = player.stage
  const curtain = () => player.scene.images.find((image) => image.cut)
  const follow = (event) => {
    const [left, , width] = placeOf(player.scene, curtain())
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
    const { steps } = player.scene
    const t = clamp(Math.round(((x - left) / width) * (steps - 1)), steps - 1)
    if (t !== player.t || player.playing) player.go(t)
  }
  let held = false
  on(svg, "pointerdown", (event) => {
    if (event.button || !curtain() || !event.target.classList.contains("r-place")) return
    held = true
    svg.setPointerCapture(event.pointerId)
    follow(event)
  })
  on(svg, "pointermove", (event) => held && follow(event))
  for (const type of ["pointerup", "pointercancel"]) on(svg, type, () => (held = false))
}
