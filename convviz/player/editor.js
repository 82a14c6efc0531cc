// Typing values into cells, by mouse or by keyboard. The server is asked for the result, which is then shown.
import { ask } from "./asking.js"
import { ARROWS, nearest } from "./near.js"
import { forHand } from "./touch.js"

const NUMBER = /^[+\-−]?\d{0,4}(\.\d{0,3})?$/

/** Which cell is edited the player's attention knows: it is of the scene that is shown. Here is the field. */
export class Editor {
  constructor(player) {
    this.player = player
    this.field = null
  }

  get active() {
    return this.player.attention.editing
  }

  get mark() {
    return this.player.attention.cursor
  }

  /** Whether there are numbers to edit, and somebody to ask what comes of them. */
  get possible() {
    const { data, scene } = this.player
    return Boolean(data.main && data.lesson && scene.grids.some((g) => g.e))
  }

  toggle() {
    if (this.active) return this.close()
    if (!this.possible) return
    const { attention, scene } = this.player
    if (!scene.editables.length) return
    this.player.pause()
    this.#select(scene.editable(attention.cursor ?? -1) ? attention.cursor : scene.editables[0])
    this.player.stage.svg.focus()
  }

  /** Edit one cell at once: a double click. */
  open(mark) {
    if (!this.possible || !this.player.scene.editable(mark)) return
    this.player.pause()
    this.#select(mark)
    this.#field(this.player.stage.texts[mark] ?? "")
  }

  close() {
    this.#drop()
    this.player.attention.rest()
    this.#state()
    this.player.attend()
  }

  /** Another scene is shown: the field stays where its cell is still there, else what was typed is of no cell. */
  taken() {
    if (this.field && !this.player.attention.typing) {
      const had = this.field.matches(":focus")
      this.#drop()
      if (had) this.player.stage.svg.focus({ preventScroll: true })
    }
    this.#state()
  }

  #state() {
    const { host, find, stage, scene, attention, data, t } = this.player
    const { editing, cursor } = attention
    host.dataset.editing = editing
    find("edit").setAttribute("aria-pressed", editing)
    find("help").hidden = !editing
    if (editing) host.dataset.cursor = cursor
    const { edit, picture, picture_alone } = data.words
    stage.svg.setAttribute("aria-label", editing ? `${edit}: ${scene.textsAt(t)[cursor]}` : forHand(this.possible ? picture : picture_alone))
  }

  #select(mark) {
    this.player.attention.edit(mark)
    this.#state()
    this.player.attend()
  }

  /** The nearest cell in a direction that can be edited. */
  #move(dx, dy) {
    const { scene } = this.player
    const best = nearest(scene, scene.editables, this.mark, [dx, dy])
    if (best >= 0) this.#select(best)
  }

  /** Whether the key was meant for the editor. */
  key(event) {
    if (!this.active || event.target === this.field) return this.active
    const { scene } = this.player
    if (ARROWS[event.key]) this.#move(...ARROWS[event.key])
    else if (event.key === "Escape" || event.key === "e") this.close()
    else if (event.key === "Enter") this.#field(scene.textsAt(this.player.t)[this.mark])
    else if (/^[\d\-.]$/.test(event.key)) this.#field(event.key, true)
    else if (event.key === "Tab" && !event.shiftKey) {
      const here = scene.gridOf(this.mark)
      const next = scene.editables.find((m) => m >= here.f + here.count)
      if (next === undefined) return (this.close(), false)
      this.#select(next)
    } else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  #field(text, typed = false) {
    this.#drop()
    const { host, data, attention } = this.player
    const field = (this.field = document.createElement("input"))
    attention.typing = true
    field.className = "cell"
    field.inputMode = "decimal"
    field.maxLength = 8
    field.setAttribute("aria-label", data.words.edit)
    field.value = text.replace("−", "-")
    host.append(field)
    this.place()
    field.focus()
    if (!typed) field.select()
    field.onkeydown = (event) => {
      event.stopPropagation()
      if (event.key === "Enter") (event.preventDefault(), this.#commit(field.value), this.#move(1, 0))
      if (event.key === "Tab") (event.preventDefault(), this.#commit(field.value), this.#move(1, 0))
      if (event.key === "Escape") (event.preventDefault(), this.#done())
    }
    field.oninput = () => {
      attention.wrong = field.classList.toggle("wrong", !NUMBER.test(field.value))
      this.player.attend()
    }
    // also told of while the page takes the field away: then nobody has left it, and nothing is to be kept
    field.onblur = () => queueMicrotask(() => this.field === field && host.isConnected && this.#commit(field.value, true))
  }

  /** Put the field on its cell; asks for the layout, and so comes after the picture. */
  place() {
    if (!this.field) return
    const { stage, host } = this.player
    const box = stage.polygons[this.mark].getBoundingClientRect()
    const base = host.getBoundingClientRect()
    const size = Math.max(this.field.offsetHeight, box.width)
    this.field.style.cssText = `left:${box.left - base.left + box.width / 2 - size / 2}px;top:${box.top - base.top + (box.height - this.field.offsetHeight) / 2}px;width:${size}px`
  }

  /** Take the field away; it is no more the field before it is removed, for removing it tells that it was left. */
  #drop() {
    const { field } = this
    this.field = null
    Object.assign(this.player.attention, { typing: false, wrong: false })
    field?.remove()
  }

  #done() {
    this.#drop()
    this.player.stage.svg.focus()
  }

  /** Ask for what was typed; `left`: the keyboard is elsewhere already. */
  #commit(value, left = false) {
    const { scene, t } = this.player
    const place = scene.editable(this.mark)
    const text = value.trim().replace("−", "-")
    const known = scene.textsAt(t)[this.mark].replace("−", "-")
    if (left) this.#drop()
    else this.#done()
    if (text === known || text === "" || !NUMBER.test(text)) return
    const edit = { ...place, value: Number(text) }
    ask({ edit }, () => this.player.send("edit", edit))
  }
}
