// Going closer, and back, in one motion: a scene may say of some of its boards which other picture shows them larger. That
// picture grows out of their place; coming back, the whole shrinks to where they lie in it.

const MOTION = 200 // milliseconds

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

/** Ask for the picture that shows a cell's board larger, if there is one. */
export function closer(player, mark) {
  const { data, scene } = player
  const board = scene.grids.indexOf(scene.gridOf(mark))
  const found = data.main && scene.details.find(({ grids }) => grids.includes(board))
  if (!found) return
  document.dispatchEvent(new CustomEvent("convviz:turn", { detail: { name: "fix", value: found.turn } }))
}

/** Where the boards of a detail lie in a scene, in cells: left, top, right, bottom. */
function boxOf(scene, { grids }) {
  const corners = grids.flatMap((n) => {
    const { f, count } = scene.grids[n]
    return [scene.point(f, 0), scene.point(f + count - 1, 2)]
  })
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]))
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** The detail of a scene that leads to another scene; of several, the one whose boards are in both. */
function leading(scene, other) {
  const names = new Set(other.grids.map(({ n }) => n))
  const shared = ({ grids }) => grids.filter((n) => names.has(scene.grids[n].n)).length
  const all = scene.details.filter(({ turn }) => turn.view === other.view)
  return all.sort((one, two) => shared(two) - shared(one))[0]
}

/** The place of a detail on the screen, as shares of the whole picture: its middle, and how large it is. */
function share(scene, detail) {
  const [left, top, right, bottom] = boxOf(scene, detail)
  const [x0, y0, x1, y1] = scene.box
  const size = Math.max((right - left) / (x1 - x0), (bottom - top) / (y1 - y0))
  return { x: ((left + right) / 2 - x0) / (x1 - x0), y: ((top + bottom) / 2 - y0) / (y1 - y0), size }
}

/** How another scene comes in place of one, as what moves the picture once it has been painted. */
export function coming(before, after) {
  if (!before || before.view === after.view || still()) return () => {}
  const into = leading(before, after)
  const from = into && share(before, into)
  return (svg) => {
    const back = !into && leading(after, before)
    if (!into && !back) return
    const { x, y, size } = from ?? share(after, back)
    const [scale, by] = into ? [size, [x - 0.5, y - 0.5]] : [1 / size, [(0.5 - x) / size, (0.5 - y) / size]]
    const transform = `translate(${by.map((part) => `${100 * part}%`)}) scale(${scale})`
    svg.animate([{ transform, opacity: into ? 0.4 : 1 }, { transform: "none", opacity: 1 }], { duration: MOTION, easing: "ease-out" })
  }
}
