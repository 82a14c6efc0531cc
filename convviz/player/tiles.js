// A button that opens a list of pictures to choose from: a grid of tiles, and a line that says what the one at hand is.
// It knows levels of tones, names and words, and nothing else.
import { oneStop, toolbar } from "./focus.js"

const COLUMNS = 3
const EDGE = 8 // pixels between the list and the edge of the window
const SVG = "http://www.w3.org/2000/svg"

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)

/** A picture of tones: a letter a cell, so many in a row. */
export function picture([letters, columns]) {
  const svg = document.createElementNS(SVG, "svg")
  const rows = Math.ceil(letters.length / columns)
  const side = Math.max(rows, columns)
  svg.setAttribute("viewBox", `${(columns - side) / 2} ${(rows - side) / 2} ${side} ${side}`)
  svg.setAttribute("aria-hidden", "true")
  svg.innerHTML = [...letters]
    .map((letter, n) => {
      const place = `x="${n % columns}" y="${Math.floor(n / columns)}"`
      return `<rect ${place} width="1" height="1" style="fill:var(--tone-${letter.charCodeAt(0) - 97})"/>`
    })
    .join("")
  return svg
}

export class Tiles {
  /** choose(value): one of them was chosen. */
  constructor(dial, choose) {
    this.choose = choose
    this.row = made("div", `tiles ${dial.name}`)
    this.button = made("button", "opener", { type: "button", id: `dial-${dial.name}` })
    this.list = made("div", "list", { popover: "auto" })
    this.group = made("div", "grid")
    this.line = made("div", "line", { id: `line-${dial.name}` })
    this.list.append(this.group, this.line)
    this.row.append(this.button, this.list)
    toolbar(this.group, COLUMNS)
    this.button.setAttribute("aria-expanded", "false")
    this.#listen()
  }

  #listen() {
    this.button.popoverTargetElement = this.list
    this.list.onkeydown = (event) => {
      if (event.key !== "Escape") return
      event.preventDefault()
      this.#close()
    }
    this.list.ontoggle = (event) => {
      const open = event.newState === "open"
      this.button.setAttribute("aria-expanded", open)
      if (!open) return
      oneStop(this.group)
      this.#place()
      this.#chosen()?.focus()
    }
    for (const type of ["pointerover", "focusin"]) {
      this.group.addEventListener(type, (event) => this.#tell(event.target.closest("button")))
    }
    this.list.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (to && !this.list.contains(to) && this.list.matches(":popover-open")) this.list.hidePopover()
    })
  }

  /** Close the list and give the keyboard back. */
  #close() {
    this.list.hidePopover()
    this.button.focus()
  }

  #chosen() {
    const all = [...this.group.children]
    return all.find((tile) => tile.getAttribute("aria-pressed") === "true") ?? all[0]
  }

  /** Say what a tile is. */
  #tell(tile) {
    if (tile) this.line.textContent = tile.title
  }

  /** Under the button, or over it where there is more room; within the window. */
  #place() {
    const at = this.button.getBoundingClientRect()
    const { width, height } = this.list.getBoundingClientRect()
    const below = at.bottom + height + EDGE <= innerHeight
    const top = below ? at.bottom + 4 : Math.max(EDGE, at.top - height - 4)
    const left = Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))
    Object.assign(this.list.style, { top: `${top}px`, left: `${left}px` })
  }

  refresh(dial) {
    const said = JSON.stringify(dial)
    if (said === this.said) return
    this.said = said
    this.row.title = dial.help
    const label = made("span", "name", { textContent: dial.label })
    this.button.replaceChildren(label, picture(dial.picture), made("b", "", { textContent: dial.shown }))
    this.group.setAttribute("aria-label", dial.label)
    while (this.group.children.length < dial.choices.length) this.group.append(this.#tile())
    dial.choices.forEach((choice, n) => this.#dress(this.group.children[n], choice, dial.value))
    oneStop(this.group)
  }

  #tile() {
    const tile = made("button", "", { type: "button" })
    tile.onclick = () => {
      if (tile.ariaDisabled === "true") return this.#tell(tile)
      this.#close()
      this.choose(tile.dataset.value)
    }
    return tile
  }

  #dress(tile, [value, text, shown, does, none], chosen) {
    tile.dataset.value = value
    tile.title = does
    tile.setAttribute("aria-pressed", value === chosen)
    tile.setAttribute("aria-disabled", Boolean(none))
    tile.replaceChildren(shown ? picture(shown) : made("i"), made("span", "", { textContent: text }))
  }
}
