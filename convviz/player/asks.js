// The question of the open beat: its answer is typed, chosen or clicked on the picture, locked, and compared with what is
// right. Until then the player has a scene that does not show it. What is right comes with the beat, so no server is asked.
import { answerOf, keepAnswer, keepSecret } from "./answers.js"
import { Hidden } from "./hidden.js"
import { ARROWS, nearest } from "./near.js"
import { Scene, filled } from "./scene.js"
import { forHand } from "./touch.js"

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/

/** A typed or shown number as a machine writes it: also of full width, with a decimal comma, or another minus. */
const plain = (text) => text.normalize("NFKC").trim().replace(/[−–—]/g, "-").replace(",", ".")

/** Whether a text is a number as it is shown, to its last decimal. */
function equal(text, shown) {
  const [one, other] = [plain(text), plain(shown)]
  const decimals = (other.split(".")[1] ?? "").length
  return Math.abs(Number(one) - Number(other)) <= (decimals ? 0.5 * 10 ** -decimals : 1e-9)
}

const sameCells = (one, other) => one.length === other.length && other.every((m) => one.includes(m))

export class Asks {
  constructor(player) {
    this.player = player
    this.box = player.find("asks")
    this.chosen = new Set()
    this.#build()
  }

  /** The beat's question, where the picture shows what it is about; else undefined. */
  get ask() {
    const { tour } = this.player.data ?? {}
    return tour?.stray ? undefined : tour?.ask
  }

  /** The step that is shown, also while a question holds the picture at it. */
  get at() {
    return this.player.scene?.held ?? this.player.t
  }

