// A picture laid out anew for the room that there is: its blocks beside and under one another, as words in a text, each as
// large as its numbers need. It knows boards, labels and lines, and nothing of what they show.
import { placed } from "./block.js"
import { fold } from "./fold.js"
import { column } from "./packed.js"
import { MARGIN } from "./stage.js"

const SIZES = Array.from({ length: 24 }, (_, n) => 44 * 0.9 ** n) // pixels a cell that are tried, the largest first
const WIDER = [1, 1.25, 1.5, 1.75, 2, 2.5, 3] // how much wider than its room a picture may be that is to be scrolled
const GAP = 14 // pixels between two blocks of a row, and where a sign stands between them
const SIGN = 28
const FIRST = 20 // pixels for a sign before the first block of a row
const DOWN = 10 // pixels between two rows
const UNIT = [14, 30] // the least and the most pixels of what lines are drawn in

/** Lay a scene out in so many pixels; returns how many of them are one unit of it, and how high it is. */
export function flow(scene, room, height) {
  remember(scene)
  scene.seen = room
  const { rows, size, width } = arranged(scene, room, height)
  const unit = Math.max(UNIT[0], Math.min(UNIT[1], size))
  const high = total(rows)
  const marks = { grids: [], labels: [], curves: [], legends: [] }
  let top = 0
  for (const row of rows) {
    let left = Math.max(0, (width - row.wide) / 2)
    row.blocks.forEach((block, i) => {
      const n = row.from + i
      const sign = scene.asDrawn.labels[scene.blocks[n].sign]
      const free = before(scene, n, row.from)
      if (sign) marks.labels.push(word(sign, left + free / 2, top + row.mid, unit, i > 0))
      left += free
      block.put(marks, left, top + row.mid - block.mid, unit)
      left += block.wide
    })
    top += row.high + DOWN
  }
  const end = Math.max(height, high)
  put(scene, marks, [MARGIN, MARGIN, width / unit - MARGIN, end / unit - MARGIN])
  return { unit, high: end, wide: width }
}

/** Lay a scene out as it was drawn. */
export function unflow(scene) {
  if (!scene.asDrawn) return
  const { curves, box, ...marks } = scene.asDrawn
  put(scene, { ...marks, curves: curves.map(({ points }) => points) }, box)
}

/** What its blocks are, and where its marks were drawn. */
function remember(scene) {
  if (scene.asDrawn) return
  const { wire, grids, labels, curves, legends, box } = scene
  scene.asDrawn = { grids: grids.map((g) => ({ ...g })), labels, curves: curves.map((one) => ({ ...one })), legends, box }
  scene.blocks = wire.blocks.map(([g, l, c, sign, begins, folds]) => ({ grids: column(g), labels: column(l), curves: column(c), sign, begins, folds }))
}

function put(scene, { grids, labels, curves, legends }, box) {
  grids.forEach(({ o, a, d, s, h, w, p }, n) => Object.assign(scene.grids[n], { o, a, d, s, h, w, p }))
  curves.forEach((points, n) => (scene.curves[n].points = points))
  Object.assign(scene, { labels, legends, box })
}

/** A sign in its place; one that leads down leads on within a row. */
const word = ([role, , , text, , , about], x, y, unit, within) => [role, x / unit, y / unit, within && text === "↓" ? "→" : text, "middle", 16 / unit, about]
const total = (rows) => rows.reduce((sum, row) => sum + row.high + DOWN, -DOWN)

/** The sizes of the blocks and their rows, the cells of large boards as large as can be. A picture that is to be scrolled
 *  is as wide as its numbers need, and so is a table that is folded. */
function arranged(scene, room, height) {
  const scale = fold?.(scene, room, height) // a page of its own without a table has no such module
  if (scale) {
    const { rows } = squeezed(scene, room)
    return { rows, size: scale, width: Math.max(room, ...rows.map(({ wide }) => wide)) }
  }
  for (const wider of scene.wire.scrolls ? WIDER : []) {
    const found = inRoom(scene, wider * room, height, [scene.least])
    if (found && found.rows.every((row) => row.blocks.every((one) => one.legible === one.of.boards.length))) return found
  }
  return inRoom(scene, room, height, [scene.least, 0]) ?? squeezed(scene, room)
}

function inRoom(scene, width, height, leasts) {
  for (const least of leasts) { // first with all small boards as large as their numbers need
    const tried = (size) => {
      const rows = inRows(scene, (n, alone) => placed(scene, scene.blocks[n], { size, least, room: width, alone }), width)
      return rows && total(rows) <= height ? { rows, size, width } : null
    }
    let [found, low, high] = [null, 0, SIZES.length - 1]
    while (low <= high) { // the larger, the higher
      const middle = (low + high) >> 1
      const one = tried(SIZES[middle])
      if (one) [found, high] = [one, middle - 1]
      else low = middle + 1
    }
    if (found) return found
  }
  return null
}

/** Where there is no room at all: as small as can be, and to be scrolled. */
function squeezed(scene, width) {
  const size = SIZES.at(-1)
  return { rows: inRows(scene, (n, alone) => placed(scene, scene.blocks[n], { size, least: 0, room: width, alone }), Infinity), size, width }
}

/** The rows of the least height in all; null where a block is wider than there is room. of(n, alone): block n, alone in
 *  its row or not. */
function inRows(scene, of, width) {
  const best = [{ high: 0, rows: [] }]
  for (let to = 1; to <= scene.blocks.length; to++) {
    best[to] = null
    for (let from = to - 1; from >= 0; from--) {
      const row = oneRow(scene, of, from, to)
      if (row.wide > width + 0.5 && from < to - 1) break
      const high = row.wide <= width + 0.5 && best[from] && best[from].high + row.high + DOWN
      if (high && (!best[to] || high < best[to].high - 0.5)) best[to] = { high, rows: [...best[from].rows, row] }
      if (scene.blocks[from].begins) break
    }
  }
  return best[scene.blocks.length]?.rows ?? null
}

function oneRow(scene, of, from, to) {
  const row = { from, wide: 0, mid: 0, high: 0, blocks: [] }
  let rest = 0
  for (let n = from; n < to; n++) {
    const block = of(n, to - from === 1)
    row.blocks.push(block)
    row.wide += block.wide + before(scene, n, from)
    row.mid = Math.max(row.mid, block.mid)
    rest = Math.max(rest, block.high - block.mid)
  }
  return { ...row, high: row.mid + rest }
}

/** Pixels before a block in a row that begins with another one, or with it. */
const before = (scene, n, from) => (scene.blocks[n].sign >= 0 ? (n === from ? FIRST : SIGN) : n === from ? 0 : GAP)
