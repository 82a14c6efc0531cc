// The player: shows a Scene, plays it, and lets it be asked. Playing, scrubbing, hovering and speed ask no server.
import { Address } from "./address.js"
import { Asking } from "./asking.js"
import { Asks } from "./asks.js"
import { Attention } from "./attention.js"
import { closeElsewhere } from "./boxes.js"
import { Choices } from "./choices.js"
import { coming, still } from "./closer.js"
import { Editor } from "./editor.js"
import { offer } from "./files.js"
import { fit, lay, watch } from "./fit.js"
import { press, tellKeys } from "./keys.js"
import { Lens } from "./lens.js"
import { wear } from "./letters.js"
import { moments } from "./moments.js"
import { chosen, follow, opensLater } from "./picks.js"
import { Share } from "./share.js"
import { Stage } from "./stage.js"
import { HTML, fill } from "./template.js"
import { isTouch, listen } from "./touch.js"
import { Tour } from "./tour.js"
import { SPEEDS, Transport } from "./transport.js"
import { speak } from "./words.js"

export class Player {
  constructor(host) {
    this.host = host
    this.presenter = null // what presents it, where it can be presented: see presentable.js
    this.pointer = null // where the pointer is, while it is on the player
    this.abort = new AbortController()
    this.transport = new Transport({
      show: (glide) => this.show(glide),
      moments: (t, slowly) => moments(this.scene, t, slowly),
      changed: () => (this.#controls(), this.#words()),
      rest: () => (follow(this), this.data.main && this.address.step(this.asks.at)),
      seen: () => this.visible !== false,
      gone: () => this.#gone(),
    })
  }

  get t() {
    return this.transport.t
  }

  get playing() {
    return this.transport.playing
  }

  /** Take what the page's script says; the step, the speed and whether it plays stay as they are. */
  update(data) {
    const first = !this.scene
    if (!first && this.asking.ahead(data)) return
    this.#take(data, first, data.stamp !== this.stamp)
    this.stamp = data.stamp
    this.asking.heard()
    if (first) this.#pace((this.find("speed").value = data.pace === "terms" ? data.pace : (data.speed ?? 1)), data.speed)
    if (first && data.autoplay && !still()) this.transport.play(data.main && this.t === 0 && data.pace !== "steps")
  }

  /** Take the answer to what was asked; `kept` where it is a step of the history. */
  take(answer, kept) {
    this.#take({ ...this.data, ...answer }, false, kept)
    this.answers = (this.answers ?? 0) + 1
    this.host.dataset.ready = `${this.host.dataset.ready.split("+")[0]}+${this.answers}`
  }

  /** What is shown becomes a step of the history. */
  keep() {
    this.data.undo = true
    if (this.data.main) this.address.write(this.data.link, this.asks.at, false)
    fill(this)
  }

  /** Everything that is of the scene is made first, of the scene alone, then the address is written, then it is shown. */
  #take(data, first, kept) {
    wear(data.fonts)
    const sought = data.seek !== this.data?.seek
    if (first) this.#build()
    const scene = this.asks.seen(data)
    const look = data.look === this.data?.look ? undefined : data.look // else it may have been left meanwhile
    this.attention = sought || first ? new Attention(scene, data.look) : this.attention.onto(scene, look)
    this.transport.load(scene, data.step_ms, sought ? (data.step ?? 0) : (this.scene?.held ?? scene.held ?? chosen(this, scene)))
    const comes = coming(this.scene, scene)
    Object.assign(this, { data, scene })
    if (data.main && data.link !== undefined && (first || kept || sought)) this.address.write(data.link, this.asks.at, first || !kept)
    if (this.css !== data.css) this.style.textContent = this.css = data.css // the same again would cost a layout
    lay(this)
    this.stage.load(scene, this.t)
    this.scrub.max = scene.steps - 1
    fill(this)
    this.#controls()
    this.tour.tell()
    this.lens.take()
    fit(this)
    if (sought && !first) this.tour.bring(still())
    this.show(0)
    comes(this.stage.svg)
    this.editor.taken()
    this.presenter?.dress()
    this.#settle()
  }

