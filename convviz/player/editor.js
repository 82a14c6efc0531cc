// Typing values into cells, by mouse or by keyboard. What comes of it is asked for, and then shown.
import { ask } from "./asking.js"

const NUMBER = /^[+\-−]?\d{0,4}(\.\d{0,3})?$/

export class Editor {
  constructor(player) {
    this.player = player
    this.active = false
    this.mark = -1
  }

  get #cells() {
    const { scene } = this.player
    return [...Array(scene.cells).keys()].filter((m) => scene.editable(m))
  }

  toggle() {
    if (this.active) return this.close()
    const cells = this.#cells
    if (!cells.length) return
    this.player.pause()
    this.active = true
    this.#select(cells.includes(this.mark) ? this.mark : cells[0])
    this.player.stage.svg.focus()
    this.#state()
  }

  /** Edit one cell at once: a double click. */
  open(mark) {
    if (mark < 0 || !this.player.scene.editable(mark)) return
    this.player.pause()
    this.active = true
    this.#select(mark)
    this.#state()
    this.#field(this.player.stage.texts[mark] ?? "")
  }

  close() {
    this.active = false
    this.field?.remove()
    this.field = null
    this.#state()
    this.player.light()
  }

  refresh() {
    if (!this.active) return
    const cells = this.#cells
    if (!cells.length) return this.close()
    if (!cells.includes(this.mark)) this.mark = cells[0]
    this.#select(this.mark)
  }

  #state() {
    const { host, find } = this.player
    host.dataset.editing = this.active
    find("edit").setAttribute("aria-pressed", this.active)
    find("help").hidden = !this.active
  }

  #select(mark) {
    this.mark = mark
    this.player.stage.light(new Set([mark]))
    this.player.host.dataset.cursor = mark
    const { words } = this.player.data
    this.player.stage.svg.setAttribute("aria-label", `${words.edit}: ${this.player.scene.textsAt(this.player.t)[mark]}`)
  }

  /** The nearest cell in a direction that can be edited. */
  #move(dx, dy) {
    const { scene } = this.player
    const [x, y] = scene.point(this.mark)
    let best = -1
    let nearest = Infinity
    for (const m of this.#cells) {
      const [u, v] = scene.point(m)
      const along = (u - x) * dx + (v - y) * dy
      const across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx)
      if (along > 0.2 && along + 3 * across < nearest) [best, nearest] = [m, along + 3 * across]
    }
    if (best >= 0) this.#select(best)
  }

  /** Whether the key was meant for the editor. */
  key(event) {
    if (!this.active || event.target === this.field) return this.active
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const { scene } = this.player
    if (arrows[event.key]) this.#move(...arrows[event.key])
    else if (event.key === "Escape" || event.key === "e") this.close()
    else if (event.key === "Enter") this.#field(scene.textsAt(this.player.t)[this.mark])
    else if (/^[\d\-.]$/.test(event.key)) this.#field(event.key, true)
    else if (event.key === "Tab" && !event.shiftKey) {
      const here = scene.gridOf(this.mark)
      const next = this.#cells.find((m) => m >= here.f + here.count)
      if (next === undefined) return (this.close(), false)
      this.#select(next)
    } else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  #field(text, typed = false) {
    this.field?.remove()
    const { stage, host, data } = this.player
    const field = (this.field = document.createElement("input"))
    const box = stage.polygons[this.mark].getBoundingClientRect()
    const base = host.getBoundingClientRect()
    field.className = "cell"
    field.inputMode = "decimal"
    field.maxLength = 8
    field.setAttribute("aria-label", data.words.edit)
    field.value = text.replace("−", "-")
    const size = Math.max(30, box.width)
    field.style.cssText = `left:${box.left - base.left + box.width / 2 - size / 2}px;top:${box.top - base.top + box.height / 2 - 15}px;width:${size}px`
    host.append(field)
    field.focus()
    if (!typed) field.select()
    field.onkeydown = (event) => {
      event.stopPropagation()
      if (event.key === "Enter") (event.preventDefault(), this.#commit(field.value, true))
      if (event.key === "Tab") (event.preventDefault(), this.#commit(field.value, true))
      if (event.key === "Escape") (event.preventDefault(), this.#done())
    }
    field.oninput = () => field.classList.toggle("wrong", !NUMBER.test(field.value))
    field.onblur = () => this.field === field && this.#commit(field.value, false)
  }

  #done() {
    const field = this.field
    this.field = null
    field?.remove()
    this.player.stage.svg.focus()
  }

  #commit(value, onward) {
    const place = this.player.scene.editable(this.mark)
    const text = value.trim().replace("−", "-")
    const known = this.player.scene.textsAt(this.player.t)[this.mark].replace("−", "-")
    this.#done()
    if (text !== known && text !== "" && NUMBER.test(text)) {
      const edit = { ...place, value: Number(text) }
      ask({ edit }, () => this.player.send("edit", edit))
    }
    if (onward) this.#move(1, 0)
  }
}
