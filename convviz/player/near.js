// From cell to cell by the arrow keys.
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Of some cells of a scene, the nearest to one of them in a direction; -1 where there is none. */
export function nearest(scene, marks, from, [dx, dy]) {
  const [x, y] = scene.point(from)
  let best = -1
  let least = Infinity
  for (const m of marks) {
    const [u, v] = scene.point(m)
    const along = (u - x) * dx + (v - y) * dy
    const across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx)
    if (along > 0.2 && along + 3 * across < least) [best, least] = [m, along + 3 * across]
  }
  return best
}
