// A button that opens a list of pictures to choose from: a grid of tiles, and a line that says what the one at hand is.
// It knows levels of tones, names and words, and nothing else.
import { oneStop, toolbar } from "./focus.js"
import { Menu, chosenOf } from "./menu.js"
import { picture } from "./swatch.js"

const COLUMNS = 3

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)

export class Tiles {
  /** choose(value): one of them was chosen. */
  constructor(dial, choose) {
    this.choose = choose
    this.row = made("div", `tiles ${dial.name}`)
    this.button = made("button", "opener", { type: "button", id: `dial-${dial.name}` })
    this.list = made("div", "list")
    this.group = made("div", "grid")
    this.line = made("div", "line", { id: `line-${dial.name}` })
    this.list.append(this.group, this.line)
    this.row.append(this.button, this.list)
    toolbar(this.group, COLUMNS)
    this.menu = new Menu(this.button, this.list, () => {
      oneStop(this.group)
      chosenOf(this.group)?.focus()
    })
    this.list.onbeforetoggle = ({ newState }) => newState === "open" && this.#fill()
    for (const type of ["pointerover", "focusin"]) {
      this.group.addEventListener(type, (event) => this.#tell(event.target.closest("button")))
    }
  }

  /** Say what a tile is. */
  #tell(tile) {
    if (tile) this.line.textContent = tile.title
  }

  refresh(dial) {
    const said = JSON.stringify(dial)
    if (said === this.said) return
    this.said = said
    this.row.title = dial.help
    const label = made("span", "name", { textContent: dial.label })
    this.button.replaceChildren(label, picture(dial.picture), made("b", "", { textContent: dial.shown }))
    this.group.setAttribute("aria-label", dial.label)
    this.dial = dial
    if (!this.group.children.length || this.list.matches(":popover-open")) this.#fill() // else once it is opened
  }

  #fill() {
    const { choices, value } = this.dial
    while (this.group.children.length < choices.length) this.group.append(this.#tile())
    choices.forEach((choice, n) => this.#dress(this.group.children[n], choice, value))
    oneStop(this.group)
  }

  #tile() {
    const tile = made("button", "", { type: "button" })
    tile.onclick = () => {
      if (tile.ariaDisabled === "true") return this.#tell(tile)
      this.menu.close()
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
