// A Scene from its wire form (see wire.py): what every cell is and bears at any step, and what depends on what.
// Nothing here knows what is being computed: only cells, tracks, texts and words.
import { compared, differing } from "./compared.js"
import { read } from "./images.js"
import { loosen } from "./lens.js"
import { picksOf } from "./picks.js"
import { BAR, between, borne, column, levels, pairs, runs, table, texts } from "./packed.js"

// A place in a text, as convviz/text says: {n}, {n:,}, {n|cell|cells}, {a to b}, {a to b|row|rows}
const PLACE = /\{(\w+)(?: (\S+) (\w+))?(:,)?(?:\|([^{}|]*)\|([^{}|]*))?\}/g

const thousands = (text) => (/^\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text)

/** A text with its places filled, as `fill` in convviz/text does it; `value` gives the value of a name. */
export const filled = (template, value) =>
  template.replace(PLACE, (_, name, between, last, grouped, one, many) => {
    const number = (n) => (grouped ? thousands(String(value(n))) : String(value(n)))
    const text = number(name)
    const end = last ? number(last) : "1"
    const shown = last && text !== end ? `${text} ${between} ${end}` : text
    if (one === undefined) return shown
    const word = text === end ? one : many
    return last ? `${word} ${shown}` : word
  })

/** What fills the places of texts at each step: a column for each name. */
const filling = (sent = {}) =>
  Object.fromEntries(Object.entries(sent).map(([name, c]) => [name, typeof c === "string" ? c.split(BAR) : column(c)]))

/** What every scene has alike (COMMON in wire.py), of the wire form of one. */
export const alike = ({ v, roles, scales, sides, hued, states, refs }) => ({ v, roles, scales, sides, hued, states, refs })

export class Scene {
  constructor(wire) {
    Object.assign(this, { steps: wire.steps, row: wire.row, box: wire.box, view: wire.view, aspect: wire.aspect, refs: wire.refs })
    Object.assign(this, { labels: wire.labels, shapes: wire.shapes, formulas: wire.formulas, grip: wire.grip, wire })
    this.roleNames = wire.roles
    Object.assign(this, { scales: wire.scales, hued: wire.hued })
    this.stateNames = wire.states
    this.grids = wire.grids.map((g) => ({ ...g, count: g.r * g.c, h: 1, w: 1 }))
    this.cells = this.grids.reduce((sum, g) => sum + g.count, 0)
    this.roles = this.grids.flatMap((g) => runs(g.R))
    this.levels = this.grids.flatMap((g) => (g.l ? runs(g.l) : new Array(g.count).fill(-1)))
    this.born = this.grids.flatMap((g) => (g.b ? column(g.b) : new Array(g.count).fill(0)))
    this.texts = this.grids.flatMap((g) => texts(g.t, g.count))
    this.tones = this.grids.flatMap((g) => (g.v ? levels(g.v) : new Array(g.count).fill(0)))
    this.legends = wire.legends ?? []
    this.covered = new Set(wire.covered ? column(wire.covered) : []) // cells that a board lies over: they bear nothing
    this.zero = wire.sides + 1 // the level of the value 0: below it the negative ones, above it the positive ones
    this.tracks = wire.tracks.map((track) => ({ ...track, at: table(track.m) }))
    this.stepTexts = wire.told.map((s) => ({ marks: column(s.m), like: this.tracks[s.k], ...borne(s, wire.told[s.e]) }))
    this.compared = compared(wire)
    this.notes = (wire.notes ?? []).map(({ k, t }) => ({ track: this.tracks[k], rows: t.map((row) => row.split(BAR)) }))
    this.order = wire.order.map((n) => this.tracks[n])
    this.events = wire.events && {
      steps: column(wire.events.s),
      marks: column(wire.events.m),
      texts: wire.events.t.split(BAR),
      tones: wire.events.v && levels(wire.events.v),
    }
    this.say = wire.say && {
      templates: wire.say.t,
      chosen: runs(wire.say.c),
      columns: filling(wire.say.v),
    }
    this.links = (wire.links ?? []).map((link) => ({ targets: column(link.t), at: table(link.s) }))
    this.curves = (wire.curves ?? []).map(({ n, r, p, k, u, a, w, m }) => ({ name: n, cell: m, look: `r-${r}${w ? ` w-${w}` : ""}`, points: k ? between(pairs(p), k) : pairs(p), until: u && column(u), at: a && column(a) }))
    this.edges = (wire.edges ?? []).map(({ s, t, k }) => ({ sources: column(s), targets: column(t), track: this.tracks[k] }))
    this.equations = (wire.eq ?? []).map(({ l, r, x, n = 0, h, j, t, v }) => ({ left: l, right: r, result: x, column: n, head: h, join: j, tail: t, columns: filling(v) }))
    this.pending = this.stateNames.indexOf("pending")
    this.images = (wire.images ?? []).map(read)
    this.details = (wire.details ?? []).map(([grids, turn]) => ({ grids: column(grids), turn })) // boards that another picture shows larger
    this.picks = picksOf(wire.picks)
    this.loose = null // how far the lens is from the first step's place, in places along and down; null where it is not used
    this.lens = wire.lens && loosen({ ...this, lens: wire.lens })
  }