  #build() {
    this.host.innerHTML = HTML
    this.find = (name) => this.host.querySelector(`[data-part=${name}]`)
    ;[this.style, this.scrub] = ["style", "scrub"].map(this.find)
    this.stage = new Stage(this.find("svg"))
    this.editor = new Editor(this)
    this.asking = new Asking(this)
    this.tour = new Tour(this)
    this.asks = new Asks(this)
    this.address = new Address(this.abort.signal, () => opensLater(this.scene))
    this.choices = new Choices(this, () => offer(this))
    this.share = new Share(this)
    this.lens = new Lens(this)
    const on = (node, type, act) => node.addEventListener(type, act, { signal: this.abort.signal })
    closeElsewhere(this)
    const actions = {
      start: () => this.go(0),
      back: () => this.go(this.t - 1),
      up: () => this.go(this.t - this.scene.row),
      play: () => this.asks.open || this.transport.toggle(),
      down: () => this.go(this.t + this.scene.row),
      next: () => this.go(this.t + 1, true),
      end: () => this.go(this.scene.steps - 1),
      edit: () => this.editor.toggle(),
      undo: () => this.send("undo", {}),
      keys: () => tellKeys(this),
      present: () => this.presenter?.open(true),
      tour_again: () => this.tour.go(0),
      tour_back: () => this.tour.go(-1),
      tour_next: () => this.tour.go(1),
    }
    for (const [name, act] of Object.entries(actions)) {
      on(this.find(name), "click", (event) => event.currentTarget.ariaDisabled === "true" || act())
    }
    on(this.scrub, "input", () => this.go(Number(this.scrub.value)))
    on(this.find("speed"), "change", (e) => this.#pace(e.target.value))
    listen(this, on)
    on(this.host, "keydown", (e) => press(this, e))
    on(document, "convviz:refer", (e) => this.data.main && this.read(e.detail ? { role: e.detail } : null))
    const away = (e) => !this.#gone() && this.data.main && !e.composedPath().includes(this.host)
    document.addEventListener("keydown", (e) => away(e) && press(this, e), { signal: this.abort.signal, capture: true })
    const speeds = SPEEDS.map((s) => `<option value="${s}" ${s === 1 ? "selected" : ""}>${s}×</option>`)
    this.find("speed").innerHTML = `<option value="terms"></option>${speeds.join("")}`
    watch(this)
    this.seen = new IntersectionObserver(([entry]) => (this.visible = entry.isIntersecting))
    this.seen.observe(this.host)
  }

  // --- time -----------------------------------------------------------------------------------------------------

  /** Show a step and stop playing: what a person asked for stays. */
  go(t, unfold = false) {
    this.attention.look = ""
    this.lens.drop()
    this.transport.pause()
    this.transport.seek(t, undefined, unfold)
  }

