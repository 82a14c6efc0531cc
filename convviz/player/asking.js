// Asking the server for the result of a turned dial or a typed number. The answer is shown at once. The session already
// knows it, so the next run of the page's script finds what is shown.
import { Foresight } from "./foresight.js"
import { alike } from "./scene.js"

const MOMENT = 150 // milliseconds within which one dial's values are one step of the history

export class Asking {
  constructor(player) {
    this.player = player
    this.waiting = []
    this.left = this.runs = 0
    this.link = null // that of the last answer, of which the page's script has not spoken yet
    this.before = "" // that of the last picture that is a step of the history
    this.told = 0 // how many answers the session had been told of by the last that is shown
    this.foresight = new Foresight(async (question) => (await this.#answer({ ...question, foresee: true })).text)
    const on = (target, type, act) => target.addEventListener(type, act, { signal: player.abort.signal })
    on(document, "convviz:ask", (event) => {
      if (!player.data.main || !player.host.isConnected) return
      event.preventDefault() // says that it is taken
      this.ask(event.detail)
    })
    on(document, "convviz:foresee", ({ detail }) => player.data.main && player.host.isConnected && this.#expect(detail))
    player.abort.signal.addEventListener("abort", () => this.foresight.forget())
    on(document, "convviz:sources", () => this.#tellSources())
    on(window, "popstate", () => {
      this.waiting = [] // another picture comes: what was asked for is of no interest any more
      this.left++
    })
  }

  /** The page's script has spoken. */
  heard() {
    this.apart = Boolean(this.player.data.apart)
    this.foresight.forget()
    this.link = null
    this.before = this.player.data.link
    this.runs++
    this.#tellSources()
  }

  /** Whether an answer is shown that the page's script had not heard of when it spoke; then it is to speak again. */
  ahead(data) {
    if (data.session !== this.player.data.session || !(data.heard < this.told)) return false
    this.player.send("show", { kind: "page" })
    return true
  }

  /** Ask what comes of `asked`, {turn} or {edit}; `tell()` tells the page's script. Of one dial the newest counts. */
  ask(question) {
    const { turn } = question.asked
    question.at = performance.now()
    const last = this.waiting.at(-1)?.asked.turn
    if (turn && last?.name === turn.name) {
      turn.commit ||= last.commit && last.value === turn.value
      this.waiting.pop()
    }
    this.waiting.push(question)
    this.#next()
  }

  async #next() {
    if (this.busy || !this.waiting.length) return
    const question = (this.busy = this.waiting.shift())
    const { left, runs } = this
    const here = () => left === this.left && this.player.host.isConnected
    const said = this.#said(question.asked, question.at)
    const foreseen = this.foresight.of(said) ?? (await this.foresight.coming(said))
    if (!here()) return this.#go()
    const early = foreseen && JSON.parse(foreseen)
    if (early) question.shown = true, this.#show(question.asked, early)
    if (early && !keeps(said.turn)) return this.#note(question, { ...early, told: 0 }), this.#go() // nobody has to hear of it
    try {
      const { text, told } = await this.#answer(said)
      if (runs === this.runs) this.foresight.keep(said, text)
      const answer = text === foreseen ? { ...early, told } : { ...JSON.parse(text), told }
      const fits = runs === this.runs // else the page may be in other words or colours now
      const shown = fits && !(answer.refused && question.asked.edit) // the page says why not
      if (!here()) this.#go()
      else if (!shown) question.tell(), this.#go()
      else {
        const dragged = Boolean(answer.refused) && keeps(question.asked.turn) && this.link !== null && this.link !== this.before
        this.#note(question, answer)
        this.#go() // the server computes the next answer while this one is drawn
        if (text !== foreseen) this.#show(question.asked, answer)
        if (dragged) this.player.keep() // it ended at what cannot be; what was shown last stays
      }
    } catch (error) {
      console.warn(`convviz: ${error}`)
      if (here()) question.tell() // the longer way, through the page's script
      if (this.busy === question) this.#go()
    }
  }

  #go() {
    this.busy = null
    this.#next()
  }

  /** All that the server has to know of a question. */
  #said(asked, at = performance.now()) {
    const { link, page, session } = this.player.data
    const { name, single, quiet } = asked.turn ?? {}
    const again = asked.turn && !single && name === this.kept?.name && (quiet || at - this.kept.at < MOMENT)
    return { ...asked, link: this.link ?? link, before: this.before, page, session, again: Boolean(again), apart: this.apart }
  }

  async #answer(said) {
    const answer = await fetch(`answer/${this.player.data.lesson}${said.foresee ? "?foresee" : ""}`, { method: "POST", body: JSON.stringify(said) })
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`)
    return { text: answer.status === 204 ? null : await answer.text(), told: Number(answer.headers.get("convviz-told") ?? 0) }
  }

  /** Foresee what turns would give from what is shown then; rest: false where a hand has only just come to the dial. */
  #expect({ turns, rest }) {
    this.foresight.expect(() => (this.busy ? null : turns.map((turn) => this.#said({ turn }))), rest)
  }

  /** What the next question has to know of an answer. */
  #note({ at, asked: { turn } }, { apart, told, refused, link }) {
    this.apart = apart
    this.told = Math.max(this.told, told)
    if (!refused) this.link = link
    if (keeps(turn)) this.before = this.link ?? this.before
    if (keeps(turn)) this.kept = { name: turn?.name, at }
  }

  /** The controls that have been turned further since: what an answer says of them is not what they show any more. */
  get #pending() {
    const open = [this.busy, ...this.waiting].filter((question) => question && !question.shown)
    return open.map((question) => question.asked.turn?.name).filter(Boolean)
  }

  /** Say where the input comes from, to what shows it: it may have been mounted after the page's script spoke. */
  #tellSources() {
    const { main, input } = this.player.data
    if (!main || !this.player.host.isConnected) return
    document.documentElement.toggleAttribute("data-no-values", input === null) // its popover is not seen then
    if (!input) return
    const pending = this.#pending.includes("x")
    document.dispatchEvent(new CustomEvent("convviz:input", { detail: { ...input, pending } }))
  }

  #show({ turn }, { dials, apart, refused, told, ...shown }) {
    const { player } = this
    if (turn?.name === "x") this.foresight.forget() // a picture of one's own may be another one under the same link
    const scene = { ...alike(player.data.scene), ...shown.scene }
    if (!refused) player.take({ ...shown, scene, undo: player.data.undo || keeps(turn) }, keeps(turn) && !turn?.quiet)
    if (!refused && turn?.quiet) player.address.write(shown.link, player.asks.at, true)
    document.dispatchEvent(new CustomEvent("convviz:dials", { detail: { dials, apart, pending: this.#pending } }))
    this.#tellSources()
  }
}

/** Whether what was asked is a step of the history: a typed number is, a dial only once it has come to rest. */
const keeps = (turn) => !turn || turn.commit

/** Ask; where no player is there to ask, tell the page's script. */
export function ask(asked, tell) {
  const event = new CustomEvent("convviz:ask", { detail: { asked, tell }, cancelable: true })
  if (document.dispatchEvent(event)) tell()
}