  gridOf(mark) {
    return this.grids.find((g) => mark < g.f + g.count)
  }

  /** The corner (0 to 3, clockwise) of a cell, or its centre where none is named; so many cells along and down from it. */
  point(mark, corner = -1, along = 0, below = 0) {
    const g = this.gridOf(mark)
    const row = Math.floor((mark - g.f) / g.c) + ([0, 0, 1, 1, 0.5].at(corner) + below) * g.h
    const col = ((mark - g.f) % g.c) + [0, 1, 1, 0, 0.5].at(corner) + along * g.w
    return [g.o[0] + col * g.a[0] + row * g.d[0], g.o[1] + col * g.a[1] + row * g.d[1]]
  }

  /** What a cell is: its board, its place in it, and its role or the array whose value it shows. */
  nameOf(mark) {
    const g = this.gridOf(mark)
    const place = this.#entry(g, mark)
    if (place) return { board: g.n, array: g.e[0], ...place }
    return { board: g.n, role: this.roles[mark], row: Math.floor((mark - g.f) / g.c), col: (mark - g.f) % g.c }
  }

  /** The cell that is what a name from another scene says; null where there is none. */
  markOf({ board, array, role, row, col }) {
    const g = this.grids.find((one) => one.n === board)
    if (!g) return null
    const [, , r0, rStep, , c0, cStep] = array ? (g.e ?? []) : [0, 0, 0, 1, 0, 0, 1]
    const [r, c] = [r0 + row * rStep, c0 + col * cStep]
    if (!(r < g.r && c < g.c)) return null
    const mark = g.f + r * g.c + c
    const place = this.#entry(g, mark)
    const same = array ? place && g.e[0] === array && place.row === row && place.col === col : !place && this.roles[mark] === role
    return same ? mark : null
  }

  statesAt(t) {
    const states = new Uint8Array(this.cells)
    for (let m = 0; m < this.cells; m++) if (this.born[m] > t) states[m] = this.pending
    for (const track of this.tracks) {
      if (track.s) for (const m of track.at(t)) if (m >= 0) states[m] = track.s
    }
    return states
  }

  /** What every cell bears at step t; texts that tell of one step alone may tell of another one. */
  textsAt(t, told = t) {
    return this.#borne(this.texts.map((text, m) => (this.born[m] > t ? "" : text)), "texts", t, told)
  }

  /** The level of every cell's value on its board's scale, as `textsAt`; 0 where there is none. */
  tonesAt(t, told = t) {
    return this.#borne(this.tones.slice(), "tones", t, told)
  }

