// Asking the server what comes of a turned dial or a typed number. The answer is shown at once; the page's session is
// told afterwards, when nothing more has been asked for a while, or before anything else of the page is used.

const WHILE = 1500 // milliseconds
const MOMENT = 150 // milliseconds within which one dial's values are one step of the history
const HEARD = 60 // milliseconds after which the session has heard what it was told
const TRAIL = 30 // steps of the history that are told at most, the newest
const OURS = ".player, .panel"

export class Asking {
  constructor(player) {
    this.player = player
    this.waiting = []
    this.trail = [] // what was shown and kept, and the session does not know: {name, link, at}
    this.visit = 0
    const on = (target, type, act) => target.addEventListener(type, act, { capture: true, signal: player.abort.signal })
    on(document, "convviz:ask", (event) => {
      if (!player.data.main || !player.host.isConnected) return
      event.preventDefault() // says that it is taken
      this.ask(event.detail)
    })
    const elsewhere = (event) => event.composedPath().some((node) => node.matches?.(OURS)) || this.tell()
    on(document, "pointerdown", elsewhere)
    on(document, "keydown", elsewhere)
    on(document, "click", (event) => this.#hold(event))
    on(window, "popstate", () => this.#forget())
  }

  /** The page's script has spoken: what is shown is what the session knows. */
  known() {
    this.apart = Boolean(this.player.data.apart)
    this.told = this.#last()
    this.#forget()
  }

  #last() {
    return `${this.player.data.link} ${this.apart}`
  }

  /** Ask what comes of `asked`, {turn} or {edit}; `tell(more)` tells the session of it. Of one dial the newest counts. */
  ask(question) {
    const { turn } = question.asked
    const now = this.busy?.asked.turn
    if (turn && now?.name === turn.name && now.value === turn.value && !this.waiting.length) now.commit ||= turn.commit
    else {
      const last = this.waiting.at(-1)?.asked.turn
      if (turn && last?.name === turn.name) this.waiting.pop()
      this.waiting.push(question)
    }
    this.starting ??= setTimeout(() => this.#next()) // a key says input and change in one go
  }

  async #next() {
    this.starting = null
    if (this.busy || !this.waiting.length) return
    const question = (this.busy = this.waiting.shift())
    const { visit } = this
    try {
      const answer = await this.#answer(question.asked)
      if (visit === this.visit) this.#show(question, answer)
    } catch (error) {
      console.warn(`convviz: ${error}`)
      question.tell({}) // the longer way, through the page's script
    }
    this.busy = null
    this.#next()
  }

  async #answer(asked) {
    const { data } = this.player
    const query = new URLSearchParams(data.link)
    for (const [name, value] of Object.entries(asked)) query.set(name, JSON.stringify(value))
    if (this.apart) query.set("apart", "1")
    query.set("page", data.page)
    const answer = await fetch(`answer/${data.lesson}?${query}`)
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`)
    return answer.json()
  }

  #show({ asked, tell }, { dials, apart, refused, ...shown }) {
    const { player } = this
    const kept = Boolean(asked.edit || asked.turn.commit)
    if (refused && asked.edit) return tell({}) // the page says why
    this.apart = apart
    if (!refused) player.take({ ...shown, undo: player.data.undo || kept }, kept)
    document.dispatchEvent(new CustomEvent("convviz:dials", { detail: { dials, apart } }))
    if (!kept || this.told === this.#last()) return
    const [name, at] = [asked.turn?.name, performance.now()]
    const before = this.trail.at(-1)
    if (before && name && before.name === name && at - before.at < MOMENT) this.trail.pop()
    this.trail.push({ name, at, link: player.data.link })
    this.untold = tell
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.tell(), WHILE)
  }

  /** Tell the session what is shown, if it does not know. */
  tell() {
    const { untold } = this
    if (!untold) return
    this.toldAt = performance.now()
    untold(this.news())
  }

  /** What the session may not know yet, for a message that carries it: the links of what was kept, the last one last. */
  news() {
    const links = this.trail.map(({ link }) => link)
    this.#forgetTelling()
    this.told = this.#last()
    return { links: links.slice(-TRAIL), apart: this.apart }
  }

  /** A click that comes as fast as only a program's: it waits until the session has been told. */
  #hold(event) {
    const early = this.toldAt + HEARD - performance.now()
    if (!(early > 0) || !event.isTrusted) return
    event.stopImmediatePropagation()
    event.preventDefault()
    const [target] = event.composedPath()
    setTimeout(() => target.click(), early)
  }

  /** Another picture is here or comes: what was asked for is of no interest any more. */
  #forget() {
    this.#forgetTelling()
    this.waiting = []
    this.visit++
  }

  #forgetTelling() {
    clearTimeout(this.telling)
    this.untold = null
    this.trail = []
  }
}

/** Ask; where no player is there to ask, tell the session, which answers by running the page. */
export function ask(asked, tell) {
  const event = new CustomEvent("convviz:ask", { detail: { asked, tell }, cancelable: true })
  if (document.dispatchEvent(event)) tell({})
}
