// What attention draws over the picture, in one layer and with few elements, however many cells there are: a veil that dims
// all that is not lit, one outline around each lit region, and the marks of single cells. A window's outline lies on the
// edges of cells; a lit region is outlined outside of them, and a single cell inside, so that no mark hides another.
import { alone, pointText, round } from "./lattice.js"

const NS = "http://www.w3.org/2000/svg"
const OUTSIDE = 0.07 // cells between a region and its outline: less than to a note in a corner
const LEAST_OUTSIDE = 2.2 // the same in pixels, where cells are small
const EDGE = 0.02 // cells that the veil leaves free around a region: half of a line
const AHEAD = [[1, 0], [0, 1], [-1, 0], [0, -1]] // right, down, left, up: a region lies to the right of its border
const DEEPEST = 4 // how many depths of a cone have a dimness of their own

const add = (map, key, value) => map.set(key, (map.get(key) ?? new Set()).add(value))

/** The borders of a region, as loops of corners [column, row, outwards across, outwards down]. Cells that touch at a corner
are of one region; cells: of a board with so many columns, by their number in it. */
export function borders(cells, columns) {
  const edges = new Map() // the corner where an edge begins: the directions in which edges go on from it
  const wide = columns + 1
  for (const cell of cells) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)]
    if (!cells.has(cell - columns)) add(edges, y * wide + x, 0)
    if (x === columns - 1 || !cells.has(cell + 1)) add(edges, y * wide + x + 1, 1)
    if (!cells.has(cell + columns)) add(edges, (y + 1) * wide + x + 1, 2)
    if (x === 0 || !cells.has(cell - 1)) add(edges, (y + 1) * wide + x, 3)
  }
  const gone = new Set()
  const loops = []
  for (const [start, ways] of edges) {
    for (const way of ways) if (!gone.has(start * 4 + way)) loops.push(followed(edges, start, way, wide, gone))
  }
  return loops
}

/** The loop that an edge belongs to; where two edges go on from a corner, the one that keeps what touches there together. */
function followed(edges, start, way, wide, gone) {
  const loop = []
  for (let at = start; !gone.has(at * 4 + way); ) {
    gone.add(at * 4 + way)
    at += AHEAD[way][0] + AHEAD[way][1] * wide
    const next = [(way + 3) % 4, way, (way + 1) % 4].find((one) => edges.get(at).has(one))
    if (next !== way) {
      const [[x1, y1], [x2, y2]] = [AHEAD[way], AHEAD[next]]
      loop.push([at % wide, Math.floor(at / wide), y1 + y2, -x1 - x2])
    }
    way = next
  }
  return loop
}

/** The path around cells of a scene, board by board, so many cells outside of them. */
export function around(scene, marks, outside) {
  const boards = new Map()
  for (const mark of marks) {
    if (scene.covered.has(mark)) continue // what lies before it is not lit with it
    const g = scene.gridOf(mark)
    if (g.h < 1) add(boards, alone(g, mark - g.f), 0)
    else add(boards, g, mark - g.f)
  }
  const loops = touching([...boards]).flatMap((group) => (group.length > 1 ? joined(group, outside) : loopsOf(group[0], outside)))
  return loops.map(closed).join("")
}

/** The borders of a board's cells, as far outside of them along both axes. */
function loopsOf([g, cells], outside) {
  const [across, down] = [g.a, g.d].map((v) => (outside * Math.min(Math.hypot(...g.a), Math.hypot(...g.d))) / Math.hypot(...v))
  return borders(cells, g.c).map((loop) => loop.map(([x, y, dx, dy]) => placed(g, x + dx * across, y + dy * down)))
}

const EPS = 1e-6
const near = (one, other) => Math.abs(one - other) < EPS

/** left, top, right and bottom of so many columns and rows of an upright board. */
const boxOf = ({ o, a, d }, x, y, columns, rows) => [o[0] + x * a[0], o[1] + y * d[1], o[0] + (x + columns) * a[0], o[1] + (y + rows) * d[1]]

/** Boards in groups: those that share an edge, as the columns of a table do, have one border around them. */
function touching(boards) {
  const whole = boards.map(([g]) => (g.a[1] || g.d[0] ? null : boxOf(g, 0, 0, g.c, g.r)))
  const group = boards.map((_, n) => n)
  for (let n = 1; n < boards.length; n++) {
    for (let m = 0; m < n; m++) {
      if (!whole[n] || !whole[m] || !edged(whole[n], whole[m])) continue
      const [from, to] = [group[n], group[m]]
      group.forEach((one, i) => one === from && (group[i] = to))
    }
  }
  return [...new Set(group)].map((one) => boards.filter((_, n) => group[n] === one))
}

