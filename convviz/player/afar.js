// Letters that can be read from afar: none is smaller than what is asked for. Numbers that do not fit into their cells at
// that size give way to tones; titles and axes are enlarged, moved or broken into lines, and left out where they have no place.
const LETTER = 0.52 // the width of a digit, as a share of its height
const FILLS = [0.94, 1] // the most of a cell's width and height that a number takes
const DIGIT = 0.66 // how high a digit is, as a share of its letters' height
const NOTE = { end: 0.93, under: 0.08, apart: 0.09 } // where a note ends in its cell, and what stays free under it and above it
const LINE = 1.1 // from one line to the next, as a share of the letters' height
const TALL = 0.9 // how much of that height letters really have
const APART = 0.12 // how far texts stay above each other, as a share of their height
const BESIDE = 0.4 // how far they stay beside each other, as such a share
const CLEAR = 0.08 // how far they stay above or below a board, as such a share
const NEAR = 1 // cells between a text and the row that it names, at most
const ROUNDS = 8 // times that a picture is laid out again because its titles have made it larger

/** Whether the numbers of a board can be read: all boards of a name have them, or none has. Where a board has no tones to give
way to, what it bears just then counts. */
export function seenAfar({ scene, laid }, g, texts) {
  if (texts && !g.v) return fits(g, Math.max(...texts.slice(g.f, g.f + g.count).map(letters)), laid.least)
  return scene.grids.every((one, n) => one.n !== g.n || fits(one, longest(scene)[n], laid.least))
}

function fits({ s, a, d }, letters, least) {
  const size = Math.max(s, least)
  return letters * LETTER * size <= FILLS[0] * a[0] && size <= FILLS[1] * Math.abs(d[1])
}

/** How large the numbers of a board are. */
export const sizeOf = ({ laid }, g) => Math.max(g.s, laid.least)

/** Where the numbers of a board stand in their cells, and the notes under them: how far down, in cells; null where there
are none, or where both have no room. */
function lines(stage, g) {
  const { scene, laid } = stage
  const note = noteLetters(scene).get(g)
  if (note === undefined || g.a[1] !== 0 || g.d[0] !== 0 || !seenAfar(stage, g)) return null
  const [own, small] = [Math.max(g.s, laid.least), laid.least]
  const low = g.d[1] * (1 - NOTE.under) - (DIGIT * small) / 2
  const high = Math.min(g.d[1] / 2, low - (DIGIT * (small + own)) / 2 - g.d[1] * NOTE.apart)
  const room = high - (DIGIT * own) / 2 > g.d[1] * NOTE.under && note * LETTER * small <= NOTE.end * g.a[0]
  return room ? { high, low } : null
}

/** How far down in its cell a number stands. */
export const middleOf = (stage, g) => lines(stage, g)?.high ?? g.d[1] / 2

/** How large a note is in its cell, 0 where it has no room; where it stands, and which end of it. */
export function noteOf(stage, g, mark) {
  const found = lines(stage, g)
  if (!found) return { size: 0 }
  const [x, y] = stage.scene.point(mark, 0)
  return { size: stage.laid.least, place: [x + NOTE.end * g.a[0], y + found.low], align: "end" }
}

/** The letters of the longest note on each board that has any. */
function noteLetters(scene) {
  if (scene.noted) return scene.noted
  scene.noted = new Map()
  for (const { track, rows } of scene.notes) {
    const most = Math.max(...rows.flat().map(letters))
    for (let t = 0; t < scene.steps; t++) {
      for (const g of new Set(track.at(t).filter((m) => m >= 0).map((m) => scene.gridOf(m)))) scene.noted.set(g, Math.max(most, scene.noted.get(g) ?? 0))
    }
  }
  return scene.noted
}

