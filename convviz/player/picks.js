// Cells that turn a dial when they are clicked: rows of a table, squares of a map. What each stands for may change with the
// step. The step that stands at what is chosen is shown when something else is chosen.
import { column, table } from "./packed.js"

const CALM = 250 // milliseconds for which a step stays before its row is the chosen one
const ROW = "row" // what is chosen by a step alone: it is shown without asking, also where nobody can be asked

/** The picks of a scene, from its wire form. */
export const picksOf = (sent = []) =>
  sent.map(({ n, m, v, w, s }) => {
    const fixed = v && column(v)
    return { name: n, marks: column(m), at: fixed ? () => fixed : table(w), step: s }
  })

/** Choose what a cell stands for; false where it is an ordinary cell. */
export function picked(player, mark) {
  const { scene, data, asks, t } = player
  const found = asks.open ? undefined : scene.picks?.find(({ marks }) => marks.includes(mark))
  if (!found) return false
  const value = found.at(t)[found.marks.indexOf(mark)]
  if (!value || !(data.main || found.name === ROW)) return false
  if (found.name === ROW) player.go(value - 1)
  if (data.main) document.dispatchEvent(new CustomEvent("convviz:turn", { detail: { name: found.name, value } }))
  return true
}

/** Where rows are chosen by a step alone, the row at which a hand has come to rest is the chosen one: what the dials show,
 *  and what is done to a row, is about the row that is marked. Dials that stand there already take no turn. */
export function follow(player) {
  clearTimeout(player.following)
  player.following = setTimeout(() => {
    const { data, scene, t, playing, asks, presenter } = player
    if (!scene.picks?.some(({ name }) => name === ROW) || !data.main || playing || asks.open || presenter?.dialog) return
    player.followed = t // until its answer comes
    const turn = new CustomEvent("convviz:turn", { cancelable: true, detail: { name: ROW, value: t + 1, quiet: true } })
    if (document.dispatchEvent(turn)) player.followed = undefined
  }, CALM)
}

/** The step to show with a scene that comes in place of another one: where something else is chosen, what stands there; but a
 *  hand that goes on meanwhile is not called back to the row that it was followed to. Then the row is followed again. */
export function chosen(player, after) {
  const [was, is] = [player.scene, after].map((scene) => scene?.picks?.[0]?.step ?? -1)
  const found = is >= 0 && is !== was && is !== player.followed ? is : undefined
  player.followed = undefined
  follow(player)
  return found
}

/** Whether a link without a step opens a scene at another step than the first: what is chosen stands there. */
export const opensLater = (scene) => (scene?.picks?.[0]?.step ?? -1) > 0
