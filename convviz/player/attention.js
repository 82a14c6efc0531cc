// What a person attends to in the picture: the cell under the pointer, the pinned cell, the edited cell, the word or the
// term that is pointed at, and the role that the open beat speaks of. An Attention belongs to one scene, so nothing can
// ask for a cell or a step that is gone. A new scene gets a new Attention, which keeps what exists there as well.
import { pair } from "./moments.js"
import { between, equation } from "./telling.js"

export class Attention {
  constructor(scene, look = "") {
    this.scene = scene
    this.look = look
    this.over = null // the cell under the pointer
    this.pinned = null // the cell that stays lit
    this.cursor = null // the cell that is edited, or was
    this.editing = false
    this.typing = false // whether a field is open on the cursor's cell
    this.wrong = false // whether what stands in that field is no number
    this.word = null // {node, role or cells, pointed}: a word, or a term of the arithmetic, that is pointed at
    this.asked = undefined // the step that writes the cell attended to, which the words then tell of
    this.cell = -1 // that cell, whose arithmetic stands beside the picture
    this.between = null // of a cell that no step writes, what it is made of (see telling.js)
    this.links = null // what lights up for that cell, and how deep it lies
    this.place = null // where a lens is, whose step is the one after the last
  }

  /** What stays of it in another scene: each cell that is the same one there. */
  onto(scene, look = this.look) {
    const next = new Attention(scene, look)
    next.over = this.#follow(this.over, scene)
    next.pinned = this.#follow(this.pinned, scene)
    next.cursor = this.#follow(this.cursor, scene)
    if (this.editing && scene.editables.length) {
      next.editing = true
      next.typing = this.typing && next.cursor !== null
      next.cursor ??= scene.editables[0]
    }
    if (this.word?.node && this.word.role) next.word = this.word
    next.#settle()
    return next
  }

  /** The cell of another scene that is what a cell of this one is; null where there is none. */
  #follow(mark, scene) {
    if (mark === null) return null
    if (scene === this.scene) return mark
    const name = this.scene.nameOf(mark)
    return scene.markOf(name)
  }

  #known(mark) {
    return Number.isInteger(mark) && mark >= 0 && mark < this.scene.cells && !this.scene.isPlace(mark) ? mark : null
  }

  /** The pointer is on a cell, or (null) on none. */
  point(mark) {
    this.over = this.#known(mark)
    if (this.over !== null && !this.editing) {
      this.look = ""
      this.word = null
    }
    this.#settle()
  }

  /** A lens is somewhere, or (null) nowhere. */
  free(place) {
    this.place = place
    if (place !== null) this.look = ""
    this.#settle()
  }

  /** Keep a cell lit, or (null) none. */
  pin(mark) {
    this.pinned = this.#known(mark)
    this.#settle()
  }

  /** A word is pointed at, or (null) none. The pointer is on it then, also where it stands on the picture. */
  read(word) {
    this.word = word
    if (word) this.over = null
    this.#settle()
  }

  /** Edit a cell. */
  edit(mark) {
    this.editing = true
    this.cursor = mark
    this.#settle()
  }

  /** Edit no more; the cell is remembered. */
  rest() {
    this.editing = this.typing = this.wrong = false
    this.#settle()
  }

  #settle() {
    const mark = (this.editing ? null : this.over) ?? this.pinned
    this.asked = undefined
    this.cell = -1
    this.between = this.links = null
    if (mark === null) return void (this.place !== null && (this.asked = this.scene.steps))
    const { target, steps } = this.scene.stepsOf(mark)
    if (target && steps.length) [this.asked, this.cell] = [steps[0], mark]
    this.between = between(this.scene, mark)
    // no step names a cell that no output needs
    const cone = steps.length || this.scene.links.length ? this.scene.cone(mark) : new Map()
    this.links = steps.length || cone.size ? new Map([[mark, 0], ...cone]) : cone
  }

  /** What the words are about, where it is not the step that is shown: they are said anew when it changes. */
  get about() {
    const { asked, cell, between: own, scene } = this
    if (this.asked === scene.steps) return this.place
    return own ? Object.values(own).join() : asked === undefined ? "" : `${asked}:${scene.equations.indexOf(equation(scene, asked, cell))}`
  }

  /** Whether nothing but what is told marks the picture: it is outlined, and what is told beside it stays as clear. */
  get onlyTold() {
    return Boolean(this.look) && !this.word && !this.editing && !this.links
  }

  /** Whether nothing is attended to. */
  get idle() {
    return !this.word && !this.editing && !this.links && !this.look
  }

  /** The notes of a step; while an input is attended to, what takes it to each cell that it is read for. */
  notes(t) {
    const mark = (this.editing ? null : this.over) ?? this.pinned
    const taken = mark === null ? null : this.scene.takenTo(mark)
    return taken?.size ? taken : this.scene.notesAt(this.asked ?? t)
  }

  /** The cells that are lit at a step, each with its depth in the cone of what is pointed at; 0 where there is none. */
  lit(t) {
    if (this.word?.node && !this.word.node.isConnected) this.word = null // it was said anew
    if (this.word) return flat(this.word.cells ?? this.scene.cellsOf(this.word.role, this.asked ?? t))
    if (this.editing) return new Map()
    if (this.links) return this.links
    return flat(this.look ? this.scene.cellsOf(this.look, t) : [])
  }

  /** The role that is spoken of, by a word or by the open beat. */
  get role() {
    if (this.word) return this.word.role ?? ""
    return this.editing || this.links ? "" : this.look
  }

  /** Draw all that is attended to over the picture that a stage shows; asks: what a question has to be drawn as well. */
  draw(stage, { t, moment }, asks = null) {
    const { lit, many, guess } = asks?.marks(t) ?? {}
    const adds = this.idle && moment?.terms ? flat(pair(this.scene, t, moment)) : null
    const { role, single, links } = this
    const dims = !adds && !lit && !this.onlyTold
    stage.mark({ lit: adds ?? lit ?? this.lit(t), dims, role: lit ? "" : role, t: this.asked ?? t, single, many, guess, links })
    const notes = this.notes(t)
    stage.note(asks ? asks.notes(notes, t) : notes)
  }

  /** The marks of single cells, by their kind. */
  get single() {
    const edited = this.editing ? this.cursor : null
    const own = [this.pinned, edited].includes(this.over)
    const twin = this.scene.compared?.twins.get(this.over ?? this.pinned) ?? null // the same cell of the other picture
    return { hover: own ? null : this.over, twin, pin: this.pinned, edit: edited, error: this.wrong ? edited : null }
  }
}

const flat = (cells) => new Map([...cells].map((mark) => [mark, 0]))