  /** Choose a speed, or that each step is shown term by term, which a page may open with at any speed. */
  #pace(chosen, speed = 1) {
    this.transport.terms = chosen === "terms"
    this.transport.speed = this.transport.terms ? speed : Number(chosen)
    this.choices.follow(this.transport.speed, this.transport.terms)
    offer(this)
  }

  pause() {
    this.transport.pause()
  }

  show(glide) {
    const { attention, stage, host, t } = this
    stage.show(t, glide, attention.asked, this.transport)
    host.dataset.whole = !this.transport.moment
    attention.told = attention.about
    this.scrub.value = t
    this.scrub.setAttribute("aria-valuetext", this.#position(t))
    this.host.dataset.step = this.asks.at
    this.find("position").textContent = this.#position(t)
    this.#words()
    this.attend()
  }

  #position(t) {
    const { words } = this.data
    if (this.asks.open) return "" // how many there are may be what is asked
    return (words.position ?? "{n} / {count}").replace("{n}", t + 1).replace("{count}", this.scene.steps)
  }

  #words() {
    speak(this, this.attention.asked ?? this.t)
  }

  #controls() {
    const { words } = this.data
    const button = this.find("play")
    button.dataset.playing = this.playing
    button.setAttribute("aria-label", this.playing ? words.pause : words.play)
    button.title = `${this.playing ? words.pause : words.play}${isTouch() ? "" : " (Space)"}`
  }

  // --- asking ---------------------------------------------------------------------------------------------------

  /** Show what is attended to now: what is lit, and the arithmetic of the step that the words then tell of. */
  attend() {
    const { attention, stage, host, t } = this
    if (attention.told !== attention.about) {
      attention.told = attention.about
      this.#words()
      stage.tell(t, attention.asked)
    }
    attention.draw(stage, this.transport, this.asks)
    host.dataset.pinned = attention.pinned ?? ""
    const said = attention.word?.role
    if (said === this.marked) return
    this.marked = said
    for (const node of host.querySelectorAll("[data-ref]")) node.classList.toggle("lit", node.dataset.ref === said)
  }

  /** Light what a cell depends on, or feeds; an output also shows its own arithmetic. */
  hover(name) {
    const mark = name === undefined ? null : Number(name)
    if (mark === this.attention.over) return
    this.attention.point(mark)
    this.attend()
  }

  /** Keep a cell lit, and go to the step that writes it; the same cell again, or none, lets it go. */
  pin(name) {
    const mark = name === undefined ? null : Number(name)
    if (this.asks.open) return this.asks.choose(mark)
    if (mark === null || mark === this.attention.pinned) return this.unpin()
    this.attention.pin(mark)
    const { target, steps } = this.scene.stepsOf(mark)
    if (target) this.go(steps[0])
    this.attend()
  }

  /** Light what a cell depends on, or feeds, as a pointer does; the same cell again is kept lit, or let go. */
  tap(name) {
    const mark = name === undefined ? null : Number(name)
    if (this.asks.open) return this.asks.choose(mark)
    this.attention.read(null)
    if (this.editor.active && this.scene.editable(mark ?? -1)) return this.editor.open(mark)
    if (mark !== null && mark !== this.attention.over && mark !== this.attention.pinned) return this.hover(name)
    if (mark === null || mark === this.attention.pinned) this.attention.point(null)
    this.pin(name)
  }

  unpin() {
    this.lens.drop()
    this.attention.pin(null)
    this.attend()
  }

  /** A word or a term is pointed at, {node, role or cells, pointed}, or none. */
  read(word) {
    this.attention.read(word)
    this.attend()
  }

  /** A word that names a part is pointed at, or has the keyboard. */
  refer(node, pointed) {
    if (node) this.read({ node, role: node.dataset.ref, pointed })
    else if (pointed && this.attention.word?.pointed) this.read(null) // the word has gone from under the pointer
  }

  /** Once a new picture has been painted: what is under the pointer now, and where an open field belongs.

  Both ask for the layout, which is known by then.
  */
  #settle() {
    if (this.settling || !(this.pointer || this.editor.field)) return
    this.settling = requestAnimationFrame(() => requestAnimationFrame(() => {
      this.settling = 0
      if (this.#gone()) return
      this.editor.place()
      if (!this.pointer) return
      const under = this.host.getRootNode().elementFromPoint(...this.pointer)
      const node = under?.closest("[data-ref]")
      this.refer(this.host.contains(node) ? node : null, true)
      if (!this.attention.word?.pointed) this.hover(this.stage.svg.contains(under) ? under.dataset.m : undefined)
    }))
  }

  /** Whether the page has moved on without saying so; then everything stops. */
  #gone() {
    if (!this.host.isConnected) this.destroy()
    return !this.host.isConnected
  }

  destroy() {
    this.transport.stop()
    this.presenter?.close()
    this.abort.abort()
    this.seen?.disconnect()
  }
}
