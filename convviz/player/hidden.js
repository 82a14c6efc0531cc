// A scene of which an open question hides the answer. It has one step, and whoever asks it for what it shows, draws, says
// or lights is told no more than may be seen.
import { Scene } from "./scene.js"

const LIKE = { unread: "input", idle: "padding" } // roles that would tell which windows there are
const GONE = "gone" // the role of a cell that is not there
const MARK = "?"
const TOKEN = /\d[\d,]*(?:\.\d+)?/g

const nowhere = { at: () => [] }

export class Hidden extends Scene {
  /** step: the one that is asked about; hide: what is not shown, as convviz/page/asked.py says it. */
  constructor(wire, { step, hide }) {
    super(wire)
    this.hide = hide
    this.held = step
    this.steps = this.row = 1
    Object.assign(this, { say: undefined, equations: [], formulas: [], links: [], order: [], compared: null, notes: hide.plain ? [] : this.notes, shapes: hide.plain ? [] : this.shapes.filter((s) => !s.l) })
    const gone = hide.gone.flatMap((n) => Array.from({ length: this.grids[n].count }, (_, m) => this.grids[n].f + m))
    this.bare = new Set([...gone, ...hide.empty])
    this.#roles(gone)
    Object.assign(this, { lens: null, details: [], images: this.images.filter(({ g }) => !hide.gone.includes(g)) })
    this.labels = wire.labels.map((label) => this.#label(label))
    const whole = ({ f, count }) => !Array.from({ length: count }, (_, m) => f + m).some((m) => this.bare.has(m))
    this.legends = this.legends.filter(([n]) => whole(this.grids[n])) // a scale ends at the largest of its board's values
    this.edges = gone.length ? [] : this.edges.map((edge) => ({ ...edge, track: hide.plain ? nowhere : { at: () => edge.track.at(step) } }))
    this.curves = this.curves.filter(({ cell }) => !this.bare.has(cell)).map((curve) => ({ ...curve, until: curve.until && [curve.until[step]], at: curve.at && [-1] }))
  }

  #roles(gone) {
    this.roleNames = [...this.roleNames, GONE]
    if (this.hide.plain) {
      const like = this.roleNames.map((name) => this.roleNames.indexOf(LIKE[name] ?? name))
      this.roles = this.roles.map((role) => like[role])
    }
    for (const m of gone) this.roles[m] = this.roleNames.length - 1
  }

  /** A title without the number that is asked for; numbers along an axis stand for places. */
  #label([role, x, y, text, ...others]) {
    if (this.hide.plain && others.at(-1) in LIKE) return [role, x, y, "", ...others]
    const place = role === "axis" && /^−?\d+$/.test(text)
    const hidden = (number) => (number.replaceAll(",", "") === this.hide.number ? MARK : number)
    return [role, x, y, place || !this.hide.number ? text : text.replace(TOKEN, hidden), ...others]
  }

  statesAt() {
    const { plain, asked, state } = this.hide
    const states = plain ? new Uint8Array(this.cells) : super.statesAt(this.held)
    if (plain) this.born.forEach((step, m) => step > this.held && (states[m] = this.pending))
    for (const m of this.bare) states[m] = this.pending
    for (const m of asked) states[m] = this.stateNames.indexOf(state)
    return states
  }

  textsAt() {
    const texts = super.textsAt(this.held)
    for (const m of this.bare) texts[m] = ""
    if (this.hide.place >= 0) texts[this.hide.place] = MARK
    return texts
  }

  tonesAt() {
    const tones = super.tonesAt(this.held)
    for (const m of [...this.bare, ...this.hide.asked]) tones[m] = 0
    return tones
  }

  notesAt() {
    return super.notesAt(this.held)
  }

  pointsAt() {
    return super.pointsAt(this.held)
  }

  stepsOf() {
    return { target: false, steps: [] }
  }

  related() {
    return { made: [], feeds: [] }
  }

  cone() {
    return new Map()
  }

  cellsOf() {
    return new Set()
  }
}