  /** What cells bear at rest, with what they bear at a step put over it. */
  #borne(shown, kind, t, told) {
    for (const { marks, like } of this.stepTexts) if (like && kind === "texts") marks.forEach((m, i) => (shown[m] = this.texts[like.at(told)[i]]))
    for (const { marks, [kind]: all } of this.stepTexts) all && marks.forEach((m, i) => (shown[m] = all[told * marks.length + i]))
    const { steps, marks, [kind]: all } = this.events ?? {}
    if (all) for (let i = 0; i < steps.length && steps[i] <= t; i++) shown[marks[i]] = all[i]
    return shown
  }

  /** The small text in a corner of each cell that has one at a step. */
  notesAt(t) {
    const found = new Map()
    for (const { track, rows } of this.notes) {
      const row = rows[rows.length > 1 ? t : 0]
      track.at(t).forEach((m, i) => m >= 0 && row[i] && found.set(m, row[i]))
    }
    return found
  }

  /** What takes a cell to each cell that it is read for: the note that it bears in a step that reads it, or, where it bears
  none, those of the cells that this step writes. */
  takenTo(mark) {
    const found = new Map()
    const { target, steps } = this.stepsOf(mark)
    if (target || !this.notes.length) return found
    for (const t of steps) {
      const notes = this.notesAt(t)
      const own = notes.get(mark)
      for (const written of this.tracks.filter((track) => track.e === 2).map((track) => track.at(t))) {
        for (const m of own ? written.slice(0, 1) : written) if (m >= 0 && (own ?? notes.has(m))) found.set(m, own ?? notes.get(m))
      }
    }
    return found
  }

  /** For every shape: where its points lie at a step, or null where it is hidden. */
  pointsAt(t) {
    return this.shapes.map((shape) => {
      const marks = shape.p.map(([track, col]) => this.tracks[track].at(this.loose ? 0 : t)[col])
      return marks.some((m) => m < 0) ? null : marks.map((m, i) => this.point(m, ...this.#tied(shape.p[i])))
    })
  }

  /** The corner of its cell at which an anchor is, and how far from there: as far as the lens is from the first step's place. */
  #tied([track, , corner, along = 0, below = 0]) {
    const [right, down] = (this.lens?.t.includes(track) && this.loose) || [0, 0]
    return [corner, along + right, below + down]
  }

  /** Whether a cell is a part of an image, and nothing by itself. */
  isPlace(mark) {
    return this.roleNames[this.roles[mark]] === "place"
  }

  #index() {
    // for every linked cell: the steps in which it is read, and those in which it is written
    this.linked = { 1: new Array(this.cells), 2: new Array(this.cells) }
    const tracks = this.tracks.filter((track) => track.e)
    for (let t = 0; t < this.steps; t++) {
      for (const { e, at } of tracks) {
        const found = this.linked[e]
        const row = at(t)
        for (let i = 0; i < row.length; i++) {
          const m = row[i]
          if (m < 0) continue
          const steps = found[m]
          if (!steps) found[m] = [t]
          else if (steps[steps.length - 1] !== t) steps.push(t)
        }
      }
    }
    return this.linked
  }

  /** The steps that write a cell (as a target), or read it (as a source). */
  stepsOf(mark) {
    const linked = this.linked ?? this.#index()
    const writes = linked[2][mark]
    return { target: Boolean(writes), steps: writes ?? linked[1][mark] ?? [] }
  }

  /** {made, feeds}: for every cell that has any, the cells that it is made of and those that it is read for; one that is so
  twice may stand there twice. */
  related() {
    if (this.relation) return this.relation
    const [made, feeds] = [new Array(this.cells), new Array(this.cells)]
    for (const { targets, at } of this.links) {
      for (let n = 0; n < targets.length; n++) {
        const target = targets[n]
        if (target < 0) continue
        for (const source of at(n)) {
          if (source < 0) continue
          ;(made[target] ??= []).push(source)
          ;(feeds[source] ??= []).push(target)
        }
      }
    }
    return (this.relation = { made, feeds })
  }

  /** What a step joins to a cell, in the part of the picture that the cell belongs to. */
  #joined(mark) {
    const { target, steps } = this.stepsOf(mark)
    const found = new Map()
    for (const t of steps) {
      const rows = this.tracks.filter((track) => track.e).map((track) => [track, track.at(t)])
      const parts = new Set(rows.filter(([track, row]) => track.e === (target ? 2 : 1) && row.includes(mark)).map(([track]) => track.p))
      for (const [track, row] of rows) {
        if (track.e !== (target ? 1 : 2) || !parts.has(track.p)) continue
        for (const m of row) if (m >= 0) found.set(m, 1)
      }
    }
    return found
  }

  /** What lights up for a cell, and how deep it lies: all that it is made of, or, of an input, all that it feeds. */
  cone(mark) {
    if (!this.links.length) return this.#joined(mark)
    const { made, feeds } = this.related()
    const towards = made[mark] ? made : feeds
    const found = new Map([[mark, 0]])
    for (let edge = [mark], depth = 1; edge.length; depth++) {
      const next = []
      for (const cell of edge) {
        for (const m of towards[cell] ?? []) if (!found.has(m)) (found.set(m, depth), next.push(m))
      }
      edge = next
    }
    found.delete(mark)
    return found
  }

  /** The cells that a word or a term speaks of, at a step. */
  cellsOf(role, t) {
    const states = this.statesAt(t)
    if (role === "differs" || role === "changed") return new Set(differing(this, t, states))
    for (const name of this.refs[role] ?? [role]) {
      const state = this.stateNames.indexOf(name)
      const byRole = this.roleNames.indexOf(name)
      const track = state < 0 && byRole < 0 && this.tracks.find(({ n }) => n === name)
      const found = track ? track.at(t).filter((mark) => mark >= 0) : []
      for (let m = 0; m < this.cells; m++) if ((state > 0 && states[m] === state) || this.roles[m] === byRole) found.push(m)
      if (found.length) return new Set(found)
    }
    return new Set()
  }

  /** The place in an array that typing into a cell changes, or null. */
  editable(mark) {
    const g = this.gridOf(mark)
    const place = g && this.#entry(g, mark)
    return place ? { array: g.e[0], index: g.e[1] + place.row * g.e[7] + place.col } : null
  }

  /** The cells that can be typed into. */
  get editables() {
    return (this.typed ??= [...Array(this.cells).keys()].filter((m) => this.editable(m)))
  }

  /** The row and the column in its array of the value that a cell of a board shows, or null. */
  #entry(g, mark) {
    if (!g.e) return null
    const [, , r0, rStep, rows, c0, cStep, columns] = g.e
    const row = (Math.floor((mark - g.f) / g.c) - r0) / rStep
    const col = (((mark - g.f) % g.c) - c0) / cStep
    const inside = Number.isInteger(row) && Number.isInteger(col) && row >= 0 && col >= 0 && row < rows && col < columns
    return inside ? { row, col } : null
  }
}
