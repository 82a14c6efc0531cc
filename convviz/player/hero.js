// A picture and the map that a kernel makes of it, which is written in some seconds; kernels to choose from. It knows
// scenes, words and links, and nothing of what is computed.
import { opens } from "./cards.js"
import { toolbar } from "./focus.js"
import { Scene } from "./scene.js"
import { LEAST_PX } from "./fit.js"
import { Stage } from "./stage.js"

const SWEEP = 8000 // milliseconds in which a whole map is written
const REST = 2500 // milliseconds for which a whole map is seen before the next kernel begins
const FRAME = 28 // the least milliseconds between two pictures: more of them cost more than they show
const SLOWEST = 100 // the most that count between two: after a pause nothing is skipped

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

const icon = (name, path) => `<path class="${name}" d="${path}"/>`
const HTML = `
<b class="title" data-part="picture"></b>
<b class="title" data-part="kernel"></b>
<b class="title" data-part="map"></b>
<div class="board" data-part="face" aria-hidden="true"><svg></svg></div>
<i class="sign" aria-hidden="true">∗</i>
<div class="kernels" data-part="kernels"></div>
<i class="sign" aria-hidden="true">=</i>
<div class="board" data-part="written" aria-hidden="true"><svg></svg></div>
<div class="below">
  <button type="button" class="play" data-part="play"><svg viewBox="0 0 24 24" aria-hidden="true">${icon("go", "M8 5v14l11-7z")}${icon("stop", "M7 5h3.6v14H7zM13.4 5H17v14h-3.6z")}</svg></button>
  <p class="does" data-part="does"></p>
  <a class="open" data-part="open"></a>
</div>`

export class Hero {
  /** said: {words, face, kernels}; open(to, step): what a press on the picture does; as: where another one was. */
  constructor(host, said, common, open, as = {}) {
    Object.assign(this, { host, said, open })
    host.innerHTML = HTML
    this.find = (name) => host.querySelector(`[data-part=${name}]`)
    const read = (wire) => new Scene({ ...common, ...wire })
    this.face = read(said.face)
    this.maps = said.kernels.map(({ map }) => read(map))
    this.born = this.maps.map(({ born }) => born)
    this.boards = { face: new Stage(this.find("face").firstChild), map: new Stage(this.find("written").firstChild) }
    this.kernels = said.kernels.map(({ kernel, label, to }, n) => this.#kernel(read(kernel), label, to, n))
    this.#write()
    this.#listen()
    this.boards.face.load(this.face, 0)
    this.#shape()
    this.fit()
    const { n = 0, at = 0, whole = still(), playing = !still(), tours = true } = as
    Object.assign(this, { whole, tours, at: still() && !as.kernels ? this.last : at })
    this.#take(n)
    if (playing) this.play()
  }

  get last() {
    return this.face.steps - 1
  }

  get t() {
    return Math.min(this.last, Math.floor(this.at))
  }

  #kernel(scene, label, to, n) {
    const button = document.createElement("button")
    Object.assign(button, { type: "button", innerHTML: '<svg aria-hidden="true"></svg><span></span>' })
    button.dataset.value = to
    button.lastChild.textContent = label
    button.onclick = () => this.choose(n)
    this.find("kernels").append(button)
    const stage = new Stage(button.firstChild)
    stage.least = LEAST_PX
    stage.load(scene, 0)
    return { button, stage }
  }

