// Presenting: all lessons from stop to stop, by keys or a clicker. It needs no mouse, and no network once it is here.
import { stepFrom } from "./grip.js"
import { Screen } from "./screen.js"
import { Walk, fetched, fromAfar, ownStop } from "./walk.js"

const HTML = `
<div class="screen" data-part="screen"></div>
<ul class="list" data-part="list" hidden></ul>
<p class="note" data-part="note" role="status" hidden></p>
<div class="hand" role="toolbar" data-part="hand"></div>
<div class="dark" data-part="dark" hidden></div>`
const ICONS = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  blank: "M4 6h16v12H4z",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  keys: "M9 9a3 3 0 1 1 4.2 2.7c-.9.4-1.2 1-1.2 2.1M12 17.4v.6",
  leave: "M6 6l12 12M18 6L6 18",
}
const REST = 3000 // milliseconds after which a pointer at rest is hidden
const CALM = 250 // milliseconds for which a step stays before it is written into the address
const LATER = 1500 // milliseconds after which the lesson of a page is fetched, so that it can be presented without a network
const NARROW = 760 // pixels of a window's width up to which that is left until it is asked for

export class Presenter {
  constructor(player) {
    this.player = player
    this.typed = "" // digits of the number of a slide
  }

  /** The page's script has spoken: it may ask for a presentation, as a link does. */
  heard() {
    const { lessons, lesson, language, present, seek } = this.player.data
    if (!lessons) return
    const asks = present && seek !== this.sought
    this.sought = seek
    if (asks) this.open(false)
    else if (!this.later && innerWidth > NARROW && !navigator.connection?.saveData) {
      this.later = setTimeout(() => fetched(lesson, language).catch(() => {}), LATER)
    }
  }

