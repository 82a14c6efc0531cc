// One block of a picture: its boards in a scale of their own, and its words around them in letters that can be read.
import { known, spread } from "./extents.js"
import { need, textWidth } from "./legible.js"
import { apart, broken, free } from "./lines.js"

const WORDS = { title: [12, 14], sign: [12, 18], axis: [11.5, 13] } // the least and the most pixels of a word's letters
const LINE = 1.3 // the height of a line of words, as a share of their letters'
const FREE = 0.5 // units that stay free between rows of boards
const CLOSE = 1 // units above a board within which a word is about it
const NEAR = 0.3 // units within which words stand in one line
const ASIDE = 0.3 // the most of the room that words beside the rows of a board may take
const HALF = 0.43 // of the room: how wide a title may be over a narrower board, so that two blocks stand in one row
const CHART = 22 // pixels a unit of what has no cells: lines and their axes
const BESIDE = 6 // pixels between a board and the words beside it
const CELL = 44 // the most pixels of a cell
const BAR = { high: 7, numbers: 11.5, gap: 4, least: 84, most: 140 } // of a scale of tones, in pixels
const FIRM = 0.45 // the most of the room's width that a board is high for the sake of its numbers

/** A block with cells of a size where nothing asks for another one: {wide, high, mid, put}; mid: where the middle of its
 *  boards is. least: the pixels that its numbers have at least, 0 where they may be left out; alone: nothing stands beside
 *  it. */
export function placed(scene, block, how) {
  const of = known(scene, block)
  const key = Object.values(how).join()
  if (!of.sizes.has(key)) of.sizes.set(key, sized(scene, of, how))
  return of.sizes.get(key)
}

function sized(scene, of, how) {
  const beside = scaled(scene, of, how, ASIDE * how.room)
  if (!how.least || !beside.aside || beside.legible === of.boards.length) return beside
  const over = scaled(scene, of, how, 0) // words beside its rows take the room that numbers need
  return over.legible > beside.legible ? over : beside
}

/** aside: the most pixels for words beside the boards; where they take more, they stand above their rows. */
function scaled(scene, of, { size, least, room, alone }, aside) {
  if (of.scale) return new Placing(scene, of, { scale: of.scale, room, aside, alone })
  const { boards, widest } = of
  const wanted = boards.length ? Math.max(...boards.map(({ g, letters }) => (letters ? need(g, letters, least) : 0))) : CHART
  const firm = least && wanted && new Placing(scene, of, { scale: wanted, room, aside, alone }).downs <= FIRM * room ? wanted : 0
  let scale = Math.max(Math.min(size, widest ? CELL / widest : size), firm)
  let made = new Placing(scene, of, { scale, room, aside, alone })
  for (let n = 0; n < 4 && made.wide > room + 0.5 && made.across > 0; n++) {
    const free = room - (made.wide - made.across)
    scale *= free > 0 ? Math.max(0.5, free / made.across) : 0.5
    made = new Placing(scene, of, { scale, room, aside, alone })
  }
  return made
}

class Placing {
  constructor(scene, of, { scale, room, aside, alone }) {
    Object.assign(this, { scene, of, scale, room, alone, most: aside })
    const { box } = of
    this.across = (box[2] - box[0]) * scale
    this.rises = [] // [unit, pixels]: room for words that is put in above what lies there
    this.texts = []
    if (!scene.edges.length) this.#tighten()
    const sides = this.#sorted()
    this.left = this.#aside(sides.left, -1)
    this.right = this.#aside(sides.right, 1)
    this.#between(sides.inside)
    this.#behind()
    this.head = this.#lines(sides.above.flatMap((label) => this.#split(label, -1)).reverse())
    this.foot = this.#lines(sides.below.flatMap((label) => this.#split(label, 1)))
    this.#scales()
    const down = this.y(box[3])
    this.head.forEach((line) => (line.y = -line.to))
    this.foot.forEach((line) => (line.y = down + line.to))
    const high = (lines) => lines.at(-1)?.end ?? 0
    this.top = high(this.head)
    this.mid = this.top + down / 2
    this.high = this.top + down + high(this.foot) + (this.bars.length ? this.barRows * (BAR.high + BAR.numbers * LINE + BAR.gap) : 0)
    const spans = [...this.head, ...this.foot].flatMap((line) => line.texts).concat(this.texts, this.bars)
    const least = Math.min(-this.left, ...spans.map((word) => word.from))
    const most = Math.max(this.across + this.right, ...spans.map((word) => word.to))
    this.start = -least
    this.wide = most - least
    this.legible = of.boards.filter(({ g, letters }) => !letters || this.scale >= need(g, letters, scene.least) - 0.01).length
    this.downs = down
  }