  get #answer() {
    const { lesson, tour } = this.player.data
    return tour?.asks ? answerOf(lesson, tour.asks) : undefined
  }

  /** Whether the open beat has a question that is not answered yet. */
  get open() {
    return Boolean(this.ask) && !this.#answer
  }

  /** Show the answer without having been given one. */
  reveal() {
    if (this.open) this.#lock(null)
  }

  /** The scene of new data: without what an open question asks for. */
  seen(data) {
    const { tour, lesson } = data
    const asked = tour?.ask && !tour.stray && !answerOf(lesson, tour.ask.name)
    const name = tour?.ask && `${lesson}/${tour.ask.name}`
    if (name !== this.name) this.#clear()
    this.name = name
    return asked ? new Hidden(data.scene, tour.ask) : new Scene(data.scene)
  }

  #clear() {
    this.chosen.clear()
    this.cursor = null
    this.field.value = ""
    this.status.textContent = ""
  }

  #build() {
    const node = (tag, part, act) => {
      const made = document.createElement(tag)
      made.dataset.part = part
      if (act) Object.assign(made, { type: "button", className: "words", onclick: act })
      return made
    }
    this.field = Object.assign(node("input", "ask_field"), { type: "text", autocomplete: "off", maxLength: 8, enterKeyHint: "done" })
    this.field.onkeydown = (event) => {
      if (["PageUp", "PageDown"].includes(event.key)) return
      event.stopPropagation()
      if (event.key === "Enter") (event.preventDefault(), this.#give())
      if (event.key === "Escape") this.player.stage.svg.focus()
    }
    this.choices = node("span", "ask_choices")
    this.lock = node("button", "ask_lock", () => this.#give())
    this.show = node("button", "ask_reveal", () => this.reveal())
    this.again = node("button", "ask_again", () => this.#lock(undefined))
    this.status = Object.assign(node("p", "ask_status"), { role: "status" })
    this.box.append(this.field, this.choices, this.lock, this.show, this.again, this.status)
  }

  /** Put the elements that the question takes in place. */
  tell() {
    const { player, ask, open } = this
    const words = player.data.words.ask
    keepSecret(open && ask.takes !== "cells" ? ask.right : "")
    this.box.hidden = !ask
    if (!ask) return
    const { takes } = ask
    this.box.setAttribute("aria-label", words.label)
    this.field.setAttribute("aria-label", words.label)
    for (const part of ["lock", "show", "again"]) this[part].textContent = words[part]
    this.field.hidden = !(open && takes === "number")
    this.choices.hidden = !(open && takes === "choice")
    this.lock.hidden = !open || takes === "choice"
    this.show.hidden = !open
    this.again.hidden = open
    this.status.hidden = !open
    if (takes === "choice") this.#offer(ask.choices)
    if (takes === "cells" && open && !this.chosen.size) this.status.textContent = forHand(words.help)
  }

  #offer(choices) {
    const said = JSON.stringify(choices)
    if (said === this.offered) return
    this.offered = said
    const buttons = choices.map((text) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "words", textContent: text })
      button.dataset.part = `ask_choice_${text}`
      button.onclick = () => this.#lock(text)
      return button
    })
    this.choices.replaceChildren(...buttons)
  }

  /** Give what was typed, or the cells that were chosen. */
  #give() {
    const { ask, player } = this
    const words = player.data.words.ask
    if (!this.open) return
    if (ask.takes === "cells") {
      if (this.chosen.size) this.#lock([...this.chosen].sort((a, b) => a - b))
      else this.#say(words.none)
      return
    }
    const text = plain(this.field.value)
    if (NUMBER.test(text)) return this.#lock(text.replace("-", "−").replace("+", ""))
    this.field.setAttribute("aria-invalid", true)
    this.#say(words.missing)
    this.field.focus()
  }

  #say(text) {
    this.status.textContent = text
  }

  /** Lock an answer, null where it is shown; undefined: ask again. */
  #lock(given) {
    const { player, ask } = this
    const { lesson, look } = player.data
    const held = this.box.contains(this.box.getRootNode().activeElement)
    this.#clear()
    this.field.removeAttribute("aria-invalid")
    keepAnswer(lesson, ask.name, given === undefined ? undefined : { given })
    player.attention.look = look // what the beat speaks of
    player.take({}, false)
    player.tour.bring(true) // the answer is shown on the picture
    if (!held) return
    if (given !== undefined) player.find("tour_words").focus({ preventScroll: true })
    else this.focus()
  }

  /** Go where the question is answered. */
  focus() {
    if (!this.open) return
    const where = { number: this.field, choice: this.choices.firstChild, cells: this.player.stage.svg }[this.ask.takes]
    where.focus({ preventScroll: true })
  }

  // --- cells ----------------------------------------------------------------------------------------------------

  get #takesCells() {
    return this.open && this.ask.takes === "cells"
  }

  /** Choose a cell, or no more. */
  choose(mark) {
    if (!this.#takesCells || !this.ask.choices.includes(mark)) return
    if (!this.chosen.delete(mark)) this.chosen.add(mark)
    this.cursor = mark
    this.#tellCell()
    this.player.attend()
  }

  /** Whether a key was meant for the cells. */
  key(event) {
    const { player } = this
    if (!this.#takesCells || ![player.stage.svg, document.body].includes(event.composedPath()[0])) return false
    const cells = this.ask.choices
    if (ARROWS[event.key]) {
      const to = this.cursor === null ? cells[0] : nearest(player.scene, cells, this.cursor, ARROWS[event.key])
      if (to >= 0) this.cursor = to
      this.#tellCell()
      player.attend()
    } else if ([" ", "Enter"].includes(event.key)) this.choose(this.cursor ?? cells[0])
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  /** Say the cell that the keyboard is on, whether it is chosen, and how many are. */
  #tellCell() {
    const { scene, data } = this.player
    const words = data.words.ask
    const { row, col } = scene.nameOf(this.cursor)
    const boards = [...new Set(this.ask.choices.map((m) => scene.gridOf(m)))]
    const said = { row: row + 1, column: col + 1, board: boards.indexOf(scene.gridOf(this.cursor)) + 1 }
    said.state = this.chosen.has(this.cursor) ? words.on : words.off
    said.chosen = filled(words.chosen, () => this.chosen.size)
    this.#say(filled(boards.length > 1 ? words.board : words.cell, (name) => said[name]))
  }

  // --- the gap --------------------------------------------------------------------------------------------------

  /** What came of the answer that was given: {right, gap, says}, in words; undefined where there is none. */
  get outcome() {
    const answer = this.ask && this.#answer
    if (!answer) return undefined
    const { ask } = this
    const words = this.player.data.words.ask
    const { given } = answer
    const cells = ask.takes === "cells"
    const known = given === null ? undefined : ask.answers.find(({ is }) => is.some((one) => (cells ? sameCells(given, one) : equal(given, one))))
    const right = given !== null && (cells ? sameCells(given, ask.right) : equal(given, ask.right))
    const kind = `${given === null ? "given" : right ? "hit" : "miss"}${cells ? "_cells" : ""}`
    const hit = cells && given ? given.filter((m) => ask.right.includes(m)).length : 0
    const said = cells ? { right: ask.right.length, hit, extra: (given ?? []).length - hit } : { right: ask.right, said: given }
    return { right: given === null ? null : right, gap: filled(words[kind], (name) => said[name]), says: right || !known ? ask.because : known.says }
  }

  /** What is drawn over the picture for the question: the asked cells, lit; cells by the kind of their mark; a guessed size. */
  marks(t) {
    const { ask, open } = this
    if (!ask) return {}
    const cells = ask.takes === "cells"
    if (open) {
      const lit = new Map(cells ? ask.hide.asked.map((m) => [m, 0]) : [])
      return { lit, many: { chosen: [...this.chosen], hover: cells && this.cursor !== null ? [this.cursor] : [] } }
    }
    const given = this.#answer?.given ?? null
    if (given === null || t !== ask.step) return {}
    if (cells) {
      const [hit, miss] = [true, false].map((right) => given.filter((m) => ask.right.includes(m) === right))
      return { many: { hit, miss, left: ask.right.filter((m) => !given.includes(m)) } }
    }
    const right = equal(given, ask.right)
    if (ask.hide.gone.length) return { guess: right ? null : { grid: ask.hide.gone[0], size: Number(plain(given)), right: Number(ask.right) } }
    return ask.hide.place < 0 ? {} : { many: { [right ? "hit" : "miss"]: [ask.hide.place] } }
  }

  /** The notes of a step, with the number that was given where another one is right; none under marks of cells. */
  notes(notes, t) {
    const { ask } = this
    const given = ask && !this.open ? this.#answer?.given : null
    if (Array.isArray(given) && t === ask.step) return new Map() // the marks of the answer stand there
    if (typeof given !== "string" || t !== ask.step || ask.hide.place < 0 || ask.hide.gone.length || equal(given, ask.right)) return notes
    return new Map([...notes, [ask.hide.place, `${given}?`]])
  }
}
