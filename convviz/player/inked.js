// A drawing of 32 by 32 cells: how a pen inks it, and the short text that stands for it, as convviz/page/inked.py has it.

export const SIDE = 32 // cells along each side
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
const MOST = LETTERS.length - 1 // the last letter says that a run goes on

export const blank = () => new Uint8Array(SIDE * SIDE)

/** Ink the cells whose middles lie within half a pen of a line between two points, in cells, as `bitmap` in
convviz/handwriting.py does. */
export function draw(cells, [x0, y0], [x1, y1], pen) {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const squared = Math.max(dx * dx + dy * dy, 1e-12)
  for (let n = 0; n < cells.length; n++) {
    const [x, y] = [(n % SIDE) + 0.5 - x0, Math.floor(n / SIDE) + 0.5 - y0]
    const along = Math.max(0, Math.min(1, (x * dx + y * dy) / squared))
    const [right, down] = [x - along * dx, y - along * dy]
    if (right * right + down * down <= (pen / 2) ** 2) cells[n] = 1
  }
}

/** The text of a drawing: how long each run of equal cells is, the first of paper; paper at the end goes without saying. */
export function written(cells) {
  const runs = []
  for (let [n, ink] = [0, 0]; n < cells.length; ink = 1 - ink) {
    const from = n
    while (n < cells.length && cells[n] === ink) n++
    runs.push(n - from)
  }
  if (runs.length % 2) runs.pop()
  return runs.map((length) => LETTERS[MOST].repeat(Math.floor(length / MOST)) + LETTERS[length % MOST]).join("")
}

/** The drawing of a text. */
export function read(text) {
  const cells = blank()
  let [at, ink, length] = [0, 0, 0]
  for (const letter of text) {
    const place = LETTERS.indexOf(letter)
    length += place
    if (place === MOST) continue
    cells.fill(ink, at, at + length)
    at += length
    ;[ink, length] = [1 - ink, 0]
  }
  return cells
}