/** For each board the letters of the longest text that one of its cells bears at any step. */
function longest(scene) {
  if (scene.longest) return scene.longest
  const most = scene.grids.map(() => 0)
  const count = (mark, text) => {
    const n = scene.grids.findIndex((g) => mark < g.f + g.count)
    most[n] = Math.max(most[n], letters(text))
  }
  scene.texts.forEach((text, mark) => count(mark, text))
  for (const { marks, like, texts } of scene.stepTexts) {
    if (like) for (let t = 0; t < scene.steps; t++) like.at(t).forEach((m, i) => m >= 0 && count(marks[i], scene.texts[m]))
    texts?.forEach((text, i) => count(marks[i % marks.length], text))
  }
  scene.events?.texts.forEach((text, i) => count(scene.events.marks[i], text))
  return (scene.longest = most)
}

/** Letters as wide as digits: stops, spaces and what is raised are narrower, and a Chinese letter is twice as wide. */
const letters = (text) => [...text].reduce((all, one) => all + (one > "\u2e00" ? 2 : ".,· ".includes(one) ? 0.5 : /[⁰¹²³⁴-⁻]/.test(one) ? 0.65 : 1), 0)

/** A scene laid out for a room, {width, height, most, margin}, with letters of `least` pixels at least: {box, cell, least,
labels, legends}, where least is in cells. Of the room, most is the largest cell, and margin the cells around a picture;
wide(text): its width as a share of its height; wants(text): whether it is to have its place before other texts. */
export function lay(scene, room, least, { wide, wants }) {
  let cell = fitted(scene.box, room)
  for (let n = 0; n < ROUNDS; n++) {
    const found = placed(scene, least / cell, wide, wants)
    const next = Math.min(cell, fitted(found.box, room))
    if (next > cell * 0.998) return { ...found, cell: next, least: least / cell }
    cell = next
  }
  return { ...placed(scene, least / cell, wide, wants), cell, least: least / cell }
}

function fitted([left, top, right, bottom], { width, height, most, margin }) {
  return Math.min(width / (right - left + 2 * margin), height / (bottom - top + 2 * margin), most)
}

const rank = ([role, , , , align]) => (role === "sign" ? 0 : role !== "title" ? 3 : align === "start" ? 1 : 2) // what has its place first

/** Whether a board bears a text on purpose: then the text may stand on it anywhere. */
const bears = (board, label) => board[0] < label[1] && label[1] < board[2] && board[1] < label[2] && label[2] < board[3]

/** The texts of a scene, each at its place or near it; and the picture's box with them. */
function placed(scene, least, wide, wants) {
  const boards = scene.grids.map(around)
  const scales = scene.legends.map(([, left, top, width, height]) => [left, top, left + width, top + height])
  const taken = []
  let box = scene.box
  const put = (label, extra) => {
    const own = rectOf(label, label[5], [label[3]], wide)
    const stays = label[5] >= least && !taken.some((one) => overlap(one, own))
    const found = stays ? { parts: [label], rect: own } : moved(label, Math.max(least, label[5]), { box: scene.box, fixed: extra, taken, wide })
    if (!found) return []
    taken.push(found.rect)
    box = joined(box, found.rect)
    return found.parts
  }
  const order = scene.labels.map((label, n) => [wants(label[3]) ? 0 : rank(label), n, label]).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const labels = order.flatMap(([, , label]) => put(label, [...boards, ...scales]))
  const legends = scene.legends.map(([grid, left, top, width, height, texts]) => {
    const size = Math.max(least, ...texts.map((one) => one[4]))
    const level = Math.max(top + height + (size * TALL) / 2, ...texts.map((one) => one[1]))
    const numbers = texts.map(([x, , text, align]) => [x, level, text, align, size])
    const rects = numbers.map((one) => rectOf(["", ...one], size, [one[2]], wide))
    const clash = (one, n) => [...boards, ...scales, ...taken, ...rects.slice(n + 1)].some((other) => overlap(grown(one, APART * size), other))
    if (rects.some(clash)) return [grid, left, top, width, height, []]
    taken.push(...rects)
    box = rects.reduce(joined, box)
    return [grid, left, top, width, height, numbers]
  })
  return { labels, legends, box }
}