  /** Leave out most of what is free between rows of boards, where nothing is written. */
  #tighten() {
    const spans = [...this.of.boards, ...this.of.lines].map(({ box }) => [box[1], box[3]])
    const [, top, , bottom] = this.of.box
    const texts = this.of.texts.filter(([, , y]) => top < y && y < bottom).map(([, , y, , , size]) => [y - size / 2, y + size / 2])
    let end = Infinity
    for (const [from, to] of [...spans, ...texts].sort((a, b) => a[0] - b[0])) {
      if (from - end > FREE) this.rises.push([from, -(from - end - FREE) * this.scale])
      end = Math.max(end === Infinity ? to : end, to)
    }
  }

  x(at) {
    return (at - this.of.box[0]) * this.scale
  }

  /** Where what lies at a height comes to lie; `above`: under the room that is put in there. */
  y(at, above = false) {
    const put = this.rises.filter(([from]) => from < at - 1e-6 || (!above && from < at + 1e-6)).reduce((sum, [, by]) => sum + by, 0)
    return (at - this.of.box[1]) * this.scale + put
  }

  #letters([role, , , , , size]) {
    const [least, most] = WORDS[role] ?? WORDS.axis
    return Math.min(most, Math.max(least, size * this.scale))
  }

  /** A word in its place: from where to where it goes, in pixels from the left of the boards. */
  #word(label, x = this.x(label[1]), align = label[4]) {
    const letters = this.#letters(label)
    const wide = textWidth(label[3], letters)
    const from = x - wide * { start: 0, middle: 0.5, end: 1 }[align]
    return { label, x, align, letters, from, to: from + wide, wide }
  }

  /** The words by where they stand: around the boards, or between them. */
  #sorted() {
    const [left, top, right, bottom] = this.of.box
    const found = { above: [], below: [], left: [], right: [], inside: [] }
    for (const label of this.of.texts) {
      const [, x, y, , align] = label
      const level = y > top && y < bottom
      const side = y <= top ? "above" : y >= bottom ? "below" : align === "end" && x <= left + NEAR ? "left" : align === "start" && x >= right - NEAR ? "right" : "inside"
      found[level || side === "above" || side === "below" ? side : "inside"].push(label)
    }
    for (const one of Object.values(found)) one.sort((a, b) => a[2] - b[2] || a[1] - b[1])
    return found
  }

  /** Words beside the boards; where they are too wide, each stands above its row. Returns how much room they take. */
  #aside(labels, way) {
    if (!labels.length) return 0
    const wide = Math.max(...labels.map((label) => this.#word(label).wide))
    const rows = new Set(labels.map((label) => this.#row(label)))
    if (wide <= this.most || rows.size < labels.length || rows.has(undefined)) {
      this.aside = rows.size === labels.length && !rows.has(undefined)
      for (const label of labels) this.texts.push({ ...this.#word(label, way < 0 ? -BESIDE : this.across + BESIDE), level: label[2] })
      return wide + BESIDE
    }
    for (const label of labels) {
      const row = this.#row(label)
      this.#rise(row.box[1], this.#letters(label) * LINE)
      const word = way < 0 ? this.#word(label, this.x(row.box[0]), "start") : this.#word(label, this.across, "end")
      this.texts.push({ ...word, over: row.box[1] })
    }
    return 0
  }

  /** The board beside whose middle a word stands. */
  #row(label) {
    return this.of.boards.find(({ box }) => box[1] <= label[2] && label[2] <= box[3])
  }

  /** Put in room above what lies at a height, unless there is as much already. */
  #rise(at, pixels) {
    const ends = this.of.boards.map(({ box }) => box[3]).filter((end) => end <= at + 1e-6)
    const free = ends.length ? (at - Math.max(...ends)) * this.scale : 0
    const known = this.rises.find(([from]) => Math.abs(from - at) < 1e-3)
    const by = Math.max(0, pixels - free)
    if (known) known[1] = Math.max(known[1], by)
    else if (by) this.rises.push([at, by])
  }

  /** Words between boards: under one, or above the next. */
  #between(labels) {
    for (const label of labels) {
      const word = this.#word(label)
      const [x, y] = [label[1], label[2]]
      const near = this.of.boards.filter(({ box }) => box[0] <= x + NEAR && x - NEAR <= box[2])
      const next = near.filter(({ box }) => box[1] >= y).sort((a, b) => a.box[1] - b.box[1])[0]
      const over = near.filter(({ box }) => box[3] <= y).sort((a, b) => b.box[3] - a.box[3])[0]
      if (label[0] === "sign" || !next || !over || next.box[1] - y > CLOSE) this.texts.push({ ...word, level: y })
      else {
        this.#rise(next.box[1], word.letters * LINE)
        this.texts.push({ ...word, over: next.box[1] })
      }
    }
  }

  /** A text as it stands in lines of which none is wider than the room; the first of them above the others. */
  #split(label, way) {
    const [role, x, y, text, , size, about] = label
    const letters = this.#letters(label)
    const most = this.alone ? Math.min(this.room, this.scene.seen) : Math.max(Math.min(this.across, this.scene.seen), HALF * this.room)
    const lines = broken(text, letters, most)
    if (lines.length === 1) return [label]
    const at = (n) => y + way * 1.05 * NEAR * (way < 0 ? lines.length - 1 - n : n)
    return lines.map((line, n) => [role, (this.of.box[0] + this.of.box[2]) / 2, at(n), line, "middle", size, about])
  }

  /** Words that stand over one board, each behind the one before it. */
  #behind() {
    const last = new Map()
    for (const word of this.texts.filter(({ over }) => over !== undefined).sort((a, b) => a.from - b.from)) {
      const by = word.align === "start" ? Math.max(0, (last.get(word.over) ?? -Infinity) + BESIDE - word.from) : 0
      for (const end of ["x", "from", "to"]) word[end] += by
      last.set(word.over, word.to)
    }
  }

  /** Words above, or below, all boards, in lines from the boards outwards; those of one height stand in one line. */
  #lines(labels) {
    const lines = []
    for (const label of labels) {
      const last = lines.at(-1)
      if (last && Math.abs(last.at - label[2]) < NEAR) last.texts.push(this.#word(label))
      else lines.push({ at: label[2], texts: [this.#word(label)] })
    }
    let end = 0
    const whole = lines.flatMap((one) => this.#heads(one))
    for (const line of whole) {
      line.texts = apart(line.texts.length === 1 ? [this.#whole(line.texts[0])] : line.texts)
      const high = LINE * Math.max(...line.texts.map((word) => word.letters))
      line.to = end + high / 2
      line.end = end += high
    }
    return whole
  }

  /** Words over columns as the lines that they take where they are wider than their columns; the nearest to the boards first. */
  #heads(line) {
    const { texts } = line
    if (texts.length < 2 || apart(texts).length === texts.length) return [line]
    const xs = texts.map((word) => word.x).sort((a, b) => a - b)
    const pitch = Math.min(...xs.slice(1).map((x, n) => x - xs[n]))
    const pieces = texts.map((word) => broken(word.label[3], word.letters, pitch - 4).reverse())
    const high = Math.max(...pieces.map((one) => one.length))
    return Array.from({ length: high }, (_, n) => ({
      at: line.at,
      texts: texts.flatMap((word, i) => (pieces[i][n] ? [this.#word(Object.assign([...word.label], { 3: pieces[i][n] }))] : [])),
    }))
  }

  /** A word alone in its line is kept within the room. */
  #whole(word) {
    if (word.align !== "middle" || (this.of.scale && word.label[0] === "axis") || (word.wide <= this.across && this.across <= this.scene.seen)) return word
    const x = this.across > this.scene.seen ? this.scene.seen / 2 - this.left : this.across / 2
    return { ...word, x, from: x - word.wide / 2, to: x + word.wide / 2 }
  }

  /** The scales of the boards whose values are seen as tones, below all. */
  #scales() {
    this.bars = []
    this.barRows = 0
    for (const [text, ...numbers] of this.scene.wire.scales_of) {
      const shown = this.of.boards.filter(({ n, g, letters }) => numbers.includes(n) && g.v && (g.T || !letters || this.scale < need(g, letters, this.scene.least) - 0.01))
      if (!shown.length) continue
      const box = spread(shown.map((one) => one.box))
      const middle = (this.x(box[0]) + this.x(box[2])) / 2
      const wide = Math.max(BAR.least, 2.6 * textWidth(`−${text}`, BAR.numbers), Math.min(BAR.most, (box[2] - box[0]) * this.scale))
      const last = this.bars.at(-1)
      if (!last || middle - wide / 2 < last.to + BAR.gap) this.barRows++
      this.bars.push({ text, grid: shown[0].n, from: middle - wide / 2, to: middle + wide / 2, row: this.barRows })
    }
  }

  /** Add the marks of the block to all, in units of the picture, its upper left corner at so many pixels. */
  put(marks, left, top, unit) {
    const [x0, y0] = [left + this.start, top + this.top]
    const by = this.scale / unit
    const scaled = (v) => [v[0] * by, v[1] * by]
    const { box } = this.of
    for (const { n, g, box: own } of this.of.boards) {
      const put = this.y(own[1]) - (own[1] - box[1]) * this.scale
      const o = [(x0 + this.x(g.o[0])) / unit, (y0 + (g.o[1] - box[1]) * this.scale + put) / unit]
      marks.grids[n] = { ...g, o, a: scaled(g.a), d: scaled(g.d), s: g.s * by }
    }
    for (const { n, points } of this.of.lines) marks.curves[n] = points.map(([x, y]) => [(x0 + this.x(x)) / unit, (y0 + this.y(y)) / unit])
    const write = ({ label, x, align, letters }, y) => marks.labels.push([label[0], (x0 + x) / unit, (y0 + y) / unit, label[3], align, letters / unit, label[6]])
    for (const line of [...this.head, ...this.foot]) for (const word of line.texts) write(word, line.y)
    for (const word of free(this.texts, (word) => this.#level(word))) write(word, this.#level(word))
    for (const bar of this.bars) marks.legends.push(this.#bar(bar, x0, y0, unit))
  }

  #level(word) {
    return word.over === undefined ? this.y(word.level) : this.y(word.over) - (word.letters * LINE) / 2
  }

  #bar({ text, grid, from, to, row }, x0, y0, unit) {
    const foot = this.foot.at(-1)?.end ?? 0
    const each = BAR.high + BAR.numbers * LINE + BAR.gap
    const y = y0 + this.downs + foot + BAR.gap + (row - 1) * each
    const level = y + BAR.high + BAR.numbers * 0.7
    const numbers = [[from, `−${text}`, "start"], [(from + to) / 2, "0", "middle"], [to, text, "end"]]
    const at = (x) => (x0 + x) / unit
    return [grid, at(from), y / unit, (to - from) / unit, BAR.high / unit, numbers.map(([x, said, align]) => [at(x), level / unit, said, align, BAR.numbers / unit])]
  }
}
