// A still of the step shown, made here and now from the picture itself: no server is asked.

const CELL = 88 // pixels a cell of a PNG

function markup(player, cell) {
  const { stage, data } = player
  const clone = stage.svg.cloneNode(true)
  const [left, top, width, height] = clone.getAttribute("viewBox").split(" ").map(Number)
  const style = document.createElementNS(clone.namespaceURI, "style")
  style.textContent = data.css.replaceAll(".player ", "")
  const ground = document.createElementNS(clone.namespaceURI, "rect")
  const place = { x: left, y: top, width, height, fill: data.ground }
  for (const [name, value] of Object.entries(place)) ground.setAttribute(name, value)
  clone.prepend(style, ground)
  clone.removeAttribute("style")
  clone.setAttribute("xmlns", clone.namespaceURI)
  clone.setAttribute("width", Math.round(width * cell))
  clone.setAttribute("height", Math.round(height * cell))
  return new XMLSerializer().serializeToString(clone)
}

function save(player, blob, suffix) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = `${player.data.name}-step${player.t + 1}.${suffix}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

export function saveSvg(player) {
  save(player, new Blob([markup(player, CELL / 2)], { type: "image/svg+xml" }), "svg")
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
  canvas.toBlob((blob) => blob && save(player, blob, "png"), "image/png")
}
