// What the next press of a key on a dial will give is asked beforehand, while the hand rests: its picture is there at once.
const REST = 150 // milliseconds without a change after which it is asked
const MOST = 8 // answers that are kept

/** What makes an answer another one: all that is said but the session, its history and whether it hears of it. */
const sameness = ({ turn, link, page, apart }) => JSON.stringify([turn?.name, turn?.value, link, page, apart])

export class Foresight {
  constructor(ask) {
    this.ask = ask // (question) => the answer as text, or null where the server has something else to do
    this.forget()
  }

  /** Another page, other words, other colours: nothing that was foreseen holds. */
  forget() {
    clearTimeout(this.timer)
    this.known = new Map()
    this.left = this.left + 1 || 0
  }

  /** The answer to a question as text, where it was foreseen. */
  of = (question) => (question.turn ? this.known.get(sameness(question)) : undefined)

  /** Ask soon, one after the other: `questions()` gives them by then, or null while the server is asked something else. */
  expect(questions) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const found = questions()
      if (found) this.#look(found)
      else this.expect(questions)
    }, REST)
  }

  async #look(questions) {
    const { left, timer } = this
    for (const question of questions) {
      const name = sameness(question)
      const answer = this.known.get(name) ?? (await this.ask(question).catch(() => null))
      if (left !== this.left) return
      this.known.delete(name) // the newest come last
      if (answer !== null) this.known.set(name, answer)
      if (this.known.size > MOST) this.known.delete(this.known.keys().next().value)
      if (timer !== this.timer) return // the hand is at work again
    }
  }
}
