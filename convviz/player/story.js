// The story: a lesson's beats and what people often think. Words that name parts of the picture light them up there.
import { component } from "./mount.js"

class Story {
  constructor(host) {
    this.host = host
    for (const [type, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      host.addEventListener(type, (event) => {
        const ref = event.target.closest?.("[data-ref]")?.dataset.ref
        if (ref) document.dispatchEvent(new CustomEvent("convviz:refer", { detail: on ? ref : "" }))
      })
    }
  }

  /** The page is light or dark now: its script is to know. */
  recoloured() {
    this.send("show", { kind: "page" })
  }

  update(data) {
    this.data = data
    for (const name of ["accent", "ink", "ground"]) this.host.style.setProperty(`--${name}`, data[name])
    const open = new Set([...this.host.querySelectorAll("details[open]")].map((d) => d.dataset.name))
    const intro = this.#text("p", data.intro)
    intro.className = "intro"
    this.host.replaceChildren(intro, this.#tour(), this.#myths(open))
  }

  #tour() {
    const { beats, words, open } = this.data
    const section = this.#section(words.tour)
    const list = document.createElement("ol")
    beats.forEach((beat, n) => {
      const item = document.createElement("li")
      item.className = n + 1 === open ? "open" : ""
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
    button.setAttribute("aria-pressed", kind === "beat" && n + 1 === this.data.open)
    button.onclick = () => this.send("show", { kind, n })
    return button
  }

  /** Words with references, [role|words], as elements; everything else as plain text. */
  #text(tag, text) {
    const node = document.createElement(tag)
    for (const piece of text.split(/(\[[a-z]+\|[^\]]*\])/)) {
      const found = /^\[([a-z]+)\|([^\]]*)\]$/.exec(piece)
      if (!found) node.append(piece)
      else {
        const span = document.createElement("span")
        span.className = "ref"
        span.dataset.ref = found[1]
        span.textContent = found[2]
        node.append(span)
      }
    }
    return node
  }
}

export default component("story", Story)
