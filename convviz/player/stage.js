// The picture as SVG: the same elements and classes as the svg painter writes, changed in place from step to step.
import { middleOf, noteOf, seenAfar, sizeOf } from "./afar.js"
import { outlines, pointsText, round } from "./lattice.js"
import { Images } from "./images.js"
import { LETTER, height, legible, longest } from "./legible.js"
import { Marks } from "./marks.js"
import { veil } from "./moments.js"
import { Strokes } from "./strokes.js"
import { Texts } from "./texts.js"
import { mark, tick } from "./tones.js"

const NS = "http://www.w3.org/2000/svg"
export const LEGIBLE_PX = 14 // pixels a cell below which numbers are left out
export const MARGIN = 0.35
// as in convviz/scene/marks.py
const NOTE = { size: 0.25, px: 7.5, end: [0.93, 0.83], widest: 0.9, after: [0.05, 0.05], room: 0.66 }
const NOTED_PX = 30 // pixels a cell from which a note as high as numbers are at least has room below one
const LAYERS = ["cells", "strokes", "minuses", "texts", "notes", "ticks", "marks", "followed", "scales", "shapes", "labels"]

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches
export class Stage {
  constructor(svg) {
    this.svg = svg
    this.cell = 30 // pixels a cell; the player says how large it shows the picture
    this.laid = null // its texts and its box where they are to be seen from afar: see `lay` in afar.js
    this.least = 0 // the least pixels that numbers are high; those that have no room for that are left out
    Object.assign(this, { signature: "", frame: 0, images: new Images() })
  }

  /** Take a new scene, to be shown at a step; its elements are laid out anew only where its cells lie otherwise. */
  load(scene, t) {
    this.scene = scene
    const lattices = scene.grids.map((g) => JSON.stringify([g.f, g.r, g.c, g.o, g.a]))
    const signature = JSON.stringify([lattices, scene.shapes.map((s) => s.n), (this.laid ?? scene).box])
    if (signature !== this.signature) this.#build(lattices)
    this.signature = signature
    this.svg.toggleAttribute("data-grip", scene.grip !== undefined)
    this.strokes.load(scene)
    this.images.load(scene, this.made.map(({ group }) => group))
    this.#labels()
    this.states = scene.statesAt(t)
    this.fresh = true // nothing of it has been painted
    this.note(new Map())
    this.texts = new Array(scene.cells).fill(null)
    this.shades = new Array(scene.cells).fill(0)
  }

