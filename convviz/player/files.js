// Taking the picture away: a box with a button for each file of `data.files`, {suffix, label, address, estimate}. One with an
// address is asked for there, which makes it while the page goes on; a still of the step shown is made here and now from
// the picture itself.
import { arrange } from "./focus.js"

const CELL = 88 // pixels a cell of a PNG

function markup(player, cell) {
  const { stage, data } = player
  const clone = stage.svg.cloneNode(true)
  const [left, top, width, height] = clone.getAttribute("viewBox").split(" ").map(Number)
  const style = document.createElementNS(clone.namespaceURI, "style")
  style.textContent = data.css.replaceAll(".player ", "")
  const ground = document.createElementNS(clone.namespaceURI, "rect")
  const place = { x: left, y: top, width, height, fill: data.paper.ground }
  for (const [name, value] of Object.entries(place)) ground.setAttribute(name, value)
  clone.prepend(style, ground)
  clone.removeAttribute("style")
  clone.querySelector(".marks").remove() // what a person points at is no part of the picture
  clone.setAttribute("xmlns", clone.namespaceURI)
  clone.setAttribute("width", Math.round(width * cell))
  clone.setAttribute("height", Math.round(height * cell))
  return new XMLSerializer().serializeToString(clone)
}

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

const still = (player) => `${player.data.name}-step${player.t + 1}`

const WAITS = 20 // how often one waits for a place

/** The files that are made here, by suffix. */
const MADE = { ".png": savePng, ".svg": saveSvg }

/** A file at the pace that is chosen, where it has one: its name tells it, and drawing it may take longer. */
function atPace({ pace, data }, file) {
  const estimate = file.paced?.[pace]
  const { name } = data
  return estimate === undefined ? { ...file, name } : { ...file, name: `${name}-${pace}`, estimate, address: `${file.address}&pace=${pace}` }
}

/** Have a button for each file that there is to take; those that there were stay. */
export function offer(player) {
  const { data, find } = player
  const place = find("saving")
  const buttons = (data.files ?? []).map((file) => {
    const part = `${file.suffix.slice(1)}_file`
    const button = find(part) ?? Object.assign(document.createElement("button"), { type: "button", className: "words" })
    button.dataset.part = part
    button.title = atPace(player, file).estimate ?? ""
    if (!button.getAttribute("aria-busy")) button.textContent = file.label
    button.onclick = () => (file.address ? ask(player, button, atPace(player, file)) : MADE[file.suffix](player))
    return button
  })
  arrange(find("files"), buttons)
  find("save").textContent = data.words.save
  place.hidden = !data.main || !buttons.length
}

/** Close the box; whether it was open. */
export function close({ find }) {
  const open = [["saving", "save"], ["rest", "more"]].find(([box]) => find(box).open)
  if (!open) return false
  find(open[0]).open = false
  find(open[1]).focus()
  return true
}

/** Close the box when a person turns to something else. */
export function closeElsewhere({ host, find, abort }) {
  const on = (target, type, act) => target.addEventListener(type, act, { signal: abort.signal })
  const leave = (e) => {
    for (const name of ["saving", "rest"]) if (!e.composedPath().includes(find(name))) find(name).open = false
  }
  on(document, "pointerdown", leave)
  on(host, "focusin", leave)
}

/** Ask for a file; the button says how long it takes. Where others come first, wait as long as the server says. */
async function ask(player, button, { suffix, label, name, address, estimate }) {
  if (button.getAttribute("aria-busy")) return
  button.setAttribute("aria-busy", "true")
  button.setAttribute("aria-disabled", "true")
  button.textContent = estimate ? `${label} · ${estimate}` : label
  const { signal } = player.abort
  try {
    const answer = await granted(new URL(address, location.href), signal, (said) => (button.title = said))
    if (!answer.ok) throw new Error(await answer.text())
    save(await answer.blob(), `${name}${suffix}`)
    button.title = estimate ?? ""
  } catch (error) {
    if (signal.aborted) return // the page was left
    button.title = String(error.message ?? error)
    player.find("sentence").textContent = button.title
  } finally {
    button.textContent = label
    button.removeAttribute("aria-busy")
    button.removeAttribute("aria-disabled")
  }
}

/** The answer of an address, asked for again after each wait that it asks for. */
async function granted(address, signal, tell) {
  for (let n = 0; ; n++) {
    const answer = await fetch(address, { signal })
    const seconds = Number(answer.headers.get("retry-after"))
    if (answer.status !== 503 || !seconds || n === WAITS) return answer
    tell(await answer.text())
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
    signal.throwIfAborted()
  }
}

function saveSvg(player) {
  save(new Blob([markup(player, CELL / 2)], { type: "image/svg+xml" }), `${still(player)}.svg`)
}

async function savePng(player) {
  const picture = new Image()
  picture.src = URL.createObjectURL(new Blob([markup(player, CELL)], { type: "image/svg+xml" }))
  await picture.decode()
  const canvas = document.createElement("canvas")
  canvas.width = picture.naturalWidth
  canvas.height = picture.naturalHeight
  canvas.getContext("2d").drawImage(picture, 0, 0)
  URL.revokeObjectURL(picture.src)
  canvas.toBlob((blob) => blob && save(blob, `${still(player)}.png`), "image/png")
}
