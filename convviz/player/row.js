// A row of buttons to choose one from, which never wraps: those that it has no room for stand in a menu at its end. The
// button of the menu is always as wide, and bears the name of what is chosen in it; so nothing of the row ever moves.
import { arrange, keepFocus, oneStop, toolbar } from "./focus.js"
import { Menu, chosenOf } from "./menu.js"
import { forHand } from "./touch.js"

const ARROW = 18 // pixels of the arrow beside the name on the menu's button

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)
const sum = (numbers) => numbers.reduce((all, number) => all + number, 0)

export class Row {
  /** choose(value): one of them was chosen. */
  constructor({ name, label, others, most, choices }, choose) {
    Object.assign(this, { others, most: most || Infinity })
    this.element = made("div", `pills ${name}`)
    this.group = made("div", "row")
    this.list = made("div", "list")
    this.hidden = made("div", "column")
    this.opener = made("button", "others", { type: "button", id: `others-${name}` })
    this.opener.append(made("span", "", { textContent: others }))
    this.list.append(this.hidden)
    this.element.append(this.group, this.list)
    for (const [group, said] of [[this.group, label], [this.hidden, others]]) {
      toolbar(group)
      group.setAttribute("aria-label", said)
    }
    this.menu = new Menu(this.opener, this.list, () => {
      oneStop(this.hidden)
      chosenOf(this.hidden)?.focus()
    })
    this.pills = choices.map(([value, text]) => {
      const pill = made("button", "", { type: "button", textContent: text })
      pill.dataset.value = value
      pill.onclick = () => {
        if (this.hidden.contains(pill)) this.menu.close()
        choose(value)
      }
      return pill
    })
    this.group.append(...this.pills)
    const resize = new ResizeObserver(() => this.#fit())
    for (const node of [this.element, this.pills[0]]) resize.observe(node) // a font may come late
  }

  /** Say what each of them does, and mark the chosen one. */
  tell({ value, choices }) {
    this.pills.forEach((pill, n) => {
      const help = forHand(choices[n][2] ?? "")
      if (pill.title !== help) pill.title = help
    })
    if (this.chosen === value) return
    this.chosen = value
    this.#mark()
  }

  /** Where the keyboard finds a value, or else what is chosen. */
  stop(value = this.chosen) {
    const pill = this.pills.find((one) => one.dataset.value === value)
    if (this.group.contains(pill)) return pill
    return pill ? this.opener : [...this.group.children].find((one) => !one.tabIndex)
  }

  #mark() {
    for (const pill of this.pills) pill.setAttribute("aria-pressed", pill.dataset.value === this.chosen)
    const inside = [...this.hidden.children].find((pill) => pill.dataset.value === this.chosen)
    this.opener.firstChild.textContent = inside?.textContent ?? this.others
    this.opener.setAttribute("aria-pressed", Boolean(inside))
    oneStop(this.group)
    for (const pill of this.hidden.children) pill.tabIndex = -1
  }

  /** Put as many into the row as there is room for, and the others into the menu. */
  #fit() {
    const room = this.element.clientWidth
    if (!room || this.list.matches(":popover-open")) return
    keepFocus(this.element, () => {
      const { pills, group, hidden, opener } = this
      arrange(group, [...pills, opener])
      opener.firstChild.textContent = this.others
      opener.style.width = ""
      const gap = parseFloat(getComputedStyle(group).columnGap) || 0
      const widths = pills.map((pill) => pill.getBoundingClientRect().width + gap)
      const least = opener.getBoundingClientRect().width
      const wide = (n) => Math.max(least, ...widths.slice(n).map((width) => width - gap + ARROW))
      const whole = sum(widths) - gap <= room && pills.length <= this.most + 1
      let shown = whole ? pills.length : Math.min(pills.length - 1, this.most)
      while (!whole && shown && sum(widths.slice(0, shown)) + wide(shown) > room) shown--
      opener.style.width = `${Math.ceil(wide(shown))}px`
      arrange(group, whole ? pills : [...pills.slice(0, shown), opener])
      arrange(hidden, pills.slice(shown))
      this.#mark()
    })
  }
}
