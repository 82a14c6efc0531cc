// Images: pixels under the cells of a board, one element each, in a window of its own, as the svg painter writes them. And
// what is known of their pixels.
import { column } from "./packed.js"
import { round } from "./lattice.js"

const NS = "http://www.w3.org/2000/svg"
const KEPT = 24 // images whose pixels are remembered, so that they need not be sent again
const known = new Map() // the address of an image's pixels, by their mark

/** An image of a wire form, with the address of its pixels, which may have come with an earlier one. */
export function read(image) {
  const src = image.src ?? known.get(image.m)
  known.delete(image.m)
  known.set(image.m, src)
  if (known.size > KEPT) known.delete(known.keys().next().value)
  return { ...image, src, cut: image.u && column(image.u) }
}

/** Where an image lies: left, top, width and height in cells of the picture. */
export function placeOf({ grids }, { g, b: [left, top, width, height] }) {
  const { o, a, d } = grids[g]
  return [o[0] + left * a[0], o[1] + top * d[1], width * a[0], height * d[1]]
}

/** An image's pixels, in the window through which they are seen. */
function element() {
  const [window, pixels] = ["svg", "image"].map((tag) => document.createElementNS(NS, tag))
  for (const node of [window, pixels]) node.setAttribute("preserveAspectRatio", "none")
  window.setAttribute("class", "pixels")
  window.append(pixels)
  return { window, pixels }
}

/** The images of a stage. */
export class Images {
  constructor() {
    this.shown = []
  }

  /** Take a scene; groups: the elements of its grids, in which its images are, before the cells. */
  load(scene, groups) {
    this.scene = scene
    const made = scene.images.map((_, n) => this.shown[n] ?? element())
    for (const one of this.shown) if (!made.includes(one)) one.window.remove()
    this.shown = made
    groups.forEach((group, g) => {
      const own = made.filter((_, n) => scene.images[n].g === g)
      own.forEach(({ window }, i) => group.children[i] !== window && group.insertBefore(window, group.children[i] ?? null))
    })
    made.forEach((one, n) => one.src !== scene.images[n].src && this.#paint(one, scene.images[n]))
  }

  /** Show other pixels: those that are shown stay until the new ones are ready, so that nothing blinks. */
  #paint(one, image) {
    const first = !one.src
    one.src = image.src
    const put = () => {
      if (one.src !== image.src) return // others have come meanwhile
      one.pixels.setAttribute("href", image.src)
      one.size = [image.c, image.r]
      this.show(this.t ?? 0, this.cell)
    }
    if (first) return void (one.pixels.setAttribute("href", image.src), (one.size = [image.c, image.r]))
    const coming = Object.assign(new Image(), { src: image.src })
    coming.decode().then(put, put)
  }

  /** Show a step, a cell being so many pixels wide. */
  show(t, cell) {
    Object.assign(this, { t, cell })
    this.shown.forEach((one, n) => {
      const image = this.scene.images[n]
      const [left, top, width, height] = placeOf(this.scene, image)
      const [columns, rows] = one.size
      const first = image.cut ? Math.round((image.cut[t] * columns) / image.c) : 0
      const said = [left, top, width, height, columns, rows, first, cell].join()
      if (one.said === said) return
      one.said = said
      const hidden = (width * first) / columns
      const place = { x: left + hidden, y: top, width: width - hidden, height }
      for (const [name, value] of Object.entries(place)) one.window.setAttribute(name, round(value))
      one.window.setAttribute("viewBox", `${first} 0 ${Math.max(columns - first, 1e-3)} ${rows}`)
      one.window.setAttribute("visibility", first < columns ? "visible" : "hidden")
      one.pixels.setAttribute("width", columns)
      one.pixels.setAttribute("height", rows)
      one.pixels.style.imageRendering = width * cell >= columns ? "pixelated" : "auto"
    })
  }
}

const READ = 2 // images whose pixels are at hand as numbers
const numbers = new Map() // these, by their marks

/** The pixels of an image as numbers, four for each; null until they are there. */
export function pixelsOf({ m, src, c, r }, ready) {
  if (numbers.has(m)) return numbers.get(m)
  numbers.set(m, null)
  if (numbers.size > READ) numbers.delete(numbers.keys().next().value)
  const coming = Object.assign(new Image(), { src })
  coming.decode().then(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: c, height: r })
    const brush = canvas.getContext("2d", { willReadFrequently: true })
    brush.drawImage(coming, 0, 0)
    numbers.set(m, brush.getImageData(0, 0, c, r).data)
    ready()
  }, () => numbers.delete(m))
  return null
}
