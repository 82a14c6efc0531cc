// What happens inside a step, as convviz/scene/moments.py says it: one part after another is written, or one term.

/** The moments of a step before it is whole, {parts, terms}; slowly: term by term. */
export function moments(scene, t, slowly) {
  const parts = scene.order.length
  if (!slowly || parts < 3) return scene.order.map((_, n) => ({ parts: n }))
  const [terms, counters] = scene.order.slice(0, 2).map((track) => track.at(t).filter((m) => m >= 0).length)
  return [...Array.from({ length: Math.floor(terms / counters) + 1 }, (_, n) => ({ parts: 0, terms: n })), ...Array.from({ length: parts - 2 }, (_, n) => ({ parts: n + 2 }))]
}

/** The cells that are not yet written at a moment, and the texts of those that count meanwhile. */
export function veil(scene, t, { parts, terms }) {
  const rows = scene.order.slice(parts).map((track) => track.at(t).filter((m) => m >= 0))
  if (terms === undefined || rows.length < 2) return { hidden: new Set(rows.flat()), texts: new Map() }
  const [written, counters, ...others] = rows // of several sums each counts its own share of the terms
  const all = [...written].sort((one, other) => one - other) // in the order of reading
  const texts = scene.textsAt(t)
  const share = Math.floor(all.length / counters.length)
  const added = (n) => all.slice(n * share, n * share + terms).map((m) => texts[m])
  return {
    hidden: new Set([...all.filter((_, n) => n % share >= terms), ...others.flat()]),
    texts: new Map(counters.map((counter, n) => [counter, counted(added(n))])),
  }
}

/** The columns of a step's terms in the order in which they are added, and how many of them each sum has. */
function columnsOf(scene, t) {
  const row = scene.order[0].at(t)
  const columns = row.map((_, n) => n).filter((n) => row[n] >= 0)
  columns.sort((one, other) => row[one] - row[other])
  return { row, columns, share: Math.floor(columns.length / scene.order[1].at(t).filter((m) => m >= 0).length) }
}

/** The left cells of the terms that the first sum has added at a moment; null where its terms are not counted. */
export function added(scene, t, moment) {
  if (moment?.terms === undefined) return null
  const left = scene.tracks[scene.equations[0].left].at(t)
  return new Set(columnsOf(scene, t).columns.slice(0, moment.terms).map((column) => left[column]))
}

/** The cells of the terms that a moment adds: their products, and what is multiplied for the first of them. */
export function pair(scene, t, { terms }) {
  const { row, columns, share } = columnsOf(scene, t)
  const newest = columns.filter((_, n) => n >= terms - 1 && (n - terms + 1) % share === 0)
  const { left, right } = scene.equations[0]
  const ends = [scene.tracks[left].at(t)[newest[0]], right < 0 ? -1 : scene.tracks[right].at(t)[newest[0]]]
  return [...new Set([...newest.map((n) => row[n]), ...ends])].filter((m) => m >= 0)
}

/** What numbers, given as they are shown, add up to, as it is shown. */
function counted(texts) {
  if (!texts.length) return ""
  const plain = texts.filter(Boolean).map((text) => text.replace("−", "-"))
  const whole = plain.every((text) => /^-?\d+$/.test(text))
  const sum = whole
    ? String(plain.reduce((all, text) => all + BigInt(text), 0n))
    : plain.reduce((all, text) => all + Number(text), 0).toFixed(3).replace(/\.?0+$/, "")
  return (sum === "-0" ? "0" : sum).replace("-", "−")
}
