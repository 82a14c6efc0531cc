// The story: a lesson's beats and what people often think. Words that name parts of the picture light them up there.
import { component } from "./mount.js"
import { marked } from "./words.js"

class Story {
  constructor(host) {
    this.host = host
    for (const [type, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      host.addEventListener(type, (event) => {
        const ref = event.target.closest?.("[data-ref]")?.dataset.ref
        if (ref) document.dispatchEvent(new CustomEvent("convviz:refer", { detail: on ? ref : "" }))
      })
    }
    this.abort = new AbortController()
    const heard = ({ detail }) => this.data && this.#open(detail)
    document.addEventListener("convviz:beat", heard, { signal: this.abort.signal })
  }

  destroy() {
    this.abort.abort()
  }

  /** The page is light or dark now: its script is to know. */
  recoloured() {
    this.send("show", { kind: "page" })
  }

  update(data) {
    this.data = data
    for (const name of ["accent", "ink", "ground"]) this.host.style.setProperty(`--${name}`, data[name])
    const open = new Set([...this.host.querySelectorAll("details[open]")].map((d) => d.dataset.name))
    this.host.replaceChildren(this.#tour(), this.#myths(open))
    this.#open(data.open)
  }

  /** Mark the beat that is open. */
  #open(number) {
    this.host.querySelectorAll("li").forEach((item, n) => {
      item.classList.toggle("open", n + 1 === number)
      item.querySelector("button").setAttribute("aria-pressed", n + 1 === number)
    })
  }

  #tour() {
    const { beats, words } = this.data
    const section = this.#section(words.tour)
    const list = document.createElement("ol")
    beats.forEach((beat, n) => {
      const item = document.createElement("li")
      item.append(this.#text("p", beat.text), this.#button("beat", n))
      list.append(item)
    })
    section.append(list)
    return section
  }

  #myths(open) {
    const { myths, words } = this.data
    const section = this.#section(words.myths)
    myths.forEach((myth, n) => {
      const box = document.createElement("details")
      box.dataset.name = n
      box.open = open.has(String(n))
      box.append(this.#text("summary", myth.think), this.#text("p", myth.so), this.#button("myth", n))
      section.append(box)
    })
    section.hidden = !myths.length
    return section
  }

  #section(title) {
    const section = document.createElement("section")
    const heading = document.createElement("h2")
    heading.textContent = title
    section.append(heading)
    return section
  }

  #button(kind, n) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = this.data.words.show
    button.onclick = () => this.send("show", { kind, n })
    return button
  }

  #text(tag, text) {
    const node = document.createElement(tag)
    node.append(...marked(text))
    return node
  }
}

export default component("story", Story)
