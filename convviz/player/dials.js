// The dials: parameters that are set while the picture follows. They know names, ranges and words, and no more.
import { ask } from "./asking.js"
import { component } from "./mount.js"

class Dials {
  constructor(host) {
    this.host = host
    this.rows = new Map()
    this.abort = new AbortController()
    const heard = (event) => this.update({ ...this.data, ...event.detail })
    document.addEventListener("convviz:dials", heard, { signal: this.abort.signal })
  }

  destroy() {
    this.abort.abort()
  }

  update(data) {
    this.data = data
    this.host.style.setProperty("--accent", data.accent)
    this.host.style.setProperty("--ink", data.ink)
    this.host.style.setProperty("--ground", data.ground)
    const shape = JSON.stringify(data.dials.map((d) => [d.name, d.kind, d.least, d.most, d.label, d.choices, d.place]))
    if (shape !== this.shape) this.#build(shape)
    for (const dial of data.dials) this.#refresh(this.rows.get(dial.name), dial)
  }

  #build(shape) {
    const open = this.host.querySelector("details")?.open ?? false
    this.shape = shape
    this.rows.clear()
    const places = Object.fromEntries(
      ["top", "main", "more", "bottom"].map((name) => [name, document.createElement("div")]),
    )
    places.main.className = places.more.className = "dials"
    for (const dial of this.data.dials) {
      places[dial.place].append(dial.kind === "pills" ? this.#pills(dial) : this.#row(dial))
    }
    const more = document.createElement("details")
    const summary = document.createElement("summary")
    summary.textContent = this.data.words.more
    more.open = open
    more.hidden = !places.more.children.length
    more.append(summary, places.more)
    this.host.replaceChildren(places.top, places.main, more, places.bottom)
    requestAnimationFrame(() => {
      const row = this.host.querySelector(".preset")
      const chosen = row?.querySelector("[aria-pressed=true]") // on a narrow screen the row is to be scrolled
      if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - 40
    })
  }

  /** One of several, all in sight: presets, views. */
  #pills(dial) {
    const group = document.createElement("div")
    group.className = `pills ${dial.name}`
    group.setAttribute("role", "group")
    group.setAttribute("aria-label", dial.label)
    for (const [value, text, help] of dial.choices) {
      const pill = document.createElement("button")
      pill.type = "button"
      pill.dataset.value = value
      pill.textContent = text
      if (help) pill.title = help
      pill.onclick = () => this.#send(dial.name, value, true)
      group.append(pill)
    }
    const note = document.createElement("p")
    note.className = "note"
    note.setAttribute("role", "alert")
    group.append(note)
    this.rows.set(dial.name, { group, note })
    return group
  }

  #row(dial) {
    const row = document.createElement("div")
    row.className = `dial ${dial.kind}`
    row.title = dial.help
    const label = document.createElement("label")
    label.textContent = dial.label
    label.htmlFor = `dial-${dial.name}`
    if (dial.symbol) {
      const symbol = document.createElement("i")
      symbol.className = `k-${dial.role}`
      symbol.textContent = dial.symbol
      label.append(" ", symbol)
    }
    const shown = document.createElement("output")
    const note = document.createElement("p")
    note.className = "note"
    note.setAttribute("role", "alert")
    const input = this.#input(dial, shown)
    input.id = `dial-${dial.name}`
    row.append(label, shown, input, note)
    this.rows.set(dial.name, { row, input, shown, note })
    return row
  }

  #input(dial, shown) {
    if (dial.kind === "choice") {
      const select = document.createElement("select")
      select.innerHTML = ""
      for (const [value, text] of dial.choices) select.append(new Option(text, value))
      select.onchange = () => this.#send(dial.name, select.value, true)
      return select
    }
    const input = document.createElement("input")
    if (dial.kind === "flag") {
      input.type = "checkbox"
      input.onchange = () => this.#send(dial.name, input.checked, true)
      return input
    }
    if (dial.kind === "text") {
      input.type = "text"
      input.maxLength = 24
      input.onchange = () => this.#send(dial.name, input.value, true)
      return input
    }
    Object.assign(input, { type: "range", min: dial.least, max: dial.most, step: 1 })
    input.oninput = () => {
      shown.textContent = input.value
      if (this.held) this.#send(dial.name, Number(input.value), false) // a key says at once that it is to be kept
    }
    input.onchange = () => this.#send(dial.name, Number(input.value), true)
    input.onpointerdown = () => (this.held = dial.name)
    input.onpointerup = input.onpointercancel = () => (this.held = null)
    input.onkeydown = (event) => event.stopPropagation()
    return input
  }

  #refresh({ row, input, shown, note, group }, dial) {
    if (group) {
      for (const pill of group.querySelectorAll("button")) pill.setAttribute("aria-pressed", pill.dataset.value === dial.value)
      note.textContent = dial.note ?? ""
      return
    }
    if (this.held !== dial.name) {
      if (dial.kind === "flag") input.checked = dial.value
      else if (input.value !== String(dial.value)) input.value = dial.value
      if (input.type === "range") shown.textContent = dial.shown ?? dial.value
    }
    note.textContent = dial.note ?? ""
    row.classList.toggle("wrong", Boolean(dial.note))
    input.setAttribute("aria-invalid", Boolean(dial.note))
    if (input.type === "range" && input.value !== String(dial.value) && dial.note) shown.textContent = input.value
  }

  #send(name, value, commit) {
    const turn = { name, value, commit }
    ask({ turn }, () => this.send("turn", turn))
  }
}

export default component("panel", Dials)
