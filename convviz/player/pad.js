// A pad to draw on, behind a button that shows what is drawn: with a mouse, a pen, a finger, or the arrow keys. The picture
// follows while a line is drawn; each line that ends is a step of the history. It knows cells of ink, and nothing else.
import { SIDE, blank, draw, read, written } from "./inked.js"
import { Menu } from "./menu.js"

const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }
const MARK = "b" // begins the text of a drawing among those of other values

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)

export class Pad {
  /** choose(value, commit): what is drawn now, as a text; commit: a line has ended. */
  constructor(dial, choose) {
    Object.assign(this, { choose, cells: blank(), from: null, at: [SIDE / 2, SIDE / 4], pen: dial.pens.at(-1)[0] })
    this.row = made("div", "tiles pad")
    this.button = made("button", "opener", { type: "button", id: `dial-${dial.name}` })
    this.small = made("canvas", "drawn", { width: SIDE, height: SIDE })
    this.name = made("b")
    this.button.append(this.small, this.name)
    this.list = made("div", "list sheet")
    this.paper = made("canvas", "paper", { width: SIDE, height: SIDE, tabIndex: 0 })
    this.paper.dataset.part = "paper"
    this.tools = made("div", "tools")
    this.pens = dial.pens.map(([pen, text]) => this.#tool(text, () => this.#take(pen), `pen-${pen}`))
    this.clear = this.#tool("", () => this.#end(this.cells.fill(0)), "clear")
    this.tools.append(...this.pens, this.clear)
    this.help = made("p", "line")
    this.hint = made("p", "line keys")
    this.list.append(this.paper, this.tools, this.help, this.hint)
    this.row.append(this.button, this.list)
    this.menu = new Menu(this.button, this.list, () => this.paper.focus())
    this.#hand()
    this.#keys()
    this.#take(this.pen)
  }

  #tool(textContent, onclick, name) {
    const tool = made("button", "", { type: "button", textContent, onclick })
    tool.dataset.value = name
    return tool
  }

  #take(pen) {
    this.pen = pen
    for (const one of this.pens) one.setAttribute("aria-pressed", one.dataset.value === `pen-${pen}`)
  }

  refresh(dial, pending) {
    this.row.title = dial.help
    this.name.textContent = dial.label
    this.clear.textContent = dial.clear
    this.help.textContent = dial.help
    this.hint.textContent = dial.keys
    this.paper.setAttribute("aria-label", dial.paper)
    if (this.from || pending) return // what is drawn now is newer
    this.cells = dial.value.startsWith(MARK) ? read(dial.value.slice(MARK.length)) : blank()
    this.#show()
  }

  /** Where the pointer is, in cells. */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.paper.getBoundingClientRect()
    return [((clientX - left) * SIDE) / width, ((clientY - top) * SIDE) / height]
  }

  #hand() {
    const { paper } = this
    paper.onpointerdown = (event) => {
      if (event.button || !event.isPrimary) return
      event.preventDefault()
      paper.focus({ preventScroll: true })
      paper.setPointerCapture(event.pointerId)
      this.#line(this.#place(event))
    }
    paper.onpointermove = (event) => {
      if (!this.from) return
      const all = event.getCoalescedEvents?.() ?? []
      for (const one of all.length ? all : [event]) this.#line(this.#place(one))
    }
    paper.onpointerup = paper.onpointercancel = () => this.from && this.#end()
  }

  #line(to) {
    draw(this.cells, this.from ?? to, to, this.pen)
    this.from = to
    this.#show()
    this.choose(MARK + written(this.cells), false)
  }

  #end() {
    this.from = null
    this.#show()
    this.choose(MARK + written(this.cells), true)
  }

  /** Arrows move the pen, which draws while Shift is held, and Space makes a dot. */
  #keys() {
    this.paper.onkeydown = (event) => {
      const way = KEYS[event.key]
      if (event.ctrlKey || event.metaKey || event.altKey || !(way || event.key === " ")) return
      event.preventDefault()
      event.stopPropagation()
      const before = this.at
      this.at = before.map((place, n) => Math.max(0.5, Math.min(SIDE - 0.5, place + (way?.[n] ?? 0))))
      if (event.shiftKey || !way) {
        draw(this.cells, before, this.at, this.pen)
        this.#end()
      }
      this.#show()
    }
    this.paper.onfocus = this.paper.onblur = () => this.#show()
  }

  #show() {
    for (const canvas of [this.small, this.paper]) {
      const brush = canvas.getContext("2d")
      const image = brush.createImageData(SIDE, SIDE)
      this.cells.forEach((ink, n) => (image.data[4 * n + 3] = 255 * ink)) // in black; a style inverts it on a dark page
      brush.putImageData(image, 0, 0)
      if (canvas === this.small || !this.paper.matches(":focus-visible") || this.from) continue
      brush.globalAlpha = 0.4
      brush.fillRect(Math.round(this.at[0]) - 1, Math.round(this.at[1]) - 1, 2, 2) // where the keys draw
      brush.globalAlpha = 1
    }
  }
}