  #write() {
    const { words } = this.said
    for (const name of ["picture", "kernel", "map", "open"]) this.find(name).textContent = words[name]
    this.find("kernels").setAttribute("aria-label", words.choose)
    toolbar(this.find("kernels"))
  }

  /** Both boards have cells of the same size. */
  #shape() {
    this.boards.map.load(this.maps[0], 0)
    for (const [name, stage] of Object.entries(this.boards)) this.host.style.setProperty(`--${name}`, `${stage.width}fr`)
  }

  #listen() {
    for (const name of ["face", "written", "open"]) { // the link alone is for the keyboard and for who reads by ear
      opens(this.find(name), () => this.open(this.said.kernels[this.n].to, this.t))
    }
    this.find("play").onclick = () => (this.playing ? this.pause() : this.play())
    for (const [name, scene] of [["face", () => this.face], ["written", () => this.maps[this.n]]]) {
      this.find(name).addEventListener("pointermove", (event) => this.#point(scene(), event.target.dataset?.m))
    }
    this.seen = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting
      this.#tick()
    })
    this.seen.observe(this.host)
  }

  /** The size of a cell decides whether numbers can be read. */
  fit() {
    for (const { stage, button } of this.kernels) {
      stage.cell = button.firstChild.clientWidth / stage.width
      stage.show(0)
    }
    for (const stage of Object.values(this.boards)) stage.cell = stage.svg.clientWidth / stage.width
  }

  /** Take the nth kernel, its map as far as it is written. */
  #take(n) {
    this.n = n
    const { does, href } = this.said.kernels[n]
    this.kernels.forEach(({ button }, i) => button.setAttribute("aria-pressed", i === n))
    this.kernels.forEach(({ button }, i) => (button.tabIndex = i === n ? 0 : -1))
    this.find("does").textContent = does
    this.find("open").href = href
    this.boards.map.load(this.maps[n], this.t)
    this.#show()
    this.#tell()
  }

  #show() {
    const { face, map } = this.boards
    this.maps[this.n].born = this.whole ? this.born[this.n].map(() => 0) : this.born[this.n]
    face.show(this.t)
    map.show(this.t)
    this.host.dataset.step = this.t
  }

  #tell() {
    const { words } = this.said
    const button = this.find("play")
    this.host.dataset.playing = Boolean(this.playing)
    button.title = this.playing ? words.pause : words.play
    button.setAttribute("aria-label", button.title)
  }

  /** Show at once what another kernel makes of the picture; from now on nothing moves by itself. */
  choose(n) {
    this.pause()
    this.find("does").setAttribute("aria-live", "polite")
    Object.assign(this, { whole: true, at: this.last })
    this.#take(n)
  }

  /** Show the window of the cell that is pointed at, once the map is whole. */
  #point(scene, mark) {
    if (mark === undefined || this.playing || !(this.whole || this.t === this.last)) return
    this.#rest()
    const { steps } = scene.stepsOf(Number(mark))
    if (!steps.length) return
    Object.assign(this, { whole: true, at: steps[Math.floor(steps.length / 2)] })
    this.#show()
  }

  /** Write the map, from the start if it is whole. */
  play() {
    if (this.whole || this.t === this.last) Object.assign(this, { whole: false, at: 0 })
    this.playing = true
    this.#show()
    this.#tell()
    this.#tick()
  }

  pause() {
    this.#rest()
    this.playing = false
    cancelAnimationFrame(this.frame)
    this.#tell()
  }

  /** No other kernel follows by itself any more. */
  #rest() {
    this.tours = false
    clearTimeout(this.timer)
  }

  #tick() {
    cancelAnimationFrame(this.frame)
    let before = 0
    const tick = (now) => {
      if (!this.playing || !this.visible || !this.host.isConnected) return
      this.frame = requestAnimationFrame(tick)
      if (now - before < FRAME) return
      this.at = Math.min(this.last, this.at + (Math.min(now - before, SLOWEST) / SWEEP) * this.face.steps)
      before = now
      this.#show()
      if (this.t === this.last) this.#written()
    }
    this.frame = requestAnimationFrame(tick)
  }

  /** The map is whole: after a while the next kernel begins, once each. */
  #written() {
    this.playing = false
    cancelAnimationFrame(this.frame)
    this.#tell()
    if (!this.tours || this.n === this.maps.length - 1) return
    this.timer = setTimeout(() => {
      if (!this.host.isConnected) return
      Object.assign(this, { at: 0, playing: true })
      this.#take(this.n + 1)
      this.#tick()
    }, REST)
  }

  /** Whether it plays is kept for the one that takes its place. */
  stop() {
    clearTimeout(this.timer)
    cancelAnimationFrame(this.frame)
    this.seen.disconnect()
  }
}
