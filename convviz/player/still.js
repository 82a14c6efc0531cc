// Taking the picture away. A still of the step shown is made here and now from the picture itself; the animation of all
// steps is asked for from its address, which makes it, while the page goes on.

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

/** Ask for the animation; the button says how long it takes. Where others come first, wait as long as the server says. */
export async function saveGif(player) {
  const button = player.find("gif")
  const { gif, name, estimate } = player.data
  if (button.getAttribute("aria-busy")) return
  button.setAttribute("aria-busy", "true")
  button.setAttribute("aria-disabled", "true")
  button.textContent = `GIF · ${estimate}`
  const { signal } = player.abort
  try {
    const answer = await granted(new URL(gif, location.href), signal, (said) => (button.title = said))
    if (!answer.ok) throw new Error(await answer.text())
    save(await answer.blob(), `${name}.gif`)
    button.title = estimate
  } catch (error) {
    if (signal.aborted) return // the page was left
    button.title = String(error.message ?? error)
    player.find("sentence").textContent = button.title
  } finally {
    button.textContent = "GIF"
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

export function saveSvg(player) {
  save(new Blob([markup(player, CELL / 2)], { type: "image/svg+xml" }), `${still(player)}.svg`)
}

export async function savePng(player) {
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
