// A box to paste code or an error message into, behind a button: what of it is not understood is listed under it, by line and
// column, and what was pasted stays. Beside it the code of what is shown, to copy. It knows texts, and nothing else.
import { Menu } from "./menu.js"

const KEPT = "convviz:pasted"

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)

/** What was pasted before the page was loaded anew; a browser may keep nothing. */
const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {}
  } catch {
    return {}
  }
}

const keep = (said) => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(said))
  } catch {} // then it is kept by the page alone
}

export class Paste {
  /** choose({text, input}): this was pasted, for an input of this shape. */
  constructor(dial, choose) {
    this.row = made("div", "tiles paste")
    this.button = made("button", "opener", { type: "button", id: `dial-${dial.name}` })
    this.list = made("div", "list sheet")
    this.text = made("textarea", "", { rows: 9, spellcheck: false })
    this.input = made("input", "", { type: "text", maxLength: 40 })
    this.label = made("label", "size")
    this.sized = made("span")
    this.label.append(this.sized, this.input)
    this.go = made("button", "go", { type: "button" })
    this.problems = made("ul", "problems")
    const told = made("div", "", { role: "status" })
    this.rest = made("p", "rest")
    told.append(this.problems, this.rest)
    this.written = made("p", "written")
    this.codes = made("div", "codes")
    const tools = made("div", "tools")
    tools.append(this.label, this.go)
    this.list.append(this.text, tools, told, this.written, this.codes)
    this.row.append(this.button, this.list)
    const before = kept()
    this.text.value = before.text ?? ""
    this.own = before.input // the shape that a person typed, else that of what is shown
    this.menu = new Menu(this.button, this.list, () => this.text.focus())
    this.input.oninput = () => (this.own = this.input.value)
    this.go.onclick = () => {
      const said = { text: this.text.value.slice(-this.longest), input: this.input.value } // a traceback ends with its message
      keep({ ...said, input: this.own })
      choose(said)
    }
    this.text.oninput = () => this.#list([], "") // they were about another text
    this.list.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation())
  }

  refresh(dial) {
    this.row.title = dial.help
    this.longest = dial.longest
    this.button.textContent = dial.label
    this.text.placeholder = dial.placeholder
    this.text.setAttribute("aria-label", dial.label)
    this.sized.textContent = dial.sized
    this.go.textContent = dial.go
    if (document.activeElement !== this.input) this.input.value = this.own ?? ""
    this.input.placeholder = dial.input
    if (dial.problems) this.#list(dial.problems, dial.rest)
    this.written.textContent = dial.written
    this.written.hidden = !dial.codes.length
    const said = JSON.stringify(dial.codes)
    if (said !== this.said) this.codes.replaceChildren(...dial.codes.map(([name, text]) => this.#code(name, text, dial)))
    this.said = said
  }

  /** Say what is not understood; and what is shown all the same. */
  #list(problems, rest) {
    this.rest.textContent = rest
    this.problems.replaceChildren(...problems.map(([text, line, column]) => {
      const item = made("li")
      const place = made("button", "", { type: "button", textContent: text })
      place.onclick = () => this.#show(line, column)
      item.append(line ? place : text)
      return item
    }))
  }

  /** Put the caret at a place of the text. */
  #show(line, column) {
    const lines = this.text.value.split("\n")
    const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1
    this.text.focus()
    this.text.setSelectionRange(at, at + 1)
  }

  #code(name, text, { copy, copied }) {
    const box = made("details")
    const button = made("button", "copy", { type: "button", textContent: copy })
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(text)
        button.textContent = copied
      } catch {
        getSelection().selectAllChildren(code)
      }
    }
    const code = made("pre", "", { textContent: text })
    box.append(made("summary", "", { textContent: name }), button, code)
    return box
  }
}
