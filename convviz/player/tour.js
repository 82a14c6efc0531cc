// The tour: the words of the open beat, or of what people often think, beside the picture, and a button for the next beat.
import { answerOf } from "./answers.js"
import { around, left } from "./fit.js"
import { arrange, keepFocus, oneStop, toolbar } from "./focus.js"
import { picture } from "./swatch.js"
import { joined, marked } from "./words.js"

const MOMENT = 500 // milliseconds within which other parts of the page follow a beat
const PATIENCE = 3000 // milliseconds for which a beat that was asked for is waited for

/** Where one is in the tour: the number of the beat; the challenge comes after the last of them. */
const place = ({ n, count, challenge }) => (challenge ? count + 1 : n)

/** What came of an answer: the gap, why, and then the words of the beat. */
function gap({ right, gap, says }, said) {
  const node = Object.assign(document.createElement("b"), { className: "gap", textContent: gap })
  if (right !== null) node.dataset.right = right // nothing where the answer was shown
  return [node, ...marked(joined(gap, says, said).slice(gap.length))]
}

/** A goal of the challenge, and whether it is met. */
function reached({ text, met }, words) {
  const item = document.createElement("li")
  item.dataset.met = met
  item.append(Object.assign(document.createElement("span"), { className: "state", textContent: met ? words.met : words.open }), text)
  return item
}

export class Tour {
  constructor(player) {
    this.player = player
  }

  /** Say the beat that is open, or what the lesson is about where none is. */
  tell() {
    const { data, host } = this.player
    const { tour, words } = data
    const { asks } = this.player
    const says = JSON.stringify([tour, words.tour, words.ask, asks.outcome ?? this.#waits(tour)])
    if (says === this.says) return
    this.says = says
    keepFocus(host, () => (this.#show(tour, words.tour), asks.tell()))
    if (tour) document.dispatchEvent(new CustomEvent("convviz:beat", { detail: { beat: tour.n, myth: tour.myth, challenge: tour.challenge ?? 0 } }))
  }

  /** Whether a beat has a question without an answer: then its text, which has the answer, is not said. */
  #waits(tour) {
    return Boolean(tour?.asks) && !answerOf(this.player.data.lesson, tour.asks)
  }

  #show(tour, words) {
    const { find } = this.player
    find("tour").hidden = !tour
    if (!tour) return
    const { count, text, stray, myth, think = "", tries = [], goals = [], challenge = 0, solved = "" } = tour
    const n = place(tour)
    const [waits, outcome] = [this.#waits(tour), this.player.asks.outcome]
    find("tour").dataset.stray = stray
    find("tour").dataset.solved = Boolean(solved)
    find("tour_place").textContent = n ? words.position.replace("{n}", n).replace("{count}", count) : ""
    if (myth) find("tour_place").textContent = words.myth
    if (challenge) find("tour_place").textContent = words.challenge
    find("tour_think").replaceChildren(...marked(think))
    find("tour_think").hidden = !think
    const chosen = tries.find((one) => one.chosen)
    const said = waits ? tour.question : solved || (chosen ? joined(text, chosen.does) : text)
    find("tour_text").replaceChildren(...(outcome ? gap(outcome, said) : marked(said)))
    find("goals").hidden = !goals.length
    find("goals").replaceChildren(...goals.map((goal) => reached(goal, words)))
    this.#offer(tries)
    const next = n === count ? words.challenge : n ? words.next : words.start
    const labels = { again: challenge ? words.restart : words.again, back: words.back, next }
    for (const [part, label] of Object.entries(labels)) find(`tour_${part}`).textContent = label
    find("tour_again").hidden = !stray && !challenge
    find("tour_back").hidden = n < 2
    find("tour_next").hidden = n > count
  }

  /** The kernels that can be tried, as buttons with their pictures. */
  #offer(tries) {
    const group = this.player.find("tries")
    group.hidden = !tries.length
    if (!group.role) toolbar(group)
    const buttons = tries.map(({ value, label, picture: shown, chosen }) => {
      const known = [...group.children].find((one) => one.dataset.value === value)
      const button = known ?? Object.assign(document.createElement("button"), { type: "button", className: "words" })
      button.dataset.value = value
      button.setAttribute("aria-pressed", chosen)
      button.replaceChildren(picture(shown), label)
      const turn = { name: "kernel", value }
      button.onclick = () => document.dispatchEvent(new CustomEvent("convviz:turn", { detail: turn }))
      return button
    })
    arrange(group, buttons)
    if (tries.length) oneStop(group)
  }

  /** Open a beat, so many after the one that is open. */
  go(by) {
    const { tour } = this.player.data
    const { count, myth } = tour ?? {}
    const told = tour && place(tour)
    const waits = this.aim && this.aim.from === told && performance.now() - this.aim.at < PATIENCE
    const n = waits ? this.aim.n : told // quick presses go on from each other, not from what is still told
    this.aim = { n: n + by, from: told, at: performance.now() }
    if (myth && !by) this.player.send("show", { kind: "myth", n: myth - 1 })
    else if (n + by >= 1 && n + by <= count) this.player.send("show", { kind: "beat", n: n + by - 1 })
    else if (n + by === count + 1) this.player.send("show", { kind: "challenge", n: 0 })
  }

  /** The room has changed: what was just brought into sight is looked for again. */
  settle() {
    if (performance.now() - this.brought < MOMENT) this.bring(true)
  }

  /** Let what is spoken of be seen, where the page has been scrolled past it. */
  bring(calmly) {
    const { host, find } = this.player
    this.brought = performance.now()
    const behavior = calmly ? "auto" : "smooth"
    const whole = host.getBoundingClientRect().height < innerHeight - 60
    const docked = find("dock").contains(find("tour")) // then it is in sight wherever the picture is
    const { top, bottom } = find("stage").getBoundingClientRect()
    if (docked && top >= 0 && bottom <= innerHeight - find("dock").offsetHeight + 1) return
    if (docked && find("stage").offsetHeight <= left(this.player) + 1) { // at the top of the page the dials are seen as well
      for (const one of around(host)) if (one.scrollTop) one.scrollTo({ top: 0, behavior })
      return
    }
    if (whole || docked) host.scrollIntoView({ block: whole ? "nearest" : "start", behavior })
    else find("tour").scrollIntoView({ block: "end", behavior }) // the picture stands right above it
  }
}
