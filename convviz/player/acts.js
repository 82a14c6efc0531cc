// What can be done to what is chosen, a button each. They are one stop of the keyboard, and none of them stays pressed.
import { oneStop, toolbar } from "./focus.js"

export class Acts {
  /** choose(value): one of them was pressed. */
  constructor({ name, label, choices }, choose) {
    this.row = document.createElement("div")
    this.row.className = "acts"
    const group = document.createElement("div")
    toolbar(group)
    group.setAttribute("aria-label", label)
    for (const [value, text, help] of choices) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: help, ariaLabel: help })
      button.dataset.value = value
      button.onclick = () => choose(value)
      group.append(button)
    }
    oneStop(group)
    this.row.append(group)
    this.input = group.firstElementChild
    this.input.id = `dial-${name}`
  }
}
