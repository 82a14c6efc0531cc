// The player: shows a Scene, plays it, and lets it be asked. Playing, scrubbing, hovering and speed ask no server.
import { rememberStep, writeLink } from "./address.js"
import { Asking } from "./asking.js"
import { Editor } from "./editor.js"
import { fit } from "./fit.js"
import { press, tellKeys } from "./keys.js"
import { component } from "./mount.js"
import { Scene } from "./scene.js"
import { Stage } from "./stage.js"
import { saveGif, savePng, saveSvg } from "./still.js"
import { HTML, fill } from "./template.js"
import { Tour } from "./tour.js"
import { speak } from "./words.js"

const GLIDE = 180 // milliseconds that motion inside a step may take
const ROW_END = 1.7 // how much longer the last step of a row stays
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16]
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

class Player {
  constructor(host) {
    this.host = host
    this.t = 0
    this.speed = 1
    this.pinned = null
    this.over = -1
    this.abort = new AbortController()
  }

  /** Take what the page's script says; the step, the speed and whether it plays stay as they are. */
  update(data) {
    const first = !this.scene
    this.#take(data, first, data.stamp !== this.stamp)
    this.stamp = data.stamp
    this.asking.heard()
    if (first && data.autoplay && !still()) this.play()
  }

  /** Take the answer to what was asked; `kept` where it is a step of the history. */
  take(answer, kept) {
    this.#take({ ...this.data, ...answer }, false, kept)
    this.answers = (this.answers ?? 0) + 1
    this.host.dataset.ready = `${this.host.dataset.ready.split("+")[0]}+${this.answers}`
  }

  /** The page is light or dark now: one of the page's components lets its script know. */
  recoloured() {
    if (this.data.first) this.send("edit", {})
  }

