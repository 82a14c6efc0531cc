// The tour: the words of the open beat beside the picture, and a button for the next beat.
import { keepFocus } from "./focus.js"
import { marked } from "./words.js"

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
    if (tour) document.dispatchEvent(new CustomEvent("convviz:beat", { detail: tour.n }))
  }

  #show(tour, words) {
    const { find } = this.player
    find("tour").hidden = !tour
    if (!tour) return
    const { n, count, text, stray } = tour
    find("tour").dataset.stray = stray
    find("tour_place").textContent = n ? words.position.replace("{n}", n).replace("{count}", count) : ""
    find("tour_text").replaceChildren(...marked(text))
    const labels = { again: words.again, back: words.back, next: n ? words.next : words.start }
    for (const [part, label] of Object.entries(labels)) find(`tour_${part}`).textContent = label
    find("tour_again").hidden = !stray
    find("tour_back").hidden = n < 2
    find("tour_next").hidden = n === count
  }

  /** Open a beat, so many after the one that is open. */
  go(by) {
    const { n, count } = this.player.data.tour ?? {}
    if (n + by >= 1 && n + by <= count) this.player.send("show", { kind: "beat", n: n + by - 1 })
  }

  /** Let what is spoken of be seen, where the page has been scrolled past it. */
  bring(calmly) {
    const { host, find } = this.player
    const behavior = calmly ? "auto" : "smooth"
    const whole = host.getBoundingClientRect().height < innerHeight - 60
    if (whole || !this.player.data.tour?.n) host.scrollIntoView({ block: "nearest", behavior })
    else find("tour").scrollIntoView({ block: "end", behavior }) // the picture stands right above it
  }
}
