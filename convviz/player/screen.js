// What a class sees: a picture as large as it can be, and its words under it, in letters that are read from the last row.
import { lay } from "./afar.js"
import { Attention } from "./attention.js"
import { Hidden } from "./hidden.js"
import { moments } from "./moments.js"
import { Scene } from "./scene.js"
import { MARGIN, Stage } from "./stage.js"
import { arithmetic, sentence } from "./telling.js"
import { sides } from "./template.js"
import { Transport } from "./transport.js"
import { equation, marked } from "./words.js"

const HTML = `
<div class="far"><svg role="img" data-part="far"></svg></div>
<div class="saying" data-part="saying">
  <p class="place" data-part="place"></p>
  <div class="told" aria-live="polite"><p class="lead" data-part="lead"></p><p data-part="told"></p></div>
  <p class="offered" data-part="offered"></p>
  <p class="sum" data-part="sum"></p>
  <p class="more" data-part="more"></p>
</div>`
const LEAST = 30 // no letter is smaller than this part of the window's height
const MORE = 1.004 // so that no rounding makes it smaller
const LARGEST = 18 // and no words are larger than this
const PICTURE = 0.75 // of the window's height, for the picture
const EDGE = 0.02 // of the window's width and height, that stays free
const CELLS = 6 // no cell is larger than this part of the window's height
const TRIES = 6 // times that the picture makes room for words that do not fit
const NUMBER = /\d+(?:\.\d+)?/g

const scenes = new WeakMap()
const sceneOf = (wire) => scenes.get(wire) ?? scenes.set(wire, new Scene(wire)).get(wire)
const plain = (text) => text.replace(/\[\w+\|([^\]]*)\]/g, "$1")
const numbers = (text) => text.replaceAll("180°", "").replaceAll(",", "").match(NUMBER) ?? []
const inNumbers = ({ n, x }) => `${n.map(([text]) => text).join("")} = ${x.join(" = ")}`

function title(text) {
  return Object.assign(document.createElement("b"), { textContent: text })
}

/** What a question has to be drawn: the cells that it asks about. */
const asking = ({ takes, hide }) => ({
  marks: () => ({ lit: new Map(takes === "cells" ? hide.asked.map((m) => [m, 0]) : []) }),
  notes: (notes) => notes,
})

