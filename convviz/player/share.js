// Sharing what is shown: its link, a QR code of it, and the text by which another page frames it.
import { withStep } from "./address.js"
import { opensLater } from "./picks.js"

const LOCAL = /^(localhost|127\.|\[::1\])/ // addresses that are each computer's own
const BAR = 56 // pixels of what plays the picture, under it in a frame
const FRAME = 720 // pixels of a frame's width for which its height is told

const made = (tag, others = {}, ...inside) => {
  const node = Object.assign(document.createElement(tag), others)
  node.append(...inside)
  return node
}

/** Copy the text of a field; whether the browser allowed it. The text stays selected, so that a key can copy it. */
async function copy(field) {
  field.focus()
  field.select()
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    return document.execCommand("copy")
  }
}

export class Share {
  constructor(player) {
    this.player = player
    const { find } = player
    this.fields = { link: made("input", { readOnly: true, type: "text" }), frame: made("textarea", { readOnly: true, rows: 3 }) }
    this.buttons = {}
    const rows = Object.entries(this.fields).map(([name, field]) => {
      field.dataset.part = `share_${name}`
      field.onfocus = () => field.select()
      const button = (this.buttons[name] = made("button", { type: "button", className: "words" }))
      button.dataset.part = `copy_${name}`
      button.onclick = () => this.#copy(name)
      return made("div", { className: "shared" }, made("label", {}, made("span"), field), button)
    })
    this.said = made("p", { className: "told" })
    this.said.setAttribute("role", "status")
    this.said.dataset.part = "share_said"
    this.small = made("img", { className: "code" })
    this.enlarge = made("button", { type: "button", className: "code" }, this.small)
    this.enlarge.dataset.part = "share_code"
    this.enlarge.onclick = () => this.#enlarge()
    find("share_box").append(made("div", {}, ...rows, this.said), this.enlarge)
    this.#dialog()
    find("sharing").ontoggle = () => find("sharing").open && this.#fill()
  }

  /** The code as large as the window. */
  #dialog() {
    this.large = made("img")
    this.under = made("p")
    this.dialog = made("dialog", { className: "large" }, this.large, this.under)
    this.dialog.dataset.part = "share_large"
    this.dialog.onclick = () => this.dialog.close()
    this.dialog.onkeydown = (event) => event.stopPropagation() // its keys are no keys of the player
    this.player.find("share_box").append(this.dialog)
  }

  /** Put the words of the player's language in place; without a link there is nothing to share. */
  tell() {
    const { find, data } = this.player
    find("sharing").hidden = !data.main || data.link === undefined
    if (find("sharing").hidden) return
    const words = data.words.sharing
    find("share").textContent = words.share
    for (const name of ["link", "frame"]) {
      this.fields[name].previousSibling.textContent = words[name]
      this.buttons[name].textContent = words[`copy_${name}`]
    }
    this.enlarge.title = words.large
    this.enlarge.setAttribute("aria-label", words.large)
    this.small.alt = this.large.alt = words.code
    if (find("sharing").open) this.#fill()
  }

  /** The link of what is shown now. */
  get link() {
    const { data, scene, t } = this.player
    return new URL(withStep(data.link, t, opensLater(scene)), location.href)
  }

  /** The text by which another page frames it. */
  get frame() {
    const { data, stage, scene } = this.player
    const { href, search } = this.link
    const language = /[?&]lang=/.test(search) ? "" : `lang=${data.language}&`
    const src = `${href}${search ? "&" : "?v=1&"}${language}embed=1`
    const height = Math.round(Math.min((FRAME * stage.height) / stage.width, scene.aspect * FRAME)) + BAR
    const said = { src, title: document.title, width: "100%", height, style: "border: 0", loading: "lazy" }
    const frame = document.createElement("iframe")
    for (const [name, value] of Object.entries(said)) frame.setAttribute(name, value)
    return frame.outerHTML
  }

  #fill() {
    const { href, hostname } = this.link
    const words = this.player.data.words.sharing
    this.fields.link.value = href
    this.fields.frame.value = this.frame
    this.small.src = this.large.src = new URL(`qr?link=${encodeURIComponent(href)}`, location.href).href
    this.under.textContent = href
    this.said.textContent = LOCAL.test(hostname) ? words.local : ""
  }

  async #copy(name) {
    const words = this.player.data.words.sharing
    this.#fill()
    this.said.textContent = (await copy(this.fields[name])) ? words.copied : words.selected
  }

  #enlarge() {
    this.#fill()
    this.dialog.showModal()
  }
}
