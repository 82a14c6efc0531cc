// A card: a picture that leads to a lesson. It rests in the middle of what it shows, and plays while it is pointed at.
import { moments } from "./moments.js"
import { Scene } from "./scene.js"
import { Stage } from "./stage.js"
import { Transport } from "./transport.js"

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

/** Make a link open within the page; a click that asks for another tab or window is the browser's. */
export function opens(link, open) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    open()
  })
}

export class Card {
  /** said: {to, href, title, text, step, scene}; open(): what a press does. */
  constructor(said, common, pace, open) {
    this.rest = said.step
    this.link = document.createElement("a")
    Object.assign(this.link, { className: "card", href: said.href })
    this.link.dataset.part = said.to
    this.link.innerHTML = '<div class="picture"><svg aria-hidden="true"></svg></div><b></b><span></span>'
    const [box, title, text] = this.link.children
    title.textContent = said.title
    text.textContent = said.text
    this.scene = new Scene({ ...common, ...said.scene })
    this.stage = new Stage(box.firstChild)
    this.stage.cell = 0 // no number can be read
    this.transport = new Transport({
      show: (glide) => this.#show(glide),
      moments: (t, slowly) => moments(this.scene, t, slowly),
      changed: () => (this.link.dataset.playing = this.transport.playing),
      rest: () => {},
      seen: () => true,
      gone: () => !this.link.isConnected,
    })
    this.stage.load(this.scene, this.rest)
    this.transport.load(this.scene, pace, this.rest)
    this.#show(0)
    opens(this.link, open)
    this.#listen()
  }

  #listen() {
    const on = (type, act) => this.link.addEventListener(type, act)
    on("pointerenter", (event) => event.pointerType === "touch" || this.play())
    on("pointerleave", () => this.#leave())
    on("focus", () => this.link.matches(":focus-visible") && this.play())
    on("blur", () => this.#leave())
  }

  play() {
    if (!still()) this.transport.play()
  }

  /** Rest again, unless it is still pointed at or has the keyboard. */
  #leave() {
    if (this.link.matches(":hover, :focus-visible")) return
    this.transport.pause()
    this.transport.seek(this.rest)
  }

  #show(glide) {
    const { t } = this.transport
    this.stage.show(t, glide, t, this.transport)
    this.link.dataset.step = t
  }

  stop() {
    this.transport.stop()
  }
}
