// A table on a small screen: its columns are as wide as what they bear, and where a row has no room in one line, it takes
// several. A column that has no line then becomes one of no width at the table's end.
import { LETTER, longest, textWidth } from "./legible.js"
import { broken } from "./lines.js"

const LINE = [14, 20] // the least and the most pixels that a line is high
const AROUND = { heads: 48, words: 42 } // pixels that is kept for the heads, and for each of the words over and under a table
const BETWEEN = 3 // pixels from one row of several lines to the next
const LARGEST = [13, 0.82] // the most pixels of a number's letters, and the most of its line that they take
const FULL = 1.05 // the most of its cell that a number takes, by LETTER, which is more than it takes
const EASY = 0.96 // the same where letters are larger than the least
const WORD = 11.5 // pixels of the letters of a column's head
const HALF = 0.62 // of a head in two lines: how wide the wider one may be
const SHORT = 24 // pixels of a head that stays in one line where there is room
const APART = { easy: 4, tight: 2.5 } // pixels from one head to the next, and where there is little room
const HEAD = { first: 0.5, line: 0.62, within: 0.8 } // in rows as drawn: how far heads are over the table, and over one another
const PLAIN = 9 // pixels of a column that bears nothing
const BESIDE = 6 // pixels between the table and a board beside it
const EDGE = 2 // pixels that stay free at both sides, for outlines
const GONE = 1e-4 // pixels of a column that has no line

/** Fold the tables of a scene for so much room; returns how many pixels one unit of them is then, if there are any. */
export function fold(scene, room, height) {
  const tables = scene.blocks.filter((block) => block.folds)
  for (const block of tables) Object.assign(block, { folded: folded(scene, block, room, height / tables.length), known: null })
  return tables[0]?.folded.scale
}

/** The boards and words of a table as they are drawn, but folded; reach: the box around it and what stands at its left. */
function folded(scene, block, room, height) {
  const { grids: drawn, labels } = scene.asDrawn
  const least = scene.least
  const size = Math.max(...block.grids.map((n) => drawn[n].s))
  const all = { ...parts(block), drawn, scale: least / size, labels: block.labels.map((n) => labels[n]) }
  all.box = around(drawn, all.within)
  const alike = (n) => longest(scene).filter((_, m) => drawn[m].n === drawn[n].n)
  all.bears = new Map(block.grids.map((n) => [n, (Math.max(...alike(n)) * LETTER * least) / FULL]))
  const [one, ...several] = all.ways
  const ways = [[one, SHORT], ...several.flatMap((lines) => [[lines, SHORT], [lines, 0]])]
  const tried = ways.map(([lines, short]) => columns({ ...all, lines, short }, room - 2 * EDGE))
  const found = tried.find(({ fits }) => fits) ?? tried.at(-1)
  const table = { ...found, ...rows(found, height) }
  const { bears, places, scale, high } = table
  const wide = [...places].filter(([n, place]) => bears.get(n) && place.wide > GONE)
  const grown = Math.min(Math.min(LARGEST[0], LARGEST[1] * high) / least, ...wide.map(([n, place]) => (place.wide / bears.get(n)) * (EASY / FULL)))
  const grids = []
  for (const [n, place] of places) grids[n] = laid(table, drawn[n], place, size * Math.max(1, grown))
  const whole = around(grids, all.within)
  const reach = [whole[0] - table.left / scale, ...whole.slice(1)]
  return { grids, texts: words(table, grids, reach), scale, reach }
}

/** How many pixels a line of a row is high, and how far apart the rows are. */
function rows(table, height) {
  const { lines, drawn, before, labels } = table
  const between = lines.length > 1 ? BETWEEN : 0
  const others = labels.filter((label) => under(table, label) === undefined)
  const around = AROUND.heads + AROUND.words * others.length
  const free = ((height - around) / drawn[before[0]].r - between) / lines.length
  const line = Math.max(LINE[0], Math.min(LINE[1], free))
  return { high: line, pitch: line * lines.length + between }
}

/** The boards before the lines of a row, and those after them. ways: the lines between them, first all in one; within: the
 *  boards of the table itself. */
function parts({ folds, grids }) {
  const [first] = folds[0]
  const common = first.filter((n) => folds.flat().every((line) => line.includes(n)))
  const own = first.find((n) => !common.includes(n))
  const [before, after] = [common.filter((n) => n < own), common.filter((n) => n > own)]
  const within = grids.filter((n) => !after.includes(n))
  const between = folds.map((lines) => lines.map((line) => line.filter((n) => !common.includes(n))))
  return { before, after, within, ways: [[within.filter((n) => !before.includes(n))], ...between] }
}

/** left, top, right, bottom of upright boards. */
function around(grids, numbers) {
  const boxes = numbers.map((n) => grids[n]).map(({ o, a, d, r, c, h }) => [o[0], o[1], o[0] + c * a[0], o[1] + (r - 1 + h) * d[1]])
  return [Math.min, Math.min, Math.max, Math.max].map((end, i) => end(...boxes.map((box) => box[i])))
}

/** A table with its places: where each board begins and how wide it is, in pixels, and in which line it is, -1 for all of
 *  them and none beside the table; left: the room left of it; near: how much nearer than usual lines stand there. */
