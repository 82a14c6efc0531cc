// The words of a step: the sentence and the arithmetic, whose parts light up what they speak of.
import { added } from "./moments.js"
import { filled } from "./scene.js"
import { arithmetic, sentence } from "./telling.js"
import { forHand } from "./touch.js"

const LONG = 14 // terms of a sum beyond which it is written smaller
const LONGEST = 40 // and beyond which it must be scrolled, so that the keyboard has to reach it

/** Words that name a part of the picture; plain words where they name none. */
export function reference(words, role, name = "") {
  if (!role) return document.createTextNode(words)
  const span = document.createElement("span")
  span.className = `ref k-${role} ${name}`.trim()
  span.dataset.ref = role
  span.textContent = words
  return span
}

/** Sentences, one after the other; after a Chinese one, or its colon, stands no space. */
export const joined = (...sentences) => sentences.join(" ").replace(/(?<=[。？！：]) /g, "")

/** Text with references, [role|words], as nodes. */
export function marked(text) {
  const pieces = forHand(text).split(/(\[[a-z]+\|[^\]]*\])/).filter(Boolean)
  return pieces.map((piece) => reference(...(/^\[([a-z]+)\|([^\]]*)\]$/.exec(piece)?.slice(1).reverse() ?? [piece])))
}

/** Say step t, or of a cell between what it is made of: its sentence, aloud while nothing plays, and its arithmetic. What
 *  the picture has not come to yet is not seen either, and keeps its room: of a step that comes term by term the sentence,
 *  and the terms that are not added. */
export function speak(player, t) {
  const { scene, attention } = player
  const { moment, slow } = t === player.t && !(attention.cell >= 0) ? player.transport : {}
  const said = player.find("sentence")
  said.setAttribute("aria-live", player.playing ? "off" : "polite")
  const own = attention.between
  said.replaceChildren(...marked(own ? filled(player.data.words.between, (name) => own[name]) : sentence(scene, t, attention.cell)))
  said.classList.toggle("later", Boolean(moment && slow))
  const sum = player.find("equation")
  const made = own ? null : arithmetic(scene, t, attention.cell)
  sum.classList.toggle("long", made?.terms.length > LONG)
  sum.tabIndex = made?.terms.length > LONGEST ? 0 : -1
  sum.replaceChildren(...(made ? equation(player, made, t, moment) : []))
}

/** The arithmetic of a step as nodes; moment: how far the step has come; most: the terms that are written, where others give
 *  way to dots. */
export function equation(player, { terms, head, join, tail, result, total }, t, moment, most = terms.length) {
  const pieces = [head]
  if (!terms.length && result >= 0) pieces.push("0")
  const there = added(player.scene, t, moment)
  const left = terms.length - most
  terms.forEach((term, i) => {
    const gone = i - (most - 1) // its number among those left out; the last one always stands there
    if (left && gone === 0) pieces.push(join, "…")
    if (left && gone >= 0 && gone < left) return
    const shown = [i ? join : "", product(player, term)]
    pieces.push(...(!there || there.has(term.cells[0]) ? shown : [later(shown)]))
  })
  const sum = [" = ", reference(total, "current", "total")]
  pieces.push(tail)
  if (result >= 0) pieces.push(...(moment ? [later(sum)] : sum))
  return pieces
}

/** Words that are not seen yet. */
function later(words) {
  const span = document.createElement("span")
  span.className = "later"
  span.append(...words)
  return span
}

function product(player, { cells, text, nil }) {
  const term = document.createElement("span")
  term.className = nil ? "term nil" : "term"
  term.textContent = text
  term.onpointerenter = () => player.read({ node: term, cells: new Set(cells), pointed: true })
  term.onpointerleave = (event) => event.pointerType === "touch" || player.read(null)
  return term
}
