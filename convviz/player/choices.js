// What a person chooses for a file: its pace and its speed, which are those of the player until they are chosen otherwise,
// its width, its ground, the sum line, and whether it plays once. A format that does not heed a choice is not asked for it.
import { SPEEDS } from "./transport.js"

const made = (tag, others = {}) => Object.assign(document.createElement(tag), others)
const option = (value) => made("option", { value })

const FIELDS = {
  pace: () => choice(["", "first", "terms"]),
  speed: () => choice(SPEEDS),
  loop: () => choice(["", "0"]),
  width: () => made("input", { type: "number", step: 1, inputMode: "numeric" }),
  transparent: () => made("input", { type: "checkbox" }),
  sum_line: () => made("input", { type: "checkbox" }),
}

function choice(values) {
  const select = made("select")
  select.append(...values.map(option))
  return select
}

export class Choices {
  /** changed(): something was chosen. */
  constructor(player, changed) {
    this.player = player
    this.fields = {}
    for (const [name, make] of Object.entries(FIELDS)) {
      const field = (this.fields[name] = make())
      field.dataset.part = `file_${name}`
      const label = made("label", { className: field.type === "checkbox" ? "check" : "" })
      label.append(...(field.type === "checkbox" ? [field, made("span")] : [made("span"), field]))
      field.onchange = changed
      player.find("choices").append(label)
    }
    this.fields.speed.value = "1"
  }

  /** Say what there is to choose, in the player's language; what no file heeds is not there. */
  tell() {
    const { data, scene } = this.player
    const words = { ...data.words.saving, speed: data.words.speed }
    const heeded = new Set((data.files ?? []).flatMap(({ suffix }) => data.heeds[suffix] ?? []))
    for (const [name, field] of Object.entries(this.fields)) {
      const label = field.parentElement
      label.hidden = !heeded.has(name) || (name === "sum_line" && !scene.equations.length)
      label.querySelector("span").textContent = words[name]
    }
    const { pace, speed: faster, loop, width } = this.fields
    ;["steps", "first", "terms"].forEach((key, n) => (pace.options[n].textContent = words[key]))
    ;["for_ever", "once"].forEach((key, n) => (loop.options[n].textContent = words[key]))
    for (const one of faster.options) one.textContent = `${one.value}×`
    const [min, max] = data.widths
    Object.assign(width, { min, max, placeholder: words.usual })
  }

  /** Take the speed and the pace that were chosen in the player. */
  follow(speed, terms) {
    this.fields.speed.value = String(speed)
    this.fields.pace.value = terms ? "terms" : ""
  }

  /** What was chosen otherwise than usual, as an address says it; of a format what it heeds. */
  of(suffix) {
    const heeds = this.player.data.heeds[suffix] ?? []
    const said = Object.entries(this.fields).map(([name, field]) => [name, field.type === "checkbox" ? (field.checked ? "1" : "") : field.value])
    return Object.fromEntries(said.filter(([name, value]) => value && !(name === "speed" && value === "1") && heeds.includes(name) && !this.fields[name].parentElement.hidden))
  }

  /** Whether what was typed can be; the browser says why not. */
  get possible() {
    return this.fields.width.reportValidity()
  }
}
