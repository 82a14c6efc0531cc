// The words of a step: the sentence and the arithmetic, whose parts light up what they speak of.

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

/** Text with references, [role|words], as nodes. */
export function marked(text) {
  const pieces = text.split(/(\[[a-z]+\|[^\]]*\])/).filter(Boolean)
  return pieces.map((piece) => reference(...(/^\[([a-z]+)\|([^\]]*)\]$/.exec(piece)?.slice(1).reverse() ?? [piece])))
}

/** Say step t: its sentence, aloud while nothing plays, and its arithmetic. */
export function speak(player, t) {
  const { scene } = player
  const said = player.find("sentence")
  said.setAttribute("aria-live", player.playing ? "off" : "polite")
  said.replaceChildren(...marked(scene.sentence(t)))
  const sum = player.find("equation")
  const made = scene.arithmetic(t)
  sum.classList.toggle("long", made?.terms.length > LONG)
  sum.tabIndex = made?.terms.length > LONGEST ? 0 : -1
  if (!made) return sum.replaceChildren()
  const pieces = [made.head]
  if (!made.terms.length && made.result >= 0) pieces.push("0")
  made.terms.forEach((term, i) => pieces.push(i ? made.join : "", product(player, term)))
  pieces.push(made.tail)
  if (made.result >= 0) pieces.push(" = ", reference(made.total, "current", "total"))
  sum.replaceChildren(...pieces)
}

function product(player, { left, right, a, b }) {
  const term = document.createElement("span")
  const cells = new Set([left, right].filter((m) => m >= 0))
  term.className = a === "0" ? "term nil" : "term"
  term.textContent = right < 0 ? a : `${a}·${b.startsWith("−") ? `(${b})` : b}`
  term.onpointerenter = () => player.read({ node: term, cells, pointed: true })
  term.onpointerleave = () => player.read(null)
  return term
}
