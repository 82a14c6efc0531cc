// The sources of the input's values: a button for each, and on a photograph the box whose pixels are averaged.
import { ask } from "./asking.js"
import { arrange, keepFocus, oneStop, toolbar } from "./focus.js"
import { Upload } from "./upload.js"

const MOVE = 4 // pixels of the photograph by which an arrow key moves the box
const GROW = 8 // and by which a key changes its size
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

const made = (tag, className = "", others = {}) => Object.assign(document.createElement(tag), { className }, others)
const clamp = (value, least, most) => Math.max(least, Math.min(most, value))

const BOXES = 500
const boxes = new Map() // the box on a picture that was brought, by the numbers that it gave: a link holds these alone

/** Remember the box of some numbers, and forget the oldest one. */
function remember(key, box) {
  boxes.delete(key)
  boxes.set(key, box)
  if (boxes.size > BOXES) boxes.delete(boxes.keys().next().value)
}

/** The nearest [row, column, size] inside a picture, as `Box.within` in averages.py. */
export function within([row, column, size], { rows, columns }, [down, across], least = 1) {
  const longer = Math.max(down, across)
  const most = Math.min(Math.floor((rows * longer) / down), Math.floor((columns * longer) / across))
  const side = clamp(Math.round(size), Math.min(least, most), most)
  const last = (pixels, count) => Math.floor((pixels * longer - side * count) / longer)
  return [clamp(Math.round(row), 0, last(rows, down)), clamp(Math.round(column), 0, last(columns, across)), side]
}

export class Sources {
  constructor(host) {
    this.host = host
    this.frame = made("div", "frame")
    this.sheet = made("div", "sheet")
    this.seen = made("canvas", "seen")
    this.seen.setAttribute("aria-hidden", true)
    this.photo = made("img", "", { alt: "", draggable: false })
    this.large = made("canvas", "large")
    this.box = made("div", "box", { tabIndex: 0 })
    this.box.dataset.part = "box"
    this.handle = made("div", "handle")
    this.box.append(this.handle)
    this.sheet.append(this.photo, this.box)
    this.photo.onload = () => this.#preview()
    this.frame.append(this.sheet, this.large)
    this.help = made("p", "help", { id: "box-help" })
    this.list = made("div", "list")
    toolbar(this.list)
    this.upload = new Upload(
      () => this.data,
      (brought) => this.#bring(brought),
    )
    const { file, error } = this.upload
    host.append(this.frame, this.seen, this.list, file, error, this.help)
    this.#keys()
    this.#drag()
    this.abort = new AbortController()
    const heard = ({ detail }) => this.data && this.#take({ ...this.data, input: detail })
    document.addEventListener("convviz:input", heard, { signal: this.abort.signal })
    addEventListener("popstate", () => (this.sent = false), { signal: this.abort.signal })
  }

  destroy() {
    this.abort.abort()
  }

  update(data) {
    const first = !this.data
    this.#take(data)
    if (first) document.dispatchEvent(new CustomEvent("convviz:sources")) // the player may know newer answers
  }

  #take(data) {
    this.data = data
    for (const name of ["accent", "ink", "ground"]) this.host.style.setProperty(`--${name}`, data[name])
    keepFocus(this.host, () => this.#show())
  }

  #show() {
    const { input, pictures, sources, words } = this.data
    const { chosen } = input
    this.picture = pictures[chosen]
    this.list.setAttribute("aria-label", words.list)
    const { button: upload } = this.upload
    this.upload.refresh()
    arrange(this.list, [...sources.map((source) => this.#button(source)), upload])
    for (const button of this.list.children) {
      if (button !== upload) button.setAttribute("aria-pressed", button.dataset.value === chosen)
    }
    oneStop(this.list)
    this.help.textContent = words.help
    this.help.classList.toggle("off", !this.picture)
    this.sheet.hidden = this.seen.hidden = !this.picture
    this.large.hidden = Boolean(this.picture)
    const small = () => input.small ?? sources.find((source) => source.value === chosen)?.small ?? [[0]]
    if (!this.picture) return draw(this.large, small())
    const { address, rows, columns, mark } = this.picture
    if (this.photo.getAttribute("src") !== address) this.photo.src = address
    const [width, height] = [columns, rows].map((side) => `${(100 * side) / Math.max(rows, columns)}%`)
    Object.assign(this.sheet.style, { width, height })
    this.box.setAttribute("role", "slider")
    this.box.setAttribute("aria-label", words.box)
    this.box.setAttribute("aria-describedby", "box-help")
    const moved = input.pending && this.of === chosen // further, since this was asked for
    this.of = chosen
    if (this.held || moved) return
    const key = mark && `${mark} ${input.numbers}`
    if (key && this.sent) remember(key, this.at)
    this.sent = false
    this.#place(boxes.get(key) ?? input.box)
  }

  /** A picture of one's own has come: show it. */
  #bring({ source, picture }) {
    const { sources, pictures } = this.data
    const others = sources.filter(({ value }) => value !== source.value)
    this.data = { ...this.data, sources: [...others, source], pictures: { ...pictures, [source.value]: picture } }
    this.sent = false
    this.#send(source.value, true)
  }

  #button({ value, label, small }) {
    const known = [...this.list.children].find((button) => button.dataset.value === value)
    const button = known ?? made("button", "", { type: "button" })
    const said = JSON.stringify([label, small])
    if (button.said === said) return button
    button.said = said
    button.dataset.value = value
    const picture = made("canvas", small.length === 1 ? "flat" : "")
    draw(picture, small)
    button.replaceChildren(picture, made("span", "", { textContent: label }))
    button.onclick = () => {
      this.sent = false
      this.upload.tell()
      this.#send(value, true)
    }
    return button
  }

