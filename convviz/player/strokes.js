// Curves and edges: lines that lie beside cells, or lead from one to another, as convviz/scene/strokes.py has them.
import { pointText, pointsText } from "./lattice.js"

const NS = "http://www.w3.org/2000/svg"
const middle = ([x1, y1], [x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2]

function made(layer, tag, name) {
  const node = layer.appendChild(document.createElementNS(NS, tag))
  node.setAttribute("class", name)
  return node
}

export class Strokes {
  /** layer: for all that is of a step; over: for the edges that are pointed at, above the veil. */
  constructor(layer, over) {
    this.layer = layer
    this.over = over
  }

  /** Take a new scene. */
  load(scene) {
    this.scene = scene
    this.layer.replaceChildren()
    this.over.replaceChildren()
    this.pointed = ""
    if (scene.edges.length) this.#edges(scene)
    this.curves = scene.curves.map(({ name, look, points }) => {
      const line = made(this.layer, "polyline", look)
      line.dataset.curve = name
      line.setAttribute("points", pointsText(points))
      return { line, dot: made(this.layer, "path", `${look} dot`) }
    })
  }

  #edges(scene) {
    const upper = (mark) => middle(scene.point(mark, 0), scene.point(mark, 1))
    const lower = (mark) => middle(scene.point(mark, 2), scene.point(mark, 3))
    this.lines = scene.edges.map(({ sources, targets }) => sources.map((source, n) => `M${pointText(upper(source))}L${pointText(lower(targets[n]))}`))
    made(this.layer, "path", "r-edge").setAttribute("d", this.lines.flat().join(""))
    this.followed = made(this.layer, "path", "r-path")
    this.attended = made(this.over, "path", "r-path")
  }

  /** The edges whose ends are both among some cells, as one line. */
  #among(cells) {
    return this.scene.edges
      .flatMap(({ sources, targets }, k) => this.lines[k].filter((_, n) => cells.has(sources[n]) && cells.has(targets[n])))
      .join("")
  }

  /** Show a step. */
  show(t) {
    const { edges, curves } = this.scene
    if (edges.length) this.followed.setAttribute("d", this.#among(new Set(edges.flatMap(({ track }) => track.at(t)))))
    curves.forEach(({ points, until, at: places }, n) => {
      const { line, dot } = this.curves[n]
      if (until) line.setAttribute("points", pointsText(points.slice(0, until[t])))
      const place = places ? places[t] : -1
      dot.setAttribute("d", place < 0 ? "" : `M${pointText(points[place])}h0`)
    })
  }

  /** Follow the edges between the cells that are lit, and no others. */
  follow(lit) {
    if (!this.scene.edges.length) return
    const pointed = lit.size > 1 ? this.#among(lit) : ""
    if (pointed !== this.pointed) this.attended.setAttribute("d", (this.pointed = pointed))
  }
}