/** Whether two boxes have a part of an edge in common. */
const edged = (one, other) => {
  const over = (i) => Math.min(one[i + 2], other[i + 2]) - Math.max(one[i], other[i])
  return [0, 1].some((i) => near(over(i), 0) && over(1 - i) > EPS)
}

/** The borders of cells of several boards, whose columns and rows may be of different sizes. */
function joined(group, outside) {
  const boxes = group.flatMap(([g, cells]) => [...cells].map((cell) => boxOf(g, cell % g.c, Math.floor(cell / g.c), 1, 1)))
  const [xs, ys] = [0, 1].map((i) => {
    const all = boxes.flatMap((box) => [box[i], box[i + 2]]).sort((a, b) => a - b)
    return all.filter((v, n) => !n || !near(v, all[n - 1]))
  })
  const [wide, region] = [xs.length - 1, new Set()]
  for (const [left, top, right, bottom] of boxes) {
    const [x0, x1] = [left, right].map((v) => xs.findIndex((x) => near(x, v)))
    const [y0, y1] = [top, bottom].map((v) => ys.findIndex((y) => near(y, v)))
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) region.add(y * wide + x)
  }
  const by = outside * Math.min(...group.map(([g]) => g.d[1]))
  return borders(region, wide).map((loop) => loop.map(([x, y, dx, dy]) => [xs[x] + dx * by, ys[y] + dy * by]))
}

const placed = ({ o, a, d }, x, y) => [o[0] + x * a[0] + y * d[0], o[1] + x * a[1] + y * d[1]]
const line = (points) => `M${points.map(pointText).join("L")}`
const closed = (points) => `${line(points)}Z`

/** The corners of a parallelogram, moved outwards. */
function grown(corners, outside) {
  const unit = ([x1, y1], [x2, y2]) => [x2 - x1, y2 - y1].map((v) => v / Math.hypot(x2 - x1, y2 - y1))
  const [u, v] = [unit(corners[0], corners[1]), unit(corners[0], corners[3])]
  const signs = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
  return corners.map(([x, y], n) => [0, 1].map((i) => [x, y][i] + outside * (signs[n][0] * u[i] + signs[n][1] * v[i])))
}

/** What two parallelograms on one lattice have in common, as a list of none or one. */
function common([one, other]) {
  if (!other) return []
  const at = ([x, y]) => [x - one[0][0], y - one[0][1]]
  const [a, b] = [at(one[1]), at(one[3])]
  const size = a[0] * b[1] - a[1] * b[0]
  const along = ([x, y]) => [(x * b[1] - y * b[0]) / size, (a[0] * y - a[1] * x) / size]
  const [first, last] = [along(at(other[0])), along(at(other[2]))]
  const low = first.map((v) => Math.max(v, 0))
  const high = last.map((v) => Math.min(v, 1))
  if (low[0] >= high[0] || low[1] >= high[1]) return []
  const back = (u, v) => [0, 1].map((i) => one[0][i] + u * a[i] + v * b[i])
  return [[back(low[0], low[1]), back(high[0], low[1]), back(high[0], high[1]), back(low[0], high[1])]]
}

/** Where the shapes of a role lie at a step, or at the nearest step that has them: those that lie around cells, with four
corners; a ring within a cell is told of by its cell. */
function shapesNear(scene, role, t) {
  const frames = scene.shapes.map((shape) => shape.r === role && shape.p.length === 4)
  if (!frames.includes(true)) return []
  for (let by = 0; by < scene.steps; by++) {
    for (const at of [t + by, t - by]) {
      if (at < 0 || at >= scene.steps) continue
      const found = scene.pointsAt(at).filter((points, n) => points && frames[n])
      if (found.length) return found
    }
  }
  return []
}

/** Lines inside of one cell, by the places of their points in it. */
const inside = (scene, mark, ...lines) => {
  const g = scene.gridOf(mark)
  const cell = alone(g, mark - g.f)
  return lines.map((points) => line(points.map(([dx, dy]) => placed(cell, dx, dy)))).join("")
}

const box = (by) => [[by, by], [1 - by, by], [1 - by, 1 - by], [by, 1 - by], [by, by]]
const ZIGZAG = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => [0.12 + 0.095 * n, n % 2 ? 0.82 : 0.92])
const CHECK = [[0.6, 0.29], [0.68, 0.38], [0.84, 0.16]]
const CROSS = [[[0.68, 0.17], [0.83, 0.32]], [[0.83, 0.17], [0.68, 0.32]]]
const OPEN = [[0.6, 0.87], [0.13, 0.87], [0.13, 0.13], [0.87, 0.13], [0.87, 0.68]] // the given number stands in its corner
const FLAG = [[0.1, 0.1], [0.4, 0.1], [0.1, 0.4]]
const CARET = [[[0.74, 0.26], [0.86, 0.26]], [[0.8, 0.26], [0.8, 0.74]], [[0.74, 0.74], [0.86, 0.74]]]
const path = (name, d) => `<path class="${name}" d="${d}"/>`
const marked = (name, d) => path("under", d) + path(name, d) // seen on any tone

