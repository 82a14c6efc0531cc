// What the next press of a key on a dial will give is asked beforehand, while the hand rests: its picture is there at once.
const REST = 150 // milliseconds without a change after which it is asked
const MOST = 8 // answers that are kept

/** What makes an answer another one: all that is said but the session, its history and whether it hears of it. */
const sameness = ({ turn, link, page, apart }) => JSON.stringify([turn?.name, turn?.value, link, page, apart])

export class Foresight {
  constructor(ask) {
    this.ask = ask // (question) => the answer as text, or null where the server has something else to do
    this.known = new Map() // answers, by what makes them other ones
  }

  /** Nothing that was foreseen holds any more: something has changed that no question says. */
  forget() {
    clearTimeout(this.timer)
    this.known = new Map()
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
    const { known, timer } = this
    for (const question of questions) {
      const name = sameness(question)
      const answer = known.get(name) ?? (await this.ask(question).catch(() => null))
      known.delete(name) // the newest come last
      if (answer !== null) known.set(name, answer)
      if (known.size > MOST) known.delete(known.keys().next().value)
      if (known !== this.known || timer !== this.timer) return // all was forgotten, or the hand is at work again
    }
  }
}
