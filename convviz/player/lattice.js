// Places in a picture as texts: numbers, points, and the corners of a board's cells.

export const round = (v) => Math.round(v * 1000) / 1000
export const pointText = ([x, y]) => `${round(x)},${round(y)}`
export const pointsText = (points) => points.map(pointText).join(" ")

/** The board that a cell of one is by itself, as rows may stand apart. */
export function alone({ c, o, a, d, h }, n) {
  const [x, y] = [n % c, Math.floor(n / c)]
  return { o: [0, 1].map((i) => o[i] + x * a[i] + y * d[i]), a, d: d.map((v) => v * h), r: 1, c: 1, h: 1 }
}

/** The corners of a grid's cells, as texts. h: how high a cell is, as a share of how far apart the rows are. */
export function outlines({ r, c, o, a: [ax, ay], d: [dx, dy], h = 1 }) {
  const found = []
  if (ay === 0 && dx === 0) { // most boards stand upright, where a column has one text and a row another
    const xs = Array.from({ length: c + 1 }, (_, n) => round(o[0] + n * ax))
    for (let row = 0; row < r; row++) {
      const [top, bottom] = [round(o[1] + row * dy), round(o[1] + (row + h) * dy)]
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
