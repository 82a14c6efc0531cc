// The dials: parameters that the picture follows. They know names, ranges and words, and nothing else.
import { Acts } from "./acts.js"
import { ask } from "./asking.js"
import { arrange, keepFocus } from "./focus.js"
import { Pad } from "./pad.js"
import { Paste } from "./paste.js"
import { Row } from "./row.js"
import { Tiles } from "./tiles.js"

const NARROW = "(max-width: 640px)" // as in dials.css
const PLACES = ["top", "main", "more", "bottom"]

/** A new element with its class and other properties. */
const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)

/** Of a range that stops at certain values alone: the value where it stands, and what that is called. */
const stop = (input) => input.stops?.[Number(input.value)]

/** Say where a range stands; one that has names for its values says them aloud, too. */
const tell = (input, shown, text) => {
  shown.textContent = text
  if (input.stops) input.setAttribute("aria-valuetext", text)
}

/** How many digits a text is wide, at most. */
const letters = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e00" ? 2 : 1), 0)

/** What makes a dial's row another one. */
const shapeOf = ({ kind, label, help, choices }) => {
  if (["tiles", "compare", "pad", "paste"].includes(kind)) return [kind, label]
  return [kind, label, help, kind === "pills" ? choices.map(([value, text]) => [value, text]) : choices]
}

export class Dials {
  constructor(host) {
    this.host = host
    this.rows = new Map()
    this.places = Object.fromEntries(PLACES.map((name) => [name, made("div")]))
    this.places.main.className = "dials main"
    this.places.more.className = "dials"
    this.places.bottom.className = "bottom"
    this.summary = made("summary")
    this.more = made("details")
    this.more.append(this.summary, this.places.more)
    this.abort = new AbortController()
    const narrow = matchMedia(NARROW)
    narrow.addEventListener("change", () => keepFocus(host, () => this.#order(narrow.matches)), { signal: this.abort.signal })
    this.#order(narrow.matches)
    const heard = (event) => this.update({ ...this.data, ...event.detail })
    document.addEventListener("convviz:dials", heard, { signal: this.abort.signal })
    const turn = (event) => {
      const { name, value, ...others } = event.detail
      const stands = others.quiet && this.data.dials.find((dial) => dial.name === name)?.value === value
      if (!this.host.isConnected || stands) return
      event.preventDefault() // says that it is taken
      this.#send(name, value, true, others)
    }
    document.addEventListener("convviz:turn", turn, { signal: this.abort.signal })
  }

  destroy() {
    this.abort.abort()
  }

  /** On a narrow page "More" stands at the end of the last row, which it shares, and has what is rare. */
  #order(narrow) {
    const { top, main, bottom } = this.places
    this.narrow = narrow
    arrange(this.host, narrow ? [top, main, bottom, this.more] : [top, main, this.more, bottom])
    if (this.data) this.#place()
  }

  /** Put each dial where it stands. */
  #place() {
    for (const place of PLACES) {
      const here = this.data.dials.filter((dial) => (this.narrow && dial.rare ? "more" : dial.place) === place)
      arrange(this.places[place], here.map((dial) => this.rows.get(dial.name).row))
    }
  }

  update(data) {
    this.data = data
    for (const name of ["accent", "ink", "ground"]) this.host.style.setProperty(`--${name}`, data[name])
    data.tones?.forEach((tone, n) => this.host.style.setProperty(`--tone-${n + 1}`, tone))
    keepFocus(this.host, () => {
      this.#arrange()
      for (const dial of data.dials) this.#refresh(this.rows.get(dial.name), dial)
    })
    this.#foresee()
    const { name, at = 0 } = data.focus ?? {}
    if (this.sought !== undefined && at !== this.sought) this.#focus(name)
    this.sought = at
  }