export class Screen {
  /** rest(): a step stays; signal: ends what it listens to. */
  constructor(box, rest, signal) {
    box.innerHTML = HTML
    this.box = box
    this.find = (name) => box.querySelector(`[data-part=${name}]`)
    this.stage = new Stage(this.find("far"))
    this.family = `"Convviz Sans", ${getComputedStyle(box).fontFamily}` // as the picture has it
    this.transport = new Transport({
      show: (glide) => this.#step(glide),
      moments: (t, slowly) => moments(this.scene, t, slowly),
      changed: () => {},
      rest,
      seen: () => true,
      gone: () => !box.isConnected,
    })
    const on = (target, type, act) => target.addEventListener(type, act, { signal })
    on(this.stage.svg, "pointermove", (e) => this.#point(e.target.dataset?.m))
    on(this.stage.svg, "pointerleave", () => this.#point())
    on(box, "pointerover", (e) => this.#refer(e.target.closest("[data-ref]")))
  }

  get t() {
    return this.scene?.held ?? this.transport.t // a question holds the picture at its step
  }

  /** Show a stop, {scene, look, text, title, lead, place}, at a step; unfold: as the step happens, part after part. */
  show(stop, t, pace, unfold = false) {
    this.scene = stop.ask ? new Hidden(stop.scene, stop.ask) : sceneOf(stop.scene)
    this.asks = stop.ask ? asking(stop.ask) : null
    this.attention = new Attention(this.scene, stop.look)
    this.said = stop.text
    this.find("offered").replaceChildren(...(stop.ask?.takes === "choice" ? stop.ask.choices : []).map(title))
    this.find("place").textContent = stop.place
    this.find("lead").replaceChildren(title(stop.title), ...marked(stop.lead))
    this.find("lead").hidden = !(stop.title || stop.lead)
    this.transport.load(this.scene, pace, t)
    const room = { width: innerWidth * (1 - 2 * EDGE), height: innerHeight * PICTURE, most: innerHeight / CELLS, margin: MARGIN }
    for (let n = 0; n < TRIES; n++, room.height *= 0.94) {
      this.#lay(room)
      this.#sized(LARGEST)
      this.#step(0)
      if (this.#fits()) break
    }
    if (unfold) this.transport.seek(t, undefined, true)
    this.stage.svg.setAttribute("aria-label", plain(sentence(this.scene, t)))
  }

  #lay(room) {
    const { stage } = this
    const told = new Set(numbers(plain(this.said)))
    const wants = (text) => numbers(text).some((n) => told.has(n))
    stage.laid = lay(this.scene, room, (innerHeight / LEAST) * MORE, { wide: (text) => this.#wide(text), wants })
    stage.cell = stage.laid.cell
    stage.load(this.scene, this.t)
    stage.svg.style.width = `${stage.cell * stage.width}px`
    stage.svg.style.height = `${stage.cell * stage.height}px`
  }

  /** Go to a step and stay there. */
  seek(t, unfold = false) {
    this.transport.pause()
    this.transport.seek(t, undefined, unfold)
  }

  /** Show the step of the transport. */
  #step(glide) {
    const { stage, attention, transport } = this
    stage.show(transport.t, glide, attention.asked, transport)
    this.box.dataset.step = this.t
    attention.told = attention.about
    this.#say()
    attention.draw(stage, transport, this.asks)
  }

  /** The words of the stop, or where it has none the sentence; the sum; and what says numbers that the picture does not. */
  #say() {
    const { scene, find, attention, said } = this
    const t = attention.asked ?? this.t
    const step = sentence(scene, t, attention.cell)
    find("told").replaceChildren(...marked(said || step))
    const absent = said ? this.#absent(t) : []
    const formulas = scene.formulas.filter((one) => absent.some((n) => numbers(inNumbers(one)).includes(n)))
    const others = absent.filter((n) => !formulas.some((one) => numbers(inNumbers(one)).includes(n)))
    const titles = scene.labels.map((label) => label[3]).filter((text) => others.some((n) => numbers(text).includes(n)))
    const left = others.filter((n) => !titles.some((text) => numbers(text).includes(n)))
    const more = formulas.map((one) => [...sides(one)[0], " = ", ...sides(one)[1], ` = ${one.x.join(" = ")}`])
    more.push(...titles.map((text) => [text])) // they had no place
    if (left.length) more.push(marked(step))
    find("more").replaceChildren(...more.flatMap((one, n) => (n ? [" · ", ...one] : one)))
    const { size } = this
    this.#sum(t)
    this.#fits()
    if (this.size !== size) this.#sum(t) // more of it may have room
  }

  /** The numbers of the words that no title says, and no cell that counts. */
  #absent(t) {
    const { scene, stage } = this
    const counts = scene.textsAt(t).filter((_, m) => stage.texts[m] && scene.roleNames[scene.roles[m]] === "heat")
    const there = new Set(numbers([...stage.laid.labels.map((label) => label[3]), ...counts].join(" ")))
    return numbers(plain(this.said)).filter((n) => !there.has(n))
  }

  /** The sum on one line: where it is too long, terms in its middle give way to dots. */
  #sum(t) {
    const sum = this.find("sum")
    const made = arithmetic(this.scene, t, this.attention.cell)
    sum.hidden = !made
    const moment = t === this.t ? this.transport.moment : null
    for (let most = made?.terms.length ?? 0; made; ) {
      sum.replaceChildren(...equation(this, made, t, moment, most))
      if (sum.scrollWidth <= sum.clientWidth + 1 || most < 3) break
      most = Math.min(most - 1, Math.max(2, Math.ceil((most * sum.clientWidth) / sum.scrollWidth)))
    }
  }

  /** Give the words the largest size at which they fit under the picture, and say whether there is one. */
  #fits() {
    const saying = this.find("saying")
    const room = innerHeight * (1 - 2 * EDGE) - this.stage.cell * this.stage.height
    while (saying.offsetHeight > room + 1 && this.size < LEAST) this.#sized(this.size + 1)
    return saying.offsetHeight <= room + 1
  }

  /** Give the words a size, as a part of the window's height. */
  #sized(size) {
    this.size = size
    this.find("saying").style.fontSize = `${innerHeight / size + 0.01}px`
  }

  /** The width of a text in the picture, as a share of its height. */
  #wide(text) {
    const pen = (this.pen ??= document.createElement("canvas").getContext("2d"))
    pen.font = `100px ${this.family}`
    return pen.measureText(text).width / 100
  }

  // --- what is pointed at ---------------------------------------------------------------------------------------

  #point(name) {
    const mark = name === undefined ? null : Number(name)
    if (!this.scene || mark === this.attention.over) return
    this.attention.point(mark)
    this.#attend()
  }

  #refer(node) {
    if (node) this.read({ node, role: node.dataset.ref, pointed: true })
    else if (this.attention?.word?.pointed) this.read(null)
  }

  /** A word or a term is pointed at, or none, as in the player. */
  read(word) {
    this.attention.read(word)
    this.#attend()
  }

  #attend() {
    const { attention, stage, transport } = this
    if (attention.told !== attention.about) {
      attention.told = attention.about
      stage.tell(transport.t, attention.asked)
      this.#say()
    }
    attention.draw(stage, transport, this.asks)
  }
}