  /** Put the box at [row, column, size], in pixels of the picture. */
  #place(to) {
    const { input, words, least } = this.data
    const { rows, columns } = this.picture
    const [row, column, size] = (this.at = within(to, this.picture, input.cells))
    const [high, wide] = input.cells.map((count) => (size * count) / Math.max(...input.cells))
    const share = (part, all) => `${(100 * part) / all}%`
    const { style } = this.box
    Object.assign(style, { top: share(row, rows), left: share(column, columns) })
    Object.assign(style, { height: share(high, rows), width: share(wide, columns) })
    const [, , most] = within([0, 0, Infinity], this.picture, input.cells)
    this.#preview()
    const told = { row, column, rows: Math.round(high), columns: Math.round(wide) }
    const aria = { valuemin: Math.min(least, most), valuemax: most, valuenow: size }
    aria.valuetext = words.place.replace(/\{(\w+)\}/g, (_, name) => told[name])
    for (const [name, value] of Object.entries(aria)) this.box.setAttribute(`aria-${name}`, value)
  }

  /** What is in the box, in as many cells as the input has: on a phone the picture itself is covered. */
  #preview() {
    if (!this.picture || !this.at || !this.photo.naturalWidth) return
    const { cells } = this.data.input
    const [row, column, size] = this.at
    const scale = this.photo.naturalWidth / this.picture.columns
    const [high, wide] = cells.map((count) => (size * count) / Math.max(...cells))
    Object.assign(this.seen, { width: cells[1], height: cells[0] })
    const brush = this.seen.getContext("2d")
    brush.imageSmoothingQuality = "high"
    const from = [column, row, wide, high].map((length) => length * scale)
    brush.drawImage(this.photo, ...from, 0, 0, cells[1], cells[0])
  }

  /** Move the box to where somebody wants it, and tell it; commit: it is to be kept. */
  #move(to, commit) {
    const { input, least } = this.data
    const next = within(to, this.picture, input.cells, least)
    if (!commit && String(next) === String(this.at)) return
    this.#place(next)
    this.sent = true // what comes of it has this box
    this.#send([input.chosen, ...this.at].join("_"), commit)
  }

  #keys() {
    this.box.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.key === "Escape") return
      event.stopPropagation()
      const [down, right] = KEYS[event.key] ?? [0, 0]
      let grow = { "+": 1, "=": 1, "-": -1, _: -1 }[event.key] ?? 0
      if (event.shiftKey && !grow) grow = Math.sign(right - down)
      if (!down && !right && !grow) return
      event.preventDefault()
      const [row, column, size] = this.at
      if (!grow) return this.#move([row + MOVE * down, column + MOVE * right, size], true)
      const [high, wide] = this.data.input.cells.map((count) => count / Math.max(...this.data.input.cells))
      this.#move([row - (grow * GROW * high) / 2, column - (grow * GROW * wide) / 2, size + grow * GROW], true)
    }
  }

  /** The box follows a mouse or a finger; its corner changes its size; a press beside it brings it there. */
  #drag() {
    this.frame.onpointerdown = (event) => {
      if (!this.picture || event.button) return
      const whole = this.photo.getBoundingClientRect()
      const scale = this.picture.columns / whole.width
      const resize = event.target === this.handle
      if (!this.box.contains(event.target)) {
        if (event.pointerType === "touch") return // which may begin to scroll; what comes of it is a click
        this.#centre(event, whole, scale)
      }
      event.preventDefault()
      this.box.focus({ preventScroll: true })
      this.box.setPointerCapture(event.pointerId)
      this.held = { x: event.clientX, y: event.clientY, from: this.at, scale, resize }
    }
    this.box.onpointermove = (event) => this.held && this.#follow(event, false)
    this.box.onpointerup = this.box.onpointercancel = (event) => {
      if (!this.held) return
      this.#follow(event, true)
      this.held = null
    }
    this.frame.onclick = (event) => {
      if (!this.picture || event.pointerType !== "touch" || this.box.contains(event.target)) return
      const whole = this.photo.getBoundingClientRect()
      this.#centre(event, whole, this.picture.columns / whole.width)
      this.#move(this.at, true)
    }
  }

  #centre({ clientX, clientY }, whole, scale) {
    const { width, height } = this.box.getBoundingClientRect()
    const to = [(clientY - whole.top - height / 2) * scale, (clientX - whole.left - width / 2) * scale]
    this.#move([...to, this.at[2]], false)
  }

  #follow({ clientX, clientY }, commit) {
    const { x, y, from, scale, resize } = this.held
    const [down, right] = [(clientY - y) * scale, (clientX - x) * scale]
    const [row, column, size] = from
    if (!resize) return this.#move([row + down, column + right, size], commit)
    const [high, wide] = this.data.input.cells.map((count) => count / Math.max(...this.data.input.cells))
    const wanted = size + Math.max(high === 1 ? down : -Infinity, wide === 1 ? right : -Infinity)
    const { rows, columns } = this.picture
    const room = Math.min((rows - row) / high, (columns - column) / wide) // its first corner stays where it is
    this.#move([row, column, Math.min(wanted, Math.floor(room))], commit)
  }

  #send(value, commit) {
    const turn = { name: "x", value, commit }
    ask({ turn }, () => commit && this.send("turn", turn))
  }
}

/** Draw rows of greys, a pixel each. */
function draw(canvas, greys) {
  Object.assign(canvas, { width: greys[0].length, height: greys.length })
  const pixels = greys.flat().flatMap((grey) => [grey, grey, grey, 255])
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels), canvas.width), 0, 0)
}