  /** Make the rows that are new or of another kind now, and leave all others where they are. */
  #arrange() {
    const { dials, words } = this.data
    const before = this.rows
    this.rows = new Map(
      dials.map((dial) => {
        dial.choices ??= before.get(dial.name)?.choices // what has not changed is not sent again
        const shape = JSON.stringify(shapeOf(dial))
        const known = before.get(dial.name)
        if (known?.shape === shape) return [dial.name, Object.assign(known, { choices: dial.choices })]
        return [dial.name, { shape, choices: dial.choices, ...this.#made(dial) }]
      }),
    )
    this.#place()
    this.summary.textContent = words.more
    this.more.hidden = !this.places.more.children.length
  }

  #made(dial) {
    const own = { acts: this.#acts, compare: this.#compare, pad: this.#pad, paste: this.#paste, pills: this.#pills, tiles: this.#tiles }
    return (own[dial.kind] ?? this.#row).call(this, dial)
  }

  /** What can be done to what is chosen. */
  #acts(dial) {
    const acts = new Acts(dial, (value) => this.#send(dial.name, value, true, { single: true }))
    const note = this.#note(dial)
    acts.row.append(note)
    return { row: acts.row, acts, note, input: acts.input }
  }

  /** One of several, as a row of their names: presets, views. */
  #pills(dial) {
    const pills = new Row(dial, (value) => this.#send(dial.name, value, true))
    const note = this.#note(dial)
    pills.element.append(note)
    return { row: pills.element, pills, note }
  }

  /** One of several, as pictures behind a button. */
  #tiles(dial) {
    const tiles = new Tiles(dial, (value) => this.#send(dial.name, value, true))
    const note = this.#note(dial)
    tiles.row.append(note)
    return { row: tiles.row, tiles, note, input: tiles.button }
  }

  /** A drawing, which is where the input's values come from. */
  #pad(dial) {
    const pad = new Pad(dial, (value, commit) => this.#send("x", value, commit))
    const note = this.#note(dial)
    pad.row.append(note)
    return { row: pad.row, pad, note, input: pad.button }
  }

  /** Code that is pasted, and the code of what is shown. */
  #paste(dial) {
    const paste = new Paste(dial, (value) => this.#send(dial.name, value, true))
    const note = this.#note(dial)
    paste.list.append(note)
    return { row: paste.row, paste, note, input: paste.button }
  }

  /** Two settings: a button that begins and ends comparing, and one that exchanges them. */
  #compare(dial) {
    const row = made("div", "compare")
    const [input, swap] = [dial.label, dial.swap].map((textContent) => made("button", "", { type: "button", textContent }))
    input.id = `dial-${dial.name}`
    const hint = made("span", "", { textContent: dial.hint })
    input.onclick = () => this.#send(dial.name, input.ariaPressed === "true" ? "off" : "on", true)
    swap.onclick = () => this.#send(dial.name, "swap", true)
    swap.title = dial.swap_help
    const note = this.#note(dial)
    row.append(input, swap, hint, note)
    return { row, input, swap, hint, note }
  }

  #row(dial) {
    const row = made("div", `dial ${dial.kind}`, { title: dial.help })
    const label = made("label", "", { textContent: dial.label, htmlFor: `dial-${dial.name}` })
    const shown = made("output")
    const note = this.#note(dial)
    const input = this.#input(dial, shown)
    input.id = `dial-${dial.name}`
    input.setAttribute("aria-describedby", `note-${dial.name}`)
    row.append(label, shown, input, note)
    return { row, input, shown, note }
  }

