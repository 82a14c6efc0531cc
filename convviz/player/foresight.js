// What the next press of a key on a dial will give is asked beforehand, while the hand rests: its picture is there at once.
// What was answered is kept as well: a slider that is dragged back shows the same pictures without asking again.
const REST = 80 // milliseconds without a change after which it is asked
const MOST = 64 // answers that are kept,
const LETTERS = 8e6 // and how long they may be together

/** What makes an answer another one: all that is said but the session, its history and whether it hears of it. */
const sameness = ({ turn, link, page, apart }) => JSON.stringify([turn?.name, turn?.value, turn?.commit, link, page, apart])

export class Foresight {
  constructor(ask) {
    this.ask = ask // (question) => the answer as text, or null where the server has something else to do
    this.forget()
  }

  /** Nothing that was foreseen holds any more: something has changed that no question says. */
  forget() {
    clearTimeout(this.timer)
    this.known = new Map() // answers, by what makes them other ones
    this.letters = 0
    this.asked = null
  }

  /** The answer to a question as text, where it was foreseen or given before. */
  of = (question) => (question.turn ? this.known.get(sameness(question)) : undefined)

  /** The answer to a question that is asked beforehand just now, so that nothing is asked twice; null for another one.
   * The hand is at work again: what was to be asked after it is not. */
  async coming(question) {
    clearTimeout(this.timer)
    this.timer = null
    return question.turn && this.asked?.name === sameness(question) ? this.asked.answer : null
  }

  /** Keep an answer; the newest come last, and the oldest are given up. */
  keep(question, answer) {
    if (!question.turn || answer === null) return
    this.#drop(sameness(question))
    this.known.set(sameness(question), answer)
    this.letters += answer.length
    while (this.known.size > MOST || this.letters > LETTERS) this.#drop(this.known.keys().next().value)
  }

  #drop(name) {
    this.letters -= this.known.get(name)?.length ?? 0
    this.known.delete(name)
  }

  /** Ask after a rest, or at once, one after the other: `questions()` gives them then, or null while another is asked. */
  expect(questions, rest = true) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const found = questions()
      if (found) this.#look(found)
      else this.expect(questions)
    }, rest ? REST : 0)
  }

  async #look(questions) {
    const { known, timer } = this
    for (const question of questions) {
      const answer = this.of(question) ?? (await this.#ask(question))
      if (known !== this.known) return // all was forgotten
      this.keep(question, answer)
      if (timer !== this.timer) return // the hand is at work again
    }
  }

  #ask(question) {
    const { known } = this
    const answer = this.ask(question).then((text) => (known === this.known ? text : null), () => null)
    this.asked = { name: sameness(question), answer }
    return answer
  }
}