/** A text at a size that can be read: its parts, a label for each line, and its rectangle; null where there is no place. */
function moved(label, size, { box, fixed, taken, wide }) {
  const [role, x, y, text, align, usual, about] = label
  const before = rectOf(label, usual, [text], wide)
  const free = fixed.filter((one) => !bears(one, label))
  const near = fixed.some((one) => one[1] < y && y < one[3] && one[0] < before[2] + NEAR && before[0] - NEAR < one[2])
  const fast = role === "sign" || (role === "title" && align !== "middle" && near) // elsewhere it would be of another row
  const ways = [[1, true], [2, true], [3, true], [1, false], [2, false], [3, false]] // in so many lines, within the picture or not
  if (align !== "middle") ways.sort(([one], [other]) => one - other)
  for (const [count, within] of ways.slice(0, fast ? 2 : ways.length)) {
    const lines = broken(text, fast ? 1 : count)
    if (lines) {
      const rect = rectOf(label, size, lines, wide)
      const [width, height] = [rect[2] - rect[0], rect[3] - rect[1]]
      const grows = (height - before[3] + before[1]) / 2
      const downs = fast ? [0] : role === "axis" ? [0, -grows, grows] : [-grows, 0, grows, -height / 3, height / 3, -grows - LINE * size, grows + LINE * size, grows / 2]
      const sideways = [0, before[0] - rect[0], before[2] - rect[2], box[0] - rect[0], box[2] - rect[2]]
      const rights = align === "middle" ? sideways.filter((by) => Math.abs(by) <= width / 2) : [0]
      for (const down of downs) {
        for (const right of rights) {
          const there = [rect[0] + right, rect[1] + down, rect[2] + right, rect[3] + down]
          if (within && (there[0] < box[0] - 0.5 || there[2] > box[2] + 0.5 || there[1] < box[1] - size || there[3] > box[3] + size)) continue
          if (free.some((one) => overlap(grown(one, 0, CLEAR * size), there)) || taken.some((one) => overlap(grown(one, BESIDE * size, (APART * size) / 2), there))) continue
          const first = y + down - ((lines.length - 1) * LINE * size) / 2
          const parts = lines.map((line, n) => [role, x + right, first + n * LINE * size, line, align, size, about])
          return { parts, rect: there }
        }
      }
    }
  }
  return null
}

/** Where a text stands, in lines of a size: left, top, right, bottom. */
function rectOf([, x, y, , align], size, lines, wide) {
  const width = Math.max(...lines.map(wide)) * size
  const left = x - { start: 0, middle: width / 2, end: width }[align]
  const half = (size * (TALL + (lines.length - 1) * LINE)) / 2
  return [left, y - half, left + width, y + half]
}

/** A text in so many lines, as equal as can be, broken where words end, but not around a sign; null where it has no more. */
function broken(text, count) {
  if (count === 1) return [text]
  const places = [...text.matchAll(/(?<![×=+·−]) (?![×=+·−])|(?<=[a-z]-)(?=[a-z])|(?<=[\u4e00-\u9fff，：、（])(?=[\u4e00-\u9fff（])/g)].map((found) => found.index)
  const ways = places.flatMap((at) => {
    const rest = broken(text.slice(at).trim(), count - 1)
    return rest ? [[text.slice(0, at).trim(), ...rest]] : []
  })
  const longestLine = (lines) => Math.max(...lines.map(letters))
  return ways.reduce((best, one) => (best && longestLine(best) <= longestLine(one) ? best : one), null)
}

/** The rectangle around a board. */
function around({ o: [x, y], a, d, r, c }) {
  const corners = [[0, 0], [c, 0], [c, r], [0, r]].map(([col, row]) => [x + col * a[0] + row * d[0], y + col * a[1] + row * d[1]])
  const [xs, ys] = [0, 1].map((i) => corners.map((one) => one[i]))
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
const grown = ([left, top, right, bottom], by, down = by / 2) => [left - by, top - down, right + by, bottom + down]
const joined = (one, other) => [0, 1, 2, 3].map((i) => (i < 2 ? Math.min : Math.max)(one[i], other[i]))