  /** Begin with what the page shows; byHand: a person has asked for it, and not a link. */
  open(byHand) {
    const { data, asks } = this.player
    const t = asks.at
    if (this.dialog || !data.lessons) return
    this.player.pause()
    this.abort = new AbortController()
    this.walk = new Walk(data.lessons, data.language, data.lesson)
    this.walk.place.slide = data.tour?.n ?? 0
    this.own = ownStop(data, asks.open)
    this.#build()
    if (!this.walk.find(data.link, t, asks.open)) this.#drawn(data, this.own)
    this.#show(t)
    this.began = byHand ? t : null
    if (byHand) {
      history.pushState({}, "", this.#address(true))
      this.#full()
    }
    this.#fetch()
  }

  #build() {
    const dialog = Object.assign(document.createElement("dialog"), { className: "present", innerHTML: HTML, tabIndex: -1 })
    this.player.host.append(dialog)
    this.dialog = dialog
    this.find = (name) => dialog.querySelector(`[data-part=${name}]`)
    const { signal } = this.abort
    const on = (target, type, act, capture = false) => target.addEventListener(type, act, { signal, capture })
    this.screen = new Screen(this.find("screen"), () => this.#write(), signal)
    this.dress()
    dialog.showModal()
    dialog.focus()
    on(window, "keydown", (event) => this.#press(event), true)
    on(window, "popstate", () => this.close()) // Back leaves, and the page's script shows what was there
    on(window, "resize", () => this.#show(this.screen.t))
    on(document.fonts, "loadingdone", () => this.#show(this.screen.t)) // its letters may be wider
    on(document, "fullscreenchange", () => this.full && !document.fullscreenElement && this.leave())
    on(dialog, "cancel", (event) => (event.preventDefault(), this.leave()))
    on(dialog, "pointermove", () => this.#stir())
    this.awake = navigator.wakeLock?.request("screen").catch(() => null) // no projector is to fall asleep
    dialog.dataset.rests = true // until the pointer moves
  }

  /** Take the words and the colours of the page. */
  dress() {
    if (!this.dialog) return
    const { words, paper } = this.player.data
    const said = words.present
    this.dialog.setAttribute("aria-label", said.name)
    for (const name of ["accent", "ground", "ink"]) this.dialog.style.setProperty(`--${name}`, paper[name])
    const acts = { back: () => this.#go(-1), next: () => this.#go(1), blank: () => this.#blank(), full: () => this.#full(), keys: () => this.#tell(), leave: () => this.leave() }
    const buttons = Object.entries(acts).map(([name, act]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", title: said[name], onclick: act })
      button.setAttribute("aria-label", said[name])
      button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`
      return button
    })
    this.find("hand").setAttribute("aria-label", said.keys)
    this.find("hand").replaceChildren(...buttons)
    this.find("list").replaceChildren(...said.list.map((one) => Object.assign(document.createElement("li"), { textContent: one })))
  }

  // --- where it goes --------------------------------------------------------------------------------------------

  /** What is shown and said at the place of the walk. */
  get #stop() {
    const { walk, own } = this
    if (walk.place.own) return own
    const { title, question, slides } = walk.lesson()
    const { n, look } = walk.slide
    const opening = { place: "", title, lead: question }
    const beat = { place: `${n} / ${slides.length - 1}`, title: "", lead: "" }
    return { ...walk.stop, scene: walk.scene, look, ...(n ? beat : opening) }
  }

  #show(t, unfold = false) {
    const { dialog, walk, screen, player } = this
    const stop = this.#stop
    const { lesson, slide, stop: n, own } = walk.place
    dialog.dataset.place = own ? "own" : `${lesson + 1}.${slide}.${n + 1}`
    dialog.dataset.kind = stop.kind ?? "step" // at a question the answer is the next stop
    screen.show(stop, t, player.data.step_ms, unfold)
    this.#write()
  }

  /** Show a picture of one's own as it is drawn for a class, where it is drawn otherwise than on the page. */
  async #drawn({ lesson, link }, own) {
    const scene = own.ask ? null : await fromAfar(lesson, link).catch(() => null)
    if (!scene) return
    own.scene = scene
    if (this.dialog && this.own === own && this.walk.place.own) this.#show(this.screen.t)
  }

  /** Fetch the lessons that have not come. */
  #fetch() {
    const heard = () => {
      if (!this.dialog) return
      this.dialog.dataset.known = this.walk.known
      const { data } = this.player
      if (this.walk.place.own && this.walk.find(data.link, this.screen.t, this.own.ask)) this.#show(this.screen.t)
      if (this.waits && this.walk.go(...this.waits)) this.#arrive()
    }
    const ended = () => {
      this.fetching = null
      if (this.waits && this.dialog) this.#note(this.player.data.words.present.away)
      this.waits = null
    }
    this.fetching ??= this.walk.fetch(heard).then(ended)
  }

  /** Go to the next stop or the one before; whole: to the next slide. A lesson that has not come is waited for. */
  #go(by, whole = false) {
    this.waits = null
    const gone = this.walk.go(by, whole)
    if (gone) this.#arrive(by > 0)
    if (gone !== undefined) return
    this.waits = [by, whole]
    this.#note(this.player.data.words.present.coming)
    this.#fetch()
  }

  #arrive(unfold = false) {
    this.waits = null
    this.#note("")
    this.#show(this.walk.stop.t, unfold)
  }

  /** Go to the slide whose number was typed. */
  #jump() {
    const { typed } = this
    this.#type("")
    if (typed && this.walk.jump(Number(typed))) this.#arrive()
  }

  // --- the keys -------------------------------------------------------------------------------------------------

  #press(event) {
    event.stopPropagation() // nobody behind it is to act
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (["Enter", " "].includes(key) && event.composedPath()[0].tagName === "BUTTON") return
    const act = /^\d$/.test(key) ? () => this.#type(`${this.typed}${key}`.slice(-2)) : this.#acts[key]
    if (!act) return
    event.preventDefault()
    if (!this.find("dark").hidden && key !== "Escape") return this.#blank()
    if (!/^(\d|Enter|Backspace)$/.test(key)) this.#type("")
    act()
  }

  get #acts() {
    const { screen } = this
    const { t, scene } = screen
    return {
      PageDown: () => this.#go(1),
      PageUp: () => this.#go(-1),
      n: () => this.#go(1, true),
      Enter: () => this.#jump(),
      Backspace: () => this.#type(this.typed.slice(0, -1)),
      b: () => this.#blank(),
      ".": () => this.#blank(),
      " ": () => screen.transport.toggle(),
      ArrowLeft: () => screen.seek(stepFrom(scene, t, 0, -1)),
      ArrowRight: () => screen.seek(stepFrom(scene, t, 0, 1), true),
      ArrowUp: () => screen.seek(stepFrom(scene, t, -1, 0)),
      ArrowDown: () => screen.seek(stepFrom(scene, t, 1, 0)),
      Home: () => screen.seek(0),
      End: () => screen.seek(scene.steps - 1),
      f: () => this.#full(),
      F5: () => this.#full(), // what a clicker sends to begin; to load the page again might need the network
      h: () => this.#tell(),
      "?": () => this.#tell(),
      p: () => this.leave(),
      Escape: () => (this.find("list").hidden ? this.leave() : this.#tell()),
    }
  }

  #type(typed) {
    this.typed = typed
    this.#note(typed)
  }

  #note(text) {
    this.find("note").textContent = text
    this.find("note").hidden = !text
  }

  #blank() {
    const dark = this.find("dark")
    dark.hidden = !dark.hidden
  }

  #tell() {
    const list = this.find("list")
    list.hidden = !list.hidden
  }

  /** The pointer moves: it is seen, and with it the buttons, until it rests. */
  #stir() {
    clearTimeout(this.resting)
    this.dialog.dataset.rests = false
    this.resting = setTimeout(() => this.dialog && (this.dialog.dataset.rests = true), REST)
  }

  async #full() {
    if (document.fullscreenElement) return
    await document.documentElement.requestFullscreen?.().catch(() => {}) // a browser may refuse: then the window has to do
    this.full = Boolean(document.fullscreenElement)
  }

  // --- the address, and the end ---------------------------------------------------------------------------------

  #write() {
    clearTimeout(this.writing)
    this.writing = setTimeout(() => this.dialog && history.replaceState(history.state, "", this.#address(true)), CALM)
  }

  /** The address of what is shown, presented or not. */
  #address(presents) {
    const { walk, player, own } = this
    const theme = /(?:^|&)theme=[^&]*/.exec(player.data.link)?.[0].replace("&", "")
    const link = walk.place.own ? own.link : [walk.stop.link, theme].filter(Boolean).join("&")
    const bare = link.replace(/(^|&)present=1/, "").replace(/^&/, "") || "v=1"
    const address = new URL(walk.names[walk.place.lesson], location.href)
    address.search = `${bare}${presents ? "&present=1" : ""}&step=${this.screen.t}`
    return address
  }

  /** End, and let the page show what was shown last. */
  leave() {
    const { walk, player, screen } = this
    const { data } = player
    const same = walk.place.own || (data.lesson === walk.names[walk.place.lesson] && walk.shows(data.link))
    const address = this.#address(false)
    const { t } = screen
    this.close()
    if (same && t === this.began) return history.back() // to what was there, of which nothing has changed
    history.replaceState(history.state, "", address)
    if (same && !data.present) player.transport.seek(t)
    else dispatchEvent(new PopStateEvent("popstate", { state: history.state })) // the page's script reads the address
  }

  /** End, and leave the page as it is. */
  close() {
    const { dialog, screen, awake, full } = this
    if (!dialog) return
    this.dialog = this.waits = null
    this.typed = ""
    this.full = false
    for (const timer of [this.resting, this.writing]) clearTimeout(timer)
    this.abort.abort()
    screen.transport.stop()
    dialog.close()
    dialog.remove()
    if (full && document.fullscreenElement) document.exitFullscreen()
    awake?.then((lock) => lock?.release())
  }
}
