// The tour: the words of the open beat, or of what people often think, beside the picture, and a button for the next beat.
import { around, left } from "./fit.js"
import { arrange, keepFocus, oneStop, toolbar } from "./focus.js"
import { picture } from "./swatch.js"
import { marked } from "./words.js"

const MOMENT = 500 // milliseconds within which other parts of the page follow a beat
const PATIENCE = 3000 // milliseconds for which a beat that was asked for is waited for

export class Tour {
  constructor(player) {
    this.player = player
  }

  /** Say the beat that is open, or what the lesson is about where none is. */
  tell() {
    const { data, host } = this.player
    const { tour, words } = data
    const says = JSON.stringify([tour, words.tour])
    if (says === this.says) return
    this.says = says
    keepFocus(host, () => this.#show(tour, words.tour))
    if (tour) document.dispatchEvent(new CustomEvent("convviz:beat", { detail: { beat: tour.n, myth: tour.myth } }))
  }

  #show(tour, words) {
    const { find } = this.player
    find("tour").hidden = !tour
    if (!tour) return
    const { n, count, text, stray, myth, think = "", tries = [] } = tour
    find("tour").dataset.stray = stray
    find("tour_place").textContent = n ? words.position.replace("{n}", n).replace("{count}", count) : ""
    if (myth) find("tour_place").textContent = words.myth
    find("tour_think").replaceChildren(...marked(think))
    find("tour_think").hidden = !think
    const chosen = tries.find((one) => one.chosen)
    find("tour_text").replaceChildren(...marked(chosen ? `${text} ${chosen.does}` : text))
    this.#offer(tries)
    const labels = { again: words.again, back: words.back, next: n ? words.next : words.start }
    for (const [part, label] of Object.entries(labels)) find(`tour_${part}`).textContent = label
    find("tour_again").hidden = !stray
    find("tour_back").hidden = n < 2
    find("tour_next").hidden = n === count
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
    const { n: told, count, myth } = this.player.data.tour ?? {}
    const waits = this.aim && this.aim.from === told && performance.now() - this.aim.at < PATIENCE
    const n = waits ? this.aim.n : told // quick presses go on from each other, not from what is still told
    this.aim = { n: n + by, from: told, at: performance.now() }
    if (myth && !by) this.player.send("show", { kind: "myth", n: myth - 1 })
    else if (n + by >= 1 && n + by <= count) this.player.send("show", { kind: "beat", n: n + by - 1 })
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