/** What is drawn in a single cell, by the kind of its mark. */
const SINGLE = {
  hover: (scene, mark) => marked("r-hover", inside(scene, mark, box(0.09))),
  twin: (scene, mark) => marked("r-hover", inside(scene, mark, box(0.09))),
  pin: (scene, mark) => marked("r-pin", inside(scene, mark, box(0.1))) + path("r-pin flag", inside(scene, mark, FLAG)),
  edit: (scene, mark) => marked("r-edit", inside(scene, mark, box(0.11))) + path("r-edit caret", inside(scene, mark, ...CARET)),
  error: (scene, mark) => marked("r-error", inside(scene, mark, box(0.07), ZIGZAG)),
  chosen: (scene, mark) => marked("r-chosen", inside(scene, mark, box(0.13))),
  hit: (scene, mark) => marked("r-hit", inside(scene, mark, box(0.13), CHECK)),
  miss: (scene, mark) => marked("r-miss", inside(scene, mark, OPEN, ...CROSS)),
  left: (scene, mark) => marked("r-left", inside(scene, mark, box(0.13))),
}

/** The outline of as many rows and columns as were guessed, over a board of which so many are right. */
function guessed(scene, { grid, size, right }) {
  const [g, n] = [scene.grids[grid], Math.max(size, 0)]
  const rows = g.r === 1 ? 1 : n
  const [left, top] = g.c === right ? [0, 0] : [(g.c - n) / 2, (g.r - rows) / 2] // around what is cropped
  return path("r-guess", closed([[0, 0], [n, 0], [n, rows], [0, rows]].map(([x, y]) => placed(g, left + x, top + y))))
}

export class Marks {
  constructor(layer) {
    this.layer = layer
    this.veil = document.createElementNS(NS, "path")
    this.veil.setAttribute("class", "veil")
    this.drawn = document.createElementNS(NS, "g")
    layer.replaceChildren(this.veil, this.drawn)
  }

  /** Draw what is attended to: lit, {cell: its depth in the cone}, and the shapes of a role at a step; dims: whether the rest
  is dimmed; single: {kind of mark: its cell}; many: {kind of mark: its cells}; guess: a size that was guessed of a board. The
  size of a cell is in pixels. */
  show(scene, size, { lit, role = "", t = 0, dims = true, single = {}, many = {}, guess = null }) {
    const cells = [...lit.keys()]
    const shapes = shapesNear(scene, role, t)
    const any = cells.length > 0 || shapes.length > 0
    const border = (outside) => around(scene, cells, outside) + shapes.map((one) => closed(grown(one, outside))).join("")
    const free = shapes.map((one) => grown(one, EDGE))
    const twice = common(free).map(closed).join("") // what lies in both is free as well
    if (any) this.veil.setAttribute("d", covered(scene) + border(EDGE) + twice)
    this.veil.classList.toggle("on", any && dims)
    const outline = any ? path("r-lit", border(Math.max(OUTSIDE, LEAST_OUTSIDE / Math.max(size, 1)))) : ""
    const singles = Object.entries(single).filter(([, mark]) => mark !== null && mark !== undefined)
    const html = (dims ? deeper(scene, lit) : "") + shapes.map((one) => path(`r-${role}`, closed(one))).join("") + outline
      + Object.entries(many).flatMap(([kind, marks]) => marks.map((mark) => SINGLE[kind](scene, mark))).join("")
      + (guess ? guessed(scene, guess) : "") + singles.map(([kind, mark]) => SINGLE[kind](scene, mark)).join("")
    if (html !== this.html) this.drawn.innerHTML = this.html = html
    this.layer.style.setProperty("--pixel", `${round(1 / size)}px`)
  }
}

/** All of the picture, which the veil covers but for what is lit. */
function covered({ box: [left, top, right, bottom] }) {
  return closed([[left - 1, top - 1], [right + 1, top - 1], [right + 1, bottom + 1], [left - 1, bottom + 1]])
}

/** What lies deeper in a cone is dimmed a little, but less than the rest. */
function deeper(scene, lit) {
  const depths = new Map()
  for (const [mark, depth] of lit) if (depth > 1) add(depths, Math.min(depth, DEEPEST), mark)
  return [...depths].map(([depth, marks]) => path(`veil d-${depth}`, around(scene, marks, EDGE))).join("")
}
