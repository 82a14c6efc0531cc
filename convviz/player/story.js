// The story: a lesson's beats and what people often think. Words that name parts of the picture light those parts up.
import { answerOf, secret, whenAnswered } from "./answers.js"
import { keepFocus } from "./focus.js"
import { marked } from "./words.js"

export class Story {
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
    whenAnswered(() => this.data && this.#tell(), this.abort.signal)
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
    keepFocus(this.host, () => {
      const shape = JSON.stringify([data.beats, data.myths, data.codes].map(({ length }) => length))
      if (shape !== this.shape) this.#build(data.beats.length, data.myths.length, data.codes.length)
      this.shape = shape
      this.#tell()
      this.#open(data.open)
    })
  }

  /** The elements: their words come from `#tell`, which changes no more of them than is another now. */
  #build(beats, myths, codes) {
    const list = document.createElement("ol")
    this.beats = Array.from({ length: beats }, (_, n) => this.#part("li", ["p"], "beat", n))
    this.challenge = this.#part("li", ["p"], "challenge", 0)
    this.challenge.box.classList.add("last")
    list.append(...this.beats.map(({ box }) => box), this.challenge.box)
    this.myths = Array.from({ length: myths }, (_, n) => this.#part("details", ["summary", "p"], "myth", n))
    this.codes = Array.from({ length: codes }, code)
    this.sections = [[list], this.myths.map(({ box }) => box), this.codes.map(({ box }) => box)].map((children) => {
      const section = document.createElement("section")
      section.append(document.createElement("h2"), ...children)
      return section
    })
    this.sections[1].hidden = !myths
    this.sections[2].hidden = !codes
    this.host.replaceChildren(...this.sections)
  }

  /** A beat or a myth: its texts, and the button that shows it. */
  #part(tag, texts, kind, n) {
    const box = document.createElement(tag)
    const words = texts.map((one) => document.createElement(one))
    const button = document.createElement("button")
    button.type = "button"
    button.id = `${kind}-${n}`
    button.onclick = () => this.send("show", { kind, n })
    box.append(...words, button)
    return { box, words, button }
  }

  #tell() {
    const { beats, myths, codes, words, lesson, challenge } = this.data
    const titles = [words.tour, words.myths, words.codes]
    this.sections.forEach((section, n) => write(section.firstChild, titles[n]))
    const number = secret() // what an open question asks for is said nowhere else
    const told = (text) => (number && tells(text, number) ? words.waits : text)
    write(this.challenge.words[0], told(`${words.challenge}: ${challenge}`))
    this.challenge.button.textContent = words.begin
    this.challenge.button.setAttribute("aria-label", `${words.challenge}: ${words.begin}`)
    beats.forEach(({ text, asks, question }, n) => {
      write(this.beats[n].words[0], asks && !answerOf(lesson, asks) ? question : told(text)) // the text has the answer
      this.#name(this.beats[n].button, `${n + 1}`)
    })
    myths.forEach(({ think, so }, n) => {
      const [question, answer] = this.myths[n].words
      write(question, told(think))
      write(answer, told(so))
      this.#name(this.myths[n].button, question.textContent)
    })
    codes.forEach(({ label, text }, n) => {
      const { title, shown, button } = this.codes[n]
      title.textContent = label
      shown.textContent = text
      button.textContent = words.copy
      button.setAttribute("aria-label", `${words.copy}: ${label}`)
      button.onclick = () => copied(text, shown).then((done) => (button.textContent = done ? words.copied : words.selected))
    })
  }

  /** What a button is called; where it is read out alone, also what it shows. */
  #name(button, shows) {
    const { show } = this.data.words
    button.textContent = show
    button.setAttribute("aria-label", `${show}: ${shows}`)
  }

  /** Mark what is open, {beat, myth, challenge}. */
  #open({ beat, myth, challenge }) {
    const mark = (parts, number) =>
      parts.forEach(({ box, button }, n) => {
        box.classList.toggle("open", n + 1 === number)
        button.setAttribute("aria-pressed", n + 1 === number)
      })
    mark(this.beats, beat)
    mark(this.myths, myth)
    mark([this.challenge], challenge)
  }
}

/** A text to copy, with its button. */
function code() {
  const [box, title, frame, shown, button] = ["details", "summary", "pre", "code", "button"].map((tag) => document.createElement(tag))
  button.type = "button"
  frame.tabIndex = 0 // it may have to be scrolled
  frame.append(shown)
  box.append(title, frame, button)
  return { box, title, shown, button }
}

/** Copy a text; where the browser does not allow it, select it where it stands. */
async function copied(text, shown) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    getSelection().selectAllChildren(shown)
    return false
  }
}

/** Whether a text has a number among its own. */
function tells(text, number) {
  return (text.replaceAll(",", "").match(/[−-]?\d+(\.\d+)?/g) ?? []).includes(number)
}

/** Put a text with its references into an element, unless it is there. */
function write(node, text) {
  if (node.says !== text) node.replaceChildren(...marked(text))
  node.says = text
}
