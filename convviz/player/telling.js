// What is said of a step or of a cell, in words and as a sum: read from a scene's texts, as convviz/scene/scene.py reads it.
import { filled } from "./scene.js"

const factor = (text) => (text.startsWith("−") ? `(${text})` : text) // next to a sign

/** The arithmetic that the words of a step are about: of a cell that it writes, or of the first that has one. */
export function equation(scene, t, cell = -1) {
  const own = scene.equations.find(({ result, column }) => cell >= 0 && result >= 0 && scene.tracks[result].at(t)[column] === cell)
  return own ?? scene.equations[0]
}

const filledAt = (scene, template, t, sum) => filled(template, (name) => (sum?.columns[name] ?? scene.say.columns[name])[t])

/** The sentence of a step, with its references; cell: see `equation`. */
export function sentence(scene, t, cell) {
  return scene.say ? filledAt(scene, scene.say.templates[scene.say.chosen[t]], t, equation(scene, t, cell)) : ""
}

/** The arithmetic of a step: terms with the cells that they come from, and the cell that bears the result. */
export function arithmetic(scene, t, cell) {
  const sum = equation(scene, t, cell)
  if (!sum) return null
  const shown = scene.textsAt(t)
  const left = scene.tracks[sum.left].at(t)
  const right = sum.right < 0 ? left : scene.tracks[sum.right].at(t)
  const pairs = left.map((m, i) => [m, right[i]]).filter(([m, other]) => m >= 0 && other >= 0)
  pairs.sort(([one], [other]) => one - other) // as they stand in the window
  const terms = pairs.map(([m, other], n) => {
    const first = n && sum.join.includes("+") ? factor(shown[m]) : shown[m]
    return sum.right < 0 ? { cells: [m], text: first, nil: shown[m] === "0" } : { cells: [m, other], text: `${first}·${factor(shown[other])}`, nil: shown[m] === "0" }
  })
  const result = sum.result < 0 ? -1 : scene.tracks[sum.result].at(t)[sum.column]
  const [head, tail] = [sum.head, sum.tail].map((text) => filledAt(scene, text, t, sum))
  return { terms, head, join: sum.join, tail, result, total: result < 0 ? "" : shown[result] }
}

// Of a cell between others that no step writes: of how many it is made at once, of how many at the last, and how many at
// the last are made of it; null of any other cell.
export function between(scene, mark) {
  const { made, feeds } = scene.related()
  if (!made[mark] || !feeds[mark] || scene.stepsOf(mark).target) return null
  const ends = (ways) => {
    const found = new Set([mark])
    for (const cell of found) for (const m of ways[cell] ?? []) found.add(m)
    return [...found].filter((m) => !ways[m]).length
  }
  return { count: new Set(made[mark]).size, inputs: ends(made), outputs: ends(feeds) }
}
