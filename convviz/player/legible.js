// How large numbers are written: as the picture says or, where a page asks for it, at least so many pixels high. A number
// that has no room for that is left out, and its board shows its values as tones.

export const LETTER = 0.58 // the width of a letter of a number, as a share of its height
const WORD = 0.56 // the same of a title
const FULL = 0.94 // the most of its cell's width that a number takes
const HIGH = 1.05 // the least height of a cell, as a share of its number's

/** How many pixels a text is wide, roughly; Chinese letters are as wide as high. */
export const textWidth = (text, size) => WORD * size * [...text].reduce((sum, letter) => sum + (letter > "\u2e00" ? 1.8 : 1), 0)

/** How many letters a number is wide: a point and a comma are half as wide as a digit. */
const count = (text) => text.length - (text.match(/[.,\u00a0]/g)?.length ?? 0) / 2

/** For every grid, how many letters the longest text has that one of its cells ever bears. */
export function longest(scene) {
  if (scene.letters) return scene.letters
  const found = scene.grids.map(() => 0)
  const tell = (mark, length) => {
    const n = scene.grids.indexOf(scene.gridOf(mark))
    found[n] = Math.max(found[n], length)
  }
  const most = Math.max(...scene.texts.map(count))
  scene.texts.forEach((text, mark) => text && tell(mark, count(text)))
  for (const { marks, texts, like } of scene.stepTexts) {
    const lengths = marks.map(() => (like ? most : 0)) // without texts of its own, a cell keeps what it bears
    texts?.forEach((text, n) => (lengths[n % marks.length] = Math.max(lengths[n % marks.length], count(text))))
    marks.forEach((mark, n) => tell(mark, lengths[n]))
  }
  scene.events?.marks.forEach((mark, n) => tell(mark, count(scene.events.texts[n])))
  return (scene.letters = found)
}

/** The least pixels a unit of a grid's lattice at which its numbers, so many letters long, can be read: where they are
 *  written at least so high, they fit, or they are as high anyway. */
export function need(g, letters, least) {
  const fits = Math.max((letters * LETTER * least) / (FULL * g.a[0]), (HIGH * least) / g.d[1])
  return Math.max(g.p / g.a[0], least ? Math.min(fits, least / g.s) : 0)
}

/** Whether numbers can be read where a unit of the picture is so many pixels. */
export const legible = (g, letters, cell, least) => cell >= need(g, letters, least) - 0.01

/** How high a grid's numbers are written, in units of the picture. */
export const height = (g, cell, least) => Math.max(g.s, least / cell)
