// Places in a picture as texts: numbers, points, and the corners of a board's cells.

export const round = (v) => Math.round(v * 1000) / 1000
export const pointText = ([x, y]) => `${round(x)},${round(y)}`
export const pointsText = (points) => points.map(pointText).join(" ")

/** The corners of a grid's cells, as texts. */
export function outlines({ r, c, o, a: [ax, ay], d: [dx, dy] }) {
  const found = []
  if (ay === 0 && dx === 0) { // most boards stand upright, where a column has one text and a row another
    const xs = Array.from({ length: c + 1 }, (_, n) => round(o[0] + n * ax))
    const ys = Array.from({ length: r + 1 }, (_, n) => round(o[1] + n * dy))
    for (let row = 0; row < r; row++) {
      const [top, bottom] = [ys[row], ys[row + 1]]
      for (let col = 0; col < c; col++) found.push(`${xs[col]},${top} ${xs[col + 1]},${top} ${xs[col + 1]},${bottom} ${xs[col]},${bottom}`)
    }
    return found
  }
  for (let i = 0; i < r * c; i++) {
    const row = Math.floor(i / c)
    const [x, y] = [o[0] + (i % c) * ax + row * dx, o[1] + (i % c) * ay + row * dy]
    found.push(pointsText([[x, y], [x + ax, y + ay], [x + ax + dx, y + ay + dy], [x + dx, y + dy]]))
  }
  return found
}
