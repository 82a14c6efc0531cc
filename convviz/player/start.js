// The start: a picture that moves, and cards in groups. It knows words and links, and nothing else.
import { Card } from "./cards.js"
import { keepFocus } from "./focus.js"
import { Hero } from "./hero.js"

const COLOURS = ["accent", "ground", "ink"]

const made = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text })

export class Start {
  constructor(host) {
    this.host = host
    this.style = document.createElement("style")
    this.boxes = document.createElement("div")
    host.append(this.style, this.boxes)
    this.resize = new ResizeObserver(() => this.hero?.fit())
    this.resize.observe(host)
  }

  update(data) {
    this.#stop()
    this.style.textContent = data.css + (data.cards || data.css.replaceAll(".hero ", ".cards "))
    for (const name of COLOURS) {
      this.host.style.setProperty(`--${name}`, data[name])
      this.host.style.setProperty(`--paper-${name}`, data.paper[name])
      this.host.style.setProperty(`--shown-${name}`, data.shown[name])
    }
    keepFocus(this.host, () => this.#build(data))
  }

  #build(data) {
    const box = made("section", "hero")
    this.cards = []
    const groups = data.groups.map((group) => this.#group(group, data))
    this.boxes.replaceChildren(box, ...groups)
    const open = (to, step) => this.send("open", { to, step })
    this.hero = new Hero(box, data.hero, data.common, open, this.hero)
  }

  #group({ name, title, hint, cards }, { common, step_ms }) {
    const section = made("section", `group ${name}`)
    const row = made("div", "cards")
    for (const said of cards) {
      const card = new Card(said, common, step_ms, () => this.send("open", { to: said.to }))
      this.cards.push(card)
      row.append(card.link)
    }
    section.append(made("h2", "", title), ...(hint ? [made("p", "hint", hint)] : []), row)
    return section
  }

  /** The page is light or dark now: its script is asked for the pictures in the new colours. */
  recoloured() {
    this.send("open", {})
  }

  #stop() {
    this.hero?.stop()
    for (const card of this.cards ?? []) card.stop()
  }

  destroy() {
    this.#stop()
    this.resize.disconnect()
  }
}
