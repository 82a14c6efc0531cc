// The packed forms of a Scene's columns, tables and texts, as wire.py makes them.

export const BAR = "|"
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** A packed column as an array of integers. */
export function column(packed) {
  if (Array.isArray(packed)) return packed
  const found = new Array(packed.n)
  for (let i = 0; i < found.length; i++) found[i] = packed.a + packed.d * i
  return found
}

export const runs = (pairs) => {
  const out = []
  for (let i = 0; i < pairs.length; i += 2) for (let n = 0; n < pairs[i + 1]; n++) out.push(pairs[i])
  return out
}

/** The places that are missing: so many stand, then so many are missing, and so on in turn. */
function holes(turns) {
  const missing = new Set()
  let at = 0
  turns.forEach((count, n) => {
    if (n % 2) for (let i = at; i < at + count; i++) missing.add(i)
    at += count
  })
  return missing
}

/** A packed table as a function from a step to its row. */
export function table(packed) {
  if (packed.o) {
    const shifts = column(packed.b)
    const { o, h } = packed
    const missing = h && holes(h)
    return (t) => o.map((offset, i) => (missing?.has(t * o.length + i) ? -1 : offset + shifts[t]))
  }
  if (packed.u) {
    const which = column(packed.i)
    return (t) => packed.u[which[t]]
  }
  if (packed.c) {
    const columns = packed.c.map(column)
    return (t) => columns.map((one) => one[t])
  }
  return (t) => packed.t.slice(t * packed.n, (t + 1) * packed.n)
}

/** Points from their coordinates in a row. */
export const pairs = (numbers) => Array.from({ length: numbers.length / 2 }, (_, n) => [numbers[2 * n], numbers[2 * n + 1]])

/** Numbers from letters, each followed by how often it stands there, if more than once. */
const numbered = (letters) =>
  [...letters.matchAll(/([A-Za-z])(\d*)/g)].flatMap(([, letter, count]) => new Array(Number(count) || 1).fill(LETTERS.indexOf(letter)))

/** What cells bear at each step: their texts, of which few may be different, and the levels of their tones, if any. */
export function borne(said, earlier) {
  const { t, d, x, v, w } = said
  if (x === undefined) return { texts: earlier ? borne(earlier).texts : t?.split(BAR), tones: v && levels(v) }
  const [which, texts, tones] = [numbered(x), d.split(BAR), w && levels(w)]
  return { texts: which.map((n) => texts[n]), tones: tones && which.map((n) => tones[n]) }
}

/** Points that lie evenly on a straight line, from its ends. */
export const between = ([[x0, y0], [x1, y1]], count) =>
  Array.from({ length: count }, (_, n) => [x0 + ((x1 - x0) * n) / (count - 1), y0 + ((y1 - y0) * n) / (count - 1)])

/** Levels of tones, a letter each: 0 for none. */
export function levels(letters) {
  const found = new Array(letters.length)
  for (let i = 0; i < found.length; i++) found[i] = letters.charCodeAt(i) - 97
  return found
}

export const texts = (joined, count) => (joined === "" ? new Array(count).fill("") : joined.split(BAR))
