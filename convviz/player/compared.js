// Two pictures in one: which cells differ, and which cell of the one is that of the other.
import { column } from "./packed.js"

/** What a wire form says of cells that differ; null where nothing is compared. */
export function compared({ differing: said }) {
  if (!said) return null
  const [one, other] = said.p.map(column)
  const twins = new Map(one.flatMap((m, i) => [[m, other[i]], [other[i], m]]))
  return { marks: column(said.m), steps: column(said.s), brief: Boolean(said.b), twins }
}

/** The cells that bear the mark of a difference at a step, of those that are there and uncovered. */
export function differing({ compared: found, pending, covered }, t, states) {
  const due = (step) => (found.brief ? step === t : step <= t)
  return found ? found.marks.filter((m, i) => due(found.steps[i]) && states[m] !== pending && !covered.has(m)) : []
}