  /** Why a dial cannot be where it was turned to, and a button that sets the nearest that can be. */
  #note(dial) {
    const note = made("div", "note")
    const why = made("span", "", { id: `note-${dial.name}` })
    why.setAttribute("role", "alert")
    note.append(why)
    return note
  }

  #input(dial, shown) {
    if (dial.kind === "choice") {
      const select = made("select")
      for (const [value, text] of dial.choices) select.append(new Option(text, value))
      select.onchange = () => this.#send(dial.name, select.value, true)
      return select
    }
    const input = made("input")
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
    Object.assign(input, { type: "range", step: 1 })
    const value = () => stop(input)?.[0] ?? Number(input.value)
    input.oninput = () => {
      tell(input, shown, stop(input)?.[1] ?? input.value)
      if (this.held) this.#send(dial.name, value(), false) // a key says at once that it is to be kept
    }
    input.onchange = () => this.#send(dial.name, value(), true)
    input.onfocus = () => this.#foresee(false)
    input.onpointerdown = () => (this.held = dial.name)
    input.onpointerup = input.onpointercancel = () => {
      this.held = null
      setTimeout(() => this.loose === dial.name && this.#send(dial.name, value(), true)) // no change is told of a slider that is back at its start
    }
    input.onkeydown = (event) => event.stopPropagation()
    return input
  }

  #refresh({ row, input, shown, note, acts, pills, tiles, pad, paste, swap, hint }, dial) {
    this.#tell(note, dial)
    if (swap) {
      swap.hidden = hint.hidden = !dial.value
      return Object.assign(input, { ariaPressed: String(dial.value), title: dial.help })
    }
    if (acts) return
    if (pad) return pad.refresh(dial, this.data.pending?.includes("x"))
    if (tiles) return tiles.refresh(dial)
    if (paste) return paste.refresh(dial)
    if (pills) return pills.tell(dial)
    const { stops } = dial
    if (dial.kind === "range") Object.assign(input, { stops, min: stops ? 0 : dial.least, max: stops ? stops.length - 1 : dial.most })
    const value = stops ? stops.findIndex(([one]) => one === dial.value) : dial.value
    if (this.held !== dial.name && !this.data.pending?.includes(dial.name)) {
      if (dial.kind === "flag") Object.assign(input, { checked: value, disabled: Boolean(dial.fixed) })
      else if (input.value !== String(value)) input.value = value
      if (input.type === "range") tell(input, shown, dial.shown ?? dial.value)
      shown.style.minWidth = `${Math.max(2, letters(dial.widest ?? String(dial.most ?? "")))}ch` // so that the label keeps its width
    }
    row.inert = Boolean(dial.absent) // its place is kept
    row.classList.toggle("wrong", Boolean(dial.note))
    input.setAttribute("aria-invalid", Boolean(dial.note))
    if (input.type === "range" && input.value !== String(value) && dial.note) tell(input, shown, stop(input)?.[1] ?? input.value)
  }

  #tell(note, { name, note: said = "", fix }) {
    const [why, button = made("button", "fix", { type: "button" })] = note.children
    if (why.textContent !== said) why.textContent = said // the same again would be read out again
    note.hidden = !said
    if (!fix) return arrange(note, [why])
    button.textContent = fix.label
    button.onclick = () => {
      this.#focus(name, fix.value[name === "preset" ? "layer" : name])
      this.#send("fix", fix.value, true)
    }
    arrange(note, [why, button])
  }

  /** Give the keyboard to a dial, or to one of its pills: that of a value, or else the chosen one. */
  #focus(name, value) {
    const { input, pills, row } = this.rows.get(name) ?? {}
    if (row && this.places.more.contains(row)) this.more.open = true
    const stop = input ?? pills?.stop(value)
    stop?.focus()
  }

  /** Say what the keys of the slider that has the keyboard, or had it last, would ask next. rest: whether to wait for one. */
  #foresee(rest = true) {
    const active = this.host.getRootNode().activeElement
    const here = [...this.rows].find(([, one]) => one.input && one.input === active)
    if (here) this.last = here[0]
    const [name, input] = [this.last, this.rows.get(this.last)?.input]
    if (input?.type !== "range" || this.held) return
    const now = Number(input.value)
    const way = input.was > now ? -1 : 1 // the way that it went last comes first
    if (input.was !== now) input.was = now
    const next = [now + way, now - way].filter((one) => one >= input.min && one <= input.max)
    const turns = next.map((one) => ({ name, value: input.stops ? input.stops[one][0] : one, commit: true }))
    document.dispatchEvent(new CustomEvent("convviz:foresee", { detail: { turns, rest } }))
  }

  // others: {single}: it is a step of the history by itself, however soon after another one; {quiet}: one with the last of
  // its name, and no entry of the browser's.
  #send(name, value, commit, others = {}) {
    const turn = { name, value, commit, ...others }
    this.loose = commit ? undefined : name // what is not kept yet
    ask({ turn }, () => this.send("turn", turn))
  }
}