function columns(table, room) {
  const { before, after, within, lines, drawn, short } = table
  const sum = (list) => list.reduce((all, n) => all + wanted(table, n), 0)
  const [first, needed] = [sum(before), Math.max(...lines.map(sum))]
  const free = room - first - sum(after) - BESIDE * after.length
  const aside = beside(table, first)
  const left = Math.max(aside.word, short ? aside.lines : Math.min(aside.lines, free - needed))
  const wide = Math.max(free - left, needed)
  const places = new Map()
  const put = (list, from, line, more = 0) => {
    for (const n of list) {
      places.set(n, { x: from, wide: wanted(table, n) + more, line })
      from += wanted(table, n) + more
    }
  }
  for (const n of within) places.set(n, { x: first + wide, wide: GONE, line: -1 }) // those that have no line
  put(before, 0, -1)
  lines.forEach((list, line) => put(list, first, line, (wide - sum(list)) / list.length))
  put(after, first + wide + BESIDE)
  return { ...table, places, left, near: aside.lines && Math.min(1, left / aside.lines), fits: needed <= free - left }
}

const apart = ({ short }) => (short ? APART.easy : APART.tight)

/** A head in as few lines as there must be, none much longer than the others. */
function evenly(text, wide) {
  const [fewest, even] = [wide, Math.min(wide, HALF * textWidth(text, WORD))].map((most) => broken(text, WORD, most))
  return fewest.length > 1 && even.length === fewest.length ? even : fewest
}

/** The least pixels of a board of the table. */
function wanted(table, n) {
  const { bears, drawn, labels, short } = table
  const head = (text) => broken(text, WORD, Math.max(short, HALF * textWidth(text, WORD))).map((one) => textWidth(one, WORD))
  const heads = labels.filter((label) => under(table, label) === n).flatMap(([, , , text]) => head(text))
  return Math.max(bears.get(n), drawn[n].c * Math.max(PLAIN, ...heads.map((one) => one + apart(table))))
}

/** The pixels of what stands left of the table, whose first boards are so wide: of lines, and of the word over their middle. */
function beside(table, wide) {
  const { labels, drawn, box, before } = table
  const by = wide / before.reduce((all, n) => all + drawn[n].c * drawn[n].a[0], 0)
  const found = labels.filter((label) => isBeside(label, box)).map(([, x, , text]) => [2 * (box[0] - x) * by, textWidth(text, WORD) + apart(table)])
  return { lines: Math.max(0, ...found.map(([lines]) => lines)), word: Math.max(0, ...found.map(([, word]) => word)) }
}

const isBeside = ([, x, , , align], box) => align === "middle" && x < box[0]

/** A board in its place, with letters of a size; one of a line is as high as the line. */
function laid({ lines, box, scale, near, high, pitch }, g, { x, wide, line }, size) {
  const across = wide / scale / g.c
  const o = [box[0] + x / scale, box[1] + ((g.o[1] - box[1]) * pitch + Math.max(line ?? 0, 0) * high) / scale]
  const h = line === undefined ? 1 : ((line < 0 ? lines.length : 1) * high) / pitch
  return { ...g, o, a: [across, 0], d: [0, (g.d[1] * pitch) / scale], h, w: near, s: wide > GONE ? size : GONE, p: (g.p * across) / g.a[0] }
}

/** The board of the table that a word is the head of. */
function under({ drawn, box, within, after }, [, x, y]) {
  if (y >= box[1] || y < box[1] - HEAD.within) return undefined
  return [...within, ...after].find((n) => drawn[n].o[0] < x && x < drawn[n].o[0] + drawn[n].c * drawn[n].a[0])
}

/** The words around the table: heads over their columns, those of each line over those of the next one. */
function words(table, grids, reach) {
  const { drawn, scale, box, lines, places, labels } = table
  const of = labels.map((label) => [label, under(table, label)])
  const heads = of.filter(([, n]) => n !== undefined && places.get(n).wide > GONE).map(([label, n]) => {
    const line = lines.findIndex((list) => list.includes(n))
    return { label, n, line: line < 0 ? lines.length - 1 : line, pieces: evenly(label[3], grids[n].a[0] * scale - apart(table) + 0.1) }
  })
  const high = lines.map((_, line) => Math.max(0, ...heads.filter((one) => one.line === line).map(({ pieces }) => pieces.length)))
  const from = (line) => high.slice(line).reduce((all, count) => all + count, 0) // lines of heads from this one down
  const level = (n) => box[1] - HEAD.first - HEAD.line * n
  const over = heads.flatMap(({ label, n, line, pieces }) => {
    const x = grids[n].o[0] + ((label[1] - drawn[n].o[0]) / drawn[n].a[0]) * grids[n].a[0]
    return pieces.map((text, i) => put(label, x, level(from(line + 1) + pieces.length - 1 - i), text))
  })
  const others = of.filter(([, n]) => n === undefined).map(([label]) => {
    if (isBeside(label, box)) return put(label, (reach[0] + box[0]) / 2, level(0))
    const x = label[4] === "middle" ? (reach[0] + reach[2]) / 2 : reach[0]
    return put(label, x, label[2] < box[1] ? label[2] - HEAD.line * (from(0) - 1) : label[2] + reach[3] - box[3])
  })
  return [...over, ...others]
}

/** A word in its place. */
const put = ([role, , , text, align, size, about], x, y, said = text) => [role, x, y, said, align, size, about]