  #take(data, first, kept) {
    this.data = data
    if (first) this.#build()
    if (this.css !== data.css) this.style.textContent = this.css = data.css // the same again would cost a layout
    this.scene = new Scene(data.scene)
    this.stage.load(this.scene)
    this.pinned = null
    const last = this.scene.steps - 1
    const sought = data.seek !== this.seek
    if (sought) {
      this.t = data.step ?? 0
      this.look = data.look
      if (!first) this.pause()
    }
    this.seek = data.seek
    this.t = Math.min(this.t, last)
    this.scrub.max = last
    fill(this)
    this.tour.tell()
    fit(this)
    if (sought && !first) this.tour.bring(still())
    this.show(0)
    this.light()
    this.editor.refresh()
    if (data.main && (first || kept)) writeLink(data.link, this.t, first)
  }

  #build() {
    this.host.innerHTML = HTML
    this.find = (name) => this.host.querySelector(`[data-part=${name}]`)
    this.style = this.find("style")
    this.stage = new Stage(this.find("svg"))
    this.scrub = this.find("scrub")
    this.editor = new Editor(this)
    this.asking = new Asking(this)
    this.tour = new Tour(this)
    const on = (node, type, act) => node.addEventListener(type, act, { signal: this.abort.signal })
    const actions = {
      start: () => this.go(0),
      back: () => this.go(this.t - 1),
      up: () => this.go(this.t - this.scene.row),
      play: () => this.toggle(),
      down: () => this.go(this.t + this.scene.row),
      next: () => this.go(this.t + 1),
      end: () => this.go(this.scene.steps - 1),
      edit: () => this.editor.toggle(),
      undo: () => this.send("undo", {}),
      card: () => this.send("open", {}),
      gif: () => saveGif(this),
      png: () => savePng(this),
      svg_file: () => saveSvg(this),
      keys: () => tellKeys(this),
      tour_again: () => this.tour.go(0),
      tour_back: () => this.tour.go(-1),
      tour_next: () => this.tour.go(1),
    }
    for (const [name, act] of Object.entries(actions)) on(this.find(name), "click", act)
    on(this.scrub, "input", () => this.go(Number(this.scrub.value)))
    on(this.find("speed"), "change", (e) => (this.speed = Number(e.target.value)))
    on(this.stage.svg, "pointermove", (e) => this.hover(e.target.dataset?.m))
    on(this.stage.svg, "pointerleave", () => this.hover())
    on(this.stage.svg, "click", (e) => this.pin(e.target.dataset?.m))
    on(this.stage.svg, "dblclick", (e) => this.editor.open(Number(e.target.dataset?.m ?? -1)))
    for (const type of ["pointerover", "focusin"]) on(this.host, type, (e) => this.#refer(e.target.closest("[data-ref]")))
    for (const type of ["pointerout", "focusout"]) on(this.host, type, (e) => e.target.closest("[data-ref]") && this.#refer())
    on(this.host, "keydown", (e) => press(this, e))
    on(document, "convviz:refer", (e) => this.data.main && this.#refer(e.detail && { dataset: { ref: e.detail } }))
    const away = (e) => !this.#gone() && this.data.main && !e.composedPath().includes(this.host)
    document.addEventListener("keydown", (e) => away(e) && press(this, e), { signal: this.abort.signal, capture: true })
    this.find("speed").innerHTML = SPEEDS.map((s) => `<option value="${s}" ${s === 1 ? "selected" : ""}>${s}×</option>`).join("")
    this.resize = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width)
      if (!this.scene || width === this.width) return
      this.width = width
      fit(this)
      this.show(0)
    })
    this.resize.observe(this.host)
    this.seen = new IntersectionObserver(([entry]) => (this.visible = entry.isIntersecting))
    this.seen.observe(this.host)
  }

  // --- time -----------------------------------------------------------------------------------------------------

  /** Show a step and stop playing: what a person asked for stays. */
  go(t) {
    this.look = ""
    this.pause()
    this.seekTo(t, GLIDE)
  }

  seekTo(t, glide) {
    this.t = Math.max(0, Math.min(this.scene.steps - 1, t))
    this.show(glide)
    if (!this.playing) this.#remember()
  }

  play() {
    if (this.playing) return
    this.playing = true
    this.due = performance.now() + this.#pace()
    const tick = (now) => {
      if (!this.playing || this.#gone()) return
      if (now >= this.due && this.visible !== false && !document.hidden) {
        const end = this.t === this.scene.steps - 1
        this.seekTo(end ? 0 : this.t + 1, Math.min(GLIDE, 0.4 * this.#pace()))
        this.due = Math.max(now, this.due + this.#pace())
      }
      this.clock = requestAnimationFrame(tick)
    }
    this.clock = requestAnimationFrame(tick)
    this.#controls()
  }

  pause() {
    if (!this.playing) return
    this.playing = false
    cancelAnimationFrame(this.clock)
    this.#controls()
    this.#words()
    this.#remember()
  }

  toggle() {
    if (this.playing) this.pause()
    else this.play()
  }

  /** Milliseconds that the step now shown stays. */
  #pace() {
    const { row, steps } = this.scene
    const ends = (this.t + 1) % row === 0 && row > 1 && row < steps
    const last = this.t === steps - 1
    return ((this.data.step_ms ?? 600) * (last ? 2.5 : ends ? ROW_END : 1)) / this.speed
  }

  /** Keep the step in the address, so that the link says what is seen; nothing is sent. */
  #remember() {
    if (!this.data.main) return
    clearTimeout(this.remembering)
    this.remembering = setTimeout(() => this.#gone() || rememberStep(this.t), 250)
  }

  // --- what is shown --------------------------------------------------------------------------------------------

  show(glide) {
    this.stage.show(this.t, glide, this.asked)
    this.scrub.value = this.t
    this.scrub.setAttribute("aria-valuetext", this.#position(this.t))
    this.host.dataset.step = this.t
    this.find("position").textContent = this.#position(this.t)
    this.#words()
    this.light()
  }

  #position(t) {
    const { words } = this.data
    return (words.position ?? "{n} / {count}").replace("{n}", t + 1).replace("{count}", this.scene.steps)
  }

  #words() {
    speak(this, this.asked ?? this.t)
  }

  #controls() {
    const { words } = this.data
    const button = this.find("play")
    button.dataset.playing = this.playing
    button.setAttribute("aria-label", this.playing ? words.pause : words.play)
    button.title = `${this.playing ? words.pause : words.play} (Space)`
  }

  // --- asking ---------------------------------------------------------------------------------------------------

  /** Light what a cell depends on, or feeds; an output also shows its own arithmetic. */
  hover(name) {
    const mark = name === undefined ? -1 : Number(name)
    if (mark === this.over || this.editor.active) return
    this.over = mark
    if (mark >= 0) this.look = ""
    this.light()
  }

  /** Keep a cell lit, and go to the step that writes it; the same cell again lets it go. */
  pin(name) {
    const mark = name === undefined ? null : Number(name)
    this.pinned = mark === null || mark === this.pinned ? null : mark
    if (this.pinned !== null) {
      const { target, steps } = this.scene.stepsOf(mark)
      if (target) this.go(steps[0])
    }
    this.light()
  }

  light(cells = null) {
    const mark = this.over >= 0 ? this.over : (this.pinned ?? -1)
    if (this.editor.active) cells ??= new Set([this.editor.mark])
    const asked = this.asked
    this.asked = undefined
    if (mark >= 0 && mark < this.scene.cells) {
      const { target, steps } = this.scene.stepsOf(mark)
      if (target && steps.length) this.asked = steps[0]
      cells ??= steps.length ? new Set([mark, ...this.scene.cone(mark).keys()]) : new Set()
    }
    this.stage.light(cells ?? (this.look ? this.scene.cellsOf(this.look, this.t) : new Set()))
    this.host.dataset.pinned = this.pinned ?? ""
    const elsewhere = (this.asked ?? this.t) !== this.t
    if (elsewhere !== this.elsewhere) this.host.dataset.elsewhere = this.elsewhere = elsewhere
    if (asked === this.asked) return
    this.#words()
    this.stage.tell(this.t, this.asked)
  }

  #refer(node) {
    const cells = node ? this.scene.cellsOf(node.dataset.ref, this.asked ?? this.t) : null
    if (node) this.over = -1 // the pointer is on a word, also where the word stands on the picture
    this.light(cells)
    for (const other of this.host.querySelectorAll("[data-ref]")) {
      other.classList.toggle("lit", Boolean(node) && other.dataset.ref === node.dataset.ref)
    }
  }

  /** Whether the page has moved on without saying so; then everything stops. */
  #gone() {
    if (!this.host.isConnected) this.destroy()
    return !this.host.isConnected
  }

  destroy() {
    this.playing = false
    clearTimeout(this.remembering)
    this.abort.abort()
    this.resize?.disconnect()
    this.seen?.disconnect()
  }
}

export default component("player", Player)
