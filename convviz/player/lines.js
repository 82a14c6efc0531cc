// Words in lines: what one line takes, and what is left out where there is no room.
import { textWidth } from "./legible.js"

/** Words of one line of which none runs into the one before it. */
export function apart(texts) {
  const kept = []
  for (const word of texts.sort((a, b) => a.from - b.from)) if (!kept.length || word.from > kept.at(-1).to + 2) kept.push(word)
  return kept
}

/** Words of which none lies on another. */
export function free(texts, level) {
  const kept = []
  for (const word of texts) {
    const y = level(word)
    if (!kept.some((one) => Math.abs(one.y - y) < 0.9 * word.letters && word.from < one.to && one.from < word.to)) kept.push({ ...word, y })
  }
  return kept
}

/** A text in lines of at most so many pixels; a size stays in one piece. */
export function broken(text, letters, most) {
  if (textWidth(text, letters) <= most) return [text]
  const lines = [""]
  for (const piece of text.replace(/ ([×·]) /g, "\u00a0$1\u00a0").match(/[\u2e00-\uffff][，。；：、）]*|[^ \-\u2e00-\uffff]*[ -]|[^ \-\u2e00-\uffff]+/g)) {
    if (textWidth(lines.at(-1) + piece.trim(), letters) <= most) lines[lines.length - 1] += piece
    else lines.push(piece)
  }
  return lines.map((line) => line.trim()).filter(Boolean)
}
