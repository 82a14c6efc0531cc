// What a block of a picture takes up, whatever its size: its boards, its lines and its words.
import { longest } from "./legible.js"

/** left, top, right, bottom of points. */
const boxOf = (points) => [0, 1].flatMap((i) => Math.min(...points.map((p) => p[i]))).concat([0, 1].flatMap((i) => Math.max(...points.map((p) => p[i]))))
/** The box around boxes. */
export const spread = (boxes) => [Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3]))]

/** left, top, right, bottom of a grid with the room beside it. */
export function extent({ o, a, d, r, c, h = 1, m = [0, 0] }) {
  const [columns, rows] = [c + m[0], r - 1 + h + m[1]]
  const at = (x, y) => [o[0] + x * a[0] + y * d[0], o[1] + x * a[1] + y * d[1]]
  return boxOf([at(0, 0), at(columns, 0), at(0, rows), at(columns, rows)])
}

/** What of a block does not depend on its size: its marks, the box around them, and the sizes that its numbers ask for. */
export function known(scene, block) {
  if (block.known) return block.known
  const { grids, labels, curves } = { ...scene.asDrawn, ...block.folded }
  const letters = longest(scene)
  const alike = (n) => Math.max(...letters.filter((_, m) => scene.grids[m].n === grids[n].n)) // boards of one name look alike
  const boards = block.grids.map((n) => ({ n, g: grids[n], box: extent(grids[n]), letters: letters[n] && alike(n) }))
  const lines = block.curves.map((n) => ({ n, points: curves[n].points, box: boxOf(curves[n].points) }))
  const { scale, reach, texts = block.labels.map((n) => labels[n]) } = block.folded ?? {}
  const box = spread([...boards, ...lines].map((one) => one.box).concat(reach ? [reach] : []))
  const cells = boards.filter(({ g }) => !scene.isPlace(g.f)) // of parts of an image, and of words alone, none is too large
  const widest = Math.max(0, ...cells.map(({ g }) => g.a[0]))
  return (block.known = { boards, lines, box, texts, widest, scale, sizes: new Map() })
}