  #build(lattices) {
    const { scene } = this
    const [left, top, right, bottom] = (this.laid ?? scene).box
    this.width = right - left + 2 * MARGIN
    this.height = bottom - top + 2 * MARGIN
    this.svg.setAttribute("viewBox", [left - MARGIN, top - MARGIN, this.width, this.height].map(round).join(" "))
    if (!this.cellLayer) {
      this.svg.innerHTML = LAYERS.map((name) => `<g class="${name}"/>`).join("")
      ;[this.cellLayer, this.edgeLayer, this.minusLayer, this.textLayer, this.noteLayer, this.tickLayer, this.markLayer, this.followLayer, this.scaleLayer, this.shapeLayer] = this.svg.children
      this.numbers = new Texts(this.textLayer)
      this.marks = new Marks(this.markLayer)
      this.strokes = new Strokes(this.edgeLayer, this.followLayer)
      this.made = [] // of each grid: its name, where its cells lie, and their elements
    }
    const unused = [...this.made]
    this.made = scene.grids.map((g, n) => {
      const found = unused.findIndex((one) => one.name === g.n)
      const one = found < 0 ? this.#group(g.n) : unused.splice(found, 1)[0]
      if (one.lattice !== lattices[n]) this.#lay(one, g)
      return { ...one, lattice: lattices[n] }
    })
    unused.forEach(({ group }) => group.remove())
    this.made.forEach(({ group }, n) => {
      const { children } = this.cellLayer // what is put where it is already would be styled anew
      if (children[n] !== group) this.cellLayer.insertBefore(group, children[n] ?? null)
    })
    this.numbers.lay(scene.cells)
    this.noteLayer.replaceChildren()
    this.notes = new Map()
    this.shapeLayer.innerHTML = scene.shapes
      .map((s, n) => `<${s.c ? "polygon" : "polyline"} data-shape="${n}" class="r-${s.r}" points=""/>`)
      .join("")
    this.polygons = this.made.flatMap(({ cells }, n) => cells.slice(0, scene.grids[n].count))
    this.shapeNodes = [...this.shapeLayer.children]
    this.places = null
  }

  #group(name) {
    const group = document.createElementNS(NS, "g")
    group.dataset.grid = name
    return { name, group, cells: [] }
  }

  /** Lay a grid's cells out with the elements that there are; those of cells that there are no more stay, and show nothing:
   * new ones, and ones that are put in again, cost the most of a change. */
  #lay({ group, cells }, g) {
    const points = outlines(g)
    const before = cells.length
    while (cells.length < g.count) cells.push(document.createElementNS(NS, "polygon"))
    cells.forEach((polygon, i) => {
      const [mark, lies] = i < g.count ? [g.f + i, points[i]] : [-1, ""]
      if (polygon.mark !== mark) mark < 0 ? polygon.removeAttribute("data-m") : polygon.setAttribute("data-m", mark)
      if (polygon.lies !== lies) polygon.setAttribute("points", lies)
      Object.assign(polygon, { mark, lies })
    })
    group.append(...cells.slice(before))
  }

  #labels() {
    const layer = this.svg.querySelector(".labels")
    layer.replaceChildren(
      ...(this.laid ?? this.scene).labels.map(([role, x, y, text, align, size, about]) => {
        const node = document.createElementNS(NS, "text")
        node.setAttribute("class", `r-${role}`)
        node.setAttribute("x", x)
        node.setAttribute("y", y)
        node.setAttribute("font-size", size)
        if (align !== "middle") node.style.textAnchor = align
        if (about) node.dataset.ref = about
        node.textContent = text
        return node
      }),
    )
  }

  #class(mark) {
    const { scene } = this
    const state = scene.stateNames[this.states[mark]]
    const level = scene.levels[mark] >= 0 && scene.scales.includes(scene.roleNames[scene.roles[mark]]) ? ` l-${scene.levels[mark]}` : ""
    const tone = this.shades[mark] && state !== "pending" ? ` toned v-${this.shades[mark]}` : ""
    return `r-${scene.roleNames[scene.roles[mark]]}${state ? ` s-${state}` : ""}${level}${tone}`
  }

  /** fades: the cell has another colour gradually. In a new picture none does: a thousand of them at once would cost more
   * than all else of a change. */
  #repaint(mark, fades) {
    const name = this.#class(mark)
    const polygon = this.polygons[mark]
    if (polygon.shown !== name) {
      polygon.setAttribute("class", (polygon.shown = name))
      if (Boolean(polygon.fades) !== fades) polygon.toggleAttribute("data-fades", (polygon.fades = fades))
    }
    this.numbers.dress(mark, name)
    this.notes.get(mark)?.setAttribute("class", `corner ${name}`)
  }

  /** Show a step; shapes glide to their places within `glide` milliseconds. told: see `tell`; moment: how
  far the step has come; leap: shapes fade in at their places, and do not cross the picture; swift: nothing fades. */
  show(t, glide = 0, told = t, { moment = null, leap = false, swift = false } = {}) {
    const states = this.scene.statesAt(t)
    this.veil = moment && veil(this.scene, t, moment)
    for (const m of this.veil?.hidden ?? []) states[m] = this.scene.born[m] === t ? this.scene.pending : 0
    this.#paint(states, t, told, !swift)
    this.strokes.show(t)
    this.images.show(t, this.cell)
    this.#move(this.scene.pointsAt(t).map((points, n) => (moment && this.scene.shapes[n].l ? null : points)), still() || leap ? 0 : glide)
    const moves = this.t !== t
    this.t = t
    if (!moves || !glide || still()) return
    if (leap) this.shapeLayer.animate([{ opacity: 0 }, { opacity: 1 }], { duration: glide })
    this.noteLayer.animate([{ opacity: 0 }, { opacity: 0, offset: 0.7 }, { opacity: 1 }], { duration: glide }) // once the window has come
  }

  /** Tell of another step in cells that bear what is of one step alone. */
  tell(t, told) {
    this.#paint(this.states, t, told)
  }

  /** Give the cells their states, their tones and their texts. */
  #paint(states, t, told, fades = true) {
    const { scene } = this
    const before = this.fresh ? null : this.states
    const shades = this.#shadesAt(t, told)
    const changed = (m) => !before || before[m] !== states[m] || this.shades[m] !== shades[m]
    const marks = states.reduce((found, _, m) => (changed(m) && found.push(m), found), [])
    Object.assign(this, { states, shades, fresh: false })
    marks.forEach((m) => this.#repaint(m, fades && Boolean(before)))
    this.#tell(t, told)
    mark(this)
    tick(this, t)
  }

  #legible(g, texts) {
    if (this.laid) return seenAfar(this, g, texts)
    return legible(g, this.least && longest(this.scene)[this.scene.grids.indexOf(g)], this.cell, this.least)
  }

  /** The levels of the tones that are seen: on boards that always show them, and where no number can be read. */
  #shadesAt(t, told) {
    const tones = this.scene.tonesAt(t, told)
    if (told === t) for (const m of [...(this.veil?.hidden ?? []), ...(this.veil?.texts.keys() ?? [])]) tones[m] = 0
    this.toned = this.scene.grids.map((g) => Boolean(g.v) && (g.T > 0 || !this.#legible(g)))
    this.scene.grids.forEach((g, n) => this.toned[n] || tones.fill(0, g.f, g.f + g.count))
    return tones
  }

  /** Write what the cells bear at a step; texts that tell of one step alone tell of `told`. */
  #tell(t, told) {
    const { scene } = this
    const texts = scene.textsAt(t, told)
    if (told === t) {
      for (const m of this.veil?.hidden ?? []) texts[m] = ""
      for (const [m, text] of this.veil?.texts ?? []) texts[m] = text
    }
    if (this.least && this.sized !== this.cell) this.texts.fill(null) // written in another size
    this.sized = this.cell
    for (const g of scene.grids) {
      const legible = this.#legible(g, texts)
      for (let m = g.f; m < g.f + g.count; m++) {
        const text = legible && !scene.covered.has(m) ? texts[m] : ""
        if (this.texts[m] !== text) this.#write(m, text)
      }
    }
    this.numbers.written()
  }

  #write(mark, text) {
    this.texts[mark] = text
    if (!text && !this.numbers.has(mark)) return
    const g = this.scene.gridOf(mark)
    const [x, y] = this.scene.point(mark)
    const down = this.laid ? middleOf(this, g) - g.d[1] / 2 : 0
    const size = this.laid ? sizeOf(this, g) : round(height(g, this.cell, this.least))
    this.numbers.write(mark, text, { x: round(x), y: round(y + down), "font-size": size, class: this.#class(mark) })
  }

  /** Write these notes, {cell: text}, in the corners of their cells, and no others. */
  note(texts) {
    for (const [mark, node] of this.notes) if (!texts.has(mark)) (node.remove(), this.notes.delete(mark))
    for (const [mark, text] of texts) {
      const g = this.scene.gridOf(mark)
      const { size, place, align } = this.laid ? noteOf(this, g, mark) : this.#noted(mark, g, text)
      if (!(size * this.cell >= Math.max(NOTE.px, this.least - 0.01)) || this.scene.covered.has(mark)) {
        this.notes.get(mark)?.remove()
        this.notes.delete(mark)
        continue
      }
      const node = this.notes.get(mark) ?? this.#noteNode(mark)
      const said = { x: round(place[0]), y: round(place[1]), "font-size": round(size), style: `text-anchor:${align}` }
      for (const [name, value] of Object.entries(said)) node.setAttribute(name, value)
      if (node.textContent !== text) node.textContent = text
    }
  }

  /** How large a note is in its cell, where it stands, and which end of it. */
  #noted(mark, g, note) {
    const upright = g.a[1] === 0 && g.d[0] === 0
    const behind = (LETTER * (height(g, this.cell, this.least) / g.a[0]) * [...(this.texts[mark] ?? "")].length) / 2 + NOTE.after[0]
    const room = upright ? NOTE.widest : NOTE.room - behind
    const most = (g.a[0] * Math.max(room, 0)) / (LETTER * [...note].length)
    const raised = upright && g.a[0] * this.cell >= NOTED_PX ? this.least / this.cell : 0
    const size = Math.min(Math.max(NOTE.size * g.a[0], raised), most)
    const [x, y] = this.scene.point(mark, upright ? 0 : undefined)
    if (upright) return { size, place: [x + NOTE.end[0] * g.a[0], y + NOTE.end[1] * g.d[1]], align: "end" }
    return { size, place: [x + behind * g.a[0], y + NOTE.after[1] * g.a[0]], align: "start" }
  }

  #noteNode(mark) {
    const node = document.createElementNS(NS, "text")
    node.setAttribute("class", `corner ${this.#class(mark)}`)
    node.dataset.m = mark
    this.noteLayer.append(node)
    this.notes.set(mark, node)
    return node
  }

  #move(places, glide) {
    cancelAnimationFrame(this.frame)
    const from = this.places
    const start = performance.now()
    const draw = (share) => {
      this.places = places.map((points, n) => {
        const old = from?.[n]
        if (!points || !old || share >= 1) return points
        return points.map(([x, y], i) => [old[i][0] + (x - old[i][0]) * share, old[i][1] + (y - old[i][1]) * share])
      })
      this.places.forEach((points, n) => {
        const node = this.shapeNodes[n]
        node.setAttribute("visibility", points ? "visible" : "hidden")
        if (points) node.setAttribute("points", pointsText(points))
      })
    }
    const tick = (now) => {
      const share = Math.min(1, (now - start) / glide)
      draw(1 - (1 - share) ** 3)
      if (share < 1) this.frame = requestAnimationFrame(tick)
    }
    if (!glide || !from) draw(1)
    else tick(start)
  }

  /** Draw what is attended to over the picture, and nothing else of that kind: see `Marks.show`. */
  mark(attended) {
    this.marks.show(this.scene, this.cell, attended)
    this.strokes.follow(attended.links ?? new Map())
  }
}
