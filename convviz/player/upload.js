// The button that brings a picture of one's own, and what is said of a file that is none.

const made = (tag, others = {}) => Object.assign(document.createElement(tag), others)
const MIB = 2 ** 20

export class Upload {
  /** data(): what the page says; taken(answer): a picture has come. */
  constructor(data, taken) {
    Object.assign(this, { data, taken })
    this.button = made("button", { type: "button", className: "upload" })
    this.button.dataset.value = "upload"
    this.button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l6 6h-4v7h-4V9H6zM4 18h16v3H4z"/></svg>'
    this.button.append(made("span"))
    this.file = made("input", { type: "file", hidden: true, accept: "image/png,image/jpeg,image/webp" })
    this.error = made("p", { className: "error", hidden: true })
    this.error.setAttribute("role", "alert")
    this.button.onclick = () => this.file.click()
    this.file.onchange = () => {
      const [file] = this.file.files
      this.file.value = "" // the same file again is a change, too
      if (file) this.#bring(file)
    }
  }

  refresh() {
    const { words } = this.data()
    this.button.lastChild.textContent = words.upload
    this.button.title = words.formats
  }

  /** Say why there is no picture; nothing takes it back. */
  tell(said = "", well = false) {
    this.error.textContent = said
    this.error.classList.toggle("well", well)
    this.error.hidden = !said
  }

  async #bring(file) {
    const { lesson, session, language, most, words } = this.data()
    this.tell()
    if (file.size > most) return this.tell(words.large.replace("{size}", (file.size / MIB).toFixed(1)))
    this.button.setAttribute("aria-busy", "true")
    try {
      const headers = { "convviz-session": session, "convviz-name": encodeURIComponent(file.name), "convviz-language": language }
      const answer = await fetch(`picture/${lesson}`, { method: "POST", headers, body: file })
      if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`)
      const said = await answer.json()
      if (said.refused) this.tell(said.refused)
      else this.taken(said), this.tell(said.told, true)
    } catch (error) {
      console.warn(`convviz: ${error}`)
      this.tell(words.failed)
    }
    this.button.removeAttribute("aria-busy")
  }
}
