// A still of the step that is shown, made here from the picture itself. Its letters are outlines, so that it looks the same
// where no font of ours is: see convviz/paint/outlined.py, and export/sum_line.py for the sum under it.

const CELL = 44 // pixels a cell of an SVG; a PNG has twice as many
const EM = 1000
const CAP_HEIGHT = 733
const SIZE = 0.5
const LEAST = 0.2
const LINES = 3
const LEADING = 1.45
const NS = "http://www.w3.org/2000/svg"

const known = new Map() // of each letter its outline, and how wide it is

const round = (value) => Math.round(value * 1e4) / 1e4

/** A node of SVG with its attributes, and what is in it. */
function made(tag, attributes, ...inside) {
  const node = document.createElementNS(NS, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...inside)
  return node
}

/** Know the outlines of all letters of some texts. */
async function learn({ data, abort }, texts) {
  const lacking = [...new Set(texts.join(""))].filter((letter) => !known.has(letter))
  if (!lacking.length) return
  const ask = async () => (await fetch(`glyphs?text=${encodeURIComponent(lacking.join(""))}`, { signal: abort.signal })).json()
  const told = data.letters ?? (await ask())
  for (const letter of lacking) known.set(letter, told[letter] ?? ["", EM / 2])
}

const wide = (text) => [...text].reduce((all, letter) => all + known.get(letter)[1], 0) / EM

/** A line of text as outlines; each letter's stands once among the definitions. */
class Letters {
  constructor() {
    this.names = new Map()
  }

  write(text, [x, y], size, fill, align = "middle") {
    const start = x - wide(text) * size * { start: 0, middle: 0.5, end: 1 }[align]
    const uses = []
    let at = 0
    for (const letter of text) {
      const [path, advance] = known.get(letter)
      if (path && !this.names.has(letter)) this.names.set(letter, `l${this.names.size}`)
      if (path) uses.push(made("use", { href: `#${this.names.get(letter)}`, x: at }))
      at += advance
    }
    const turn = `translate(${round(start)} ${round(y + (size * CAP_HEIGHT) / EM / 2)}) scale(${(size / EM).toFixed(6)})`
    return made("g", { fill, transform: turn }, ...uses)
  }

  get outlines() {
    return made("defs", {}, ...[...this.names].map(([letter, id]) => made("path", { id, d: known.get(letter)[0] })))
  }
}

/** The lines of a sum under a picture that is so many cells wide, and the height of their letters. */
function lines(sum, room) {
  const pieces = sum.split(/ (?=[+=÷] )/)
  const wrapped = (parts, size) => parts.reduce((found, piece) => {
    const longer = found.length ? `${found.at(-1)} ${piece}` : piece
    return found.length && wide(longer) * size <= room ? [...found.slice(0, -1), longer] : [...found, piece]
  }, [])
  let size = SIZE
  while (size > LEAST && wrapped(pieces, size).length > LINES) size *= 0.94
  let kept = pieces
  for (let n = pieces.length - 3; n > 0 && wrapped(kept, size).length > LINES; n--) kept = [...pieces.slice(0, n), "+ …", ...pieces.slice(-2)]
  return { size, written: wrapped(kept, size).slice(0, LINES) }
}

/** Take from a copy of the picture what is only for the player: names, roles, stops of the keyboard, marks of attention. */
function bare(clone) {
  clone.querySelector(".marks").remove()
  for (const node of clone.querySelectorAll("polygon[points=''], g:empty")) node.remove()
  for (const node of [clone, ...clone.querySelectorAll("*")]) {
    for (const { name } of [...node.attributes]) if (/^(data-|aria-|role$|tabindex$)/.test(name)) node.removeAttribute(name)
  }
  clone.removeAttribute("style")
}

const REPLACED = /--|var\(|text|\.marks/ // rules of what is not in the file: letters, words, marks of attention

const rules = ({ css }) => css.split("}").filter((rule) => rule && !REPLACED.test(rule)).map((rule) => `${rule.replaceAll(".player ", "")}}`).join("")

/** The document. chosen: width in pixels, transparent, sum_line. */
async function whole(player, chosen, cell) {
  const { stage, data, find } = player
  const sum = find("equation").textContent
  const texts = [...stage.svg.querySelectorAll("text")]
  await learn(player, [...texts.map((node) => node.textContent), sum, "…+ "])
  const clone = stage.svg.cloneNode(true)
  const letters = new Letters()
  ;[...clone.querySelectorAll("text")].forEach((copy, n) => {
    const { fill, textAnchor, display } = getComputedStyle(texts[n])
    const [x, y, size] = ["x", "y", "font-size"].map((name) => Number(texts[n].getAttribute(name)))
    copy.replaceWith(...(display === "none" ? [] : [letters.write(texts[n].textContent, [x, y], size, fill, textAnchor)]))
  })
  bare(clone)
  let [left, top, width, height] = clone.getAttribute("viewBox").split(" ").map(Number)
  if (chosen.sum_line && sum) {
    const { size, written } = lines(sum, width - 0.7)
    clone.append(...written.map((line, n) => letters.write(line, [left + width / 2, top + height + size * LEADING * (n + 0.5)], size, data.paper.ink)))
    height += size * (LEADING * (written.length - 0.5) + 1)
  }
  // a row of pixels may be partly within the picture: its ground goes on
  const ground = made("rect", { x: left - 1, y: top - 1, width: width + 2, height: height + 2, fill: data.paper.ground })
  const said = [find("sentence").textContent, sum].filter(Boolean).join(" ")
  clone.prepend(
    made("title", {}, data.name),
    made("desc", {}, said),
    made("style", {}, rules(data)),
    letters.outlines,
    ...(chosen.transparent ? [] : [ground]),
  )
  const scale = chosen.width ? chosen.width / width : cell
  clone.setAttribute("xmlns", NS)
  clone.setAttribute("viewBox", [left, top, width, height].map(round).join(" "))
  clone.setAttribute("width", Math.round(width * scale))
  clone.setAttribute("height", Math.round(height * scale))
  return new XMLSerializer().serializeToString(clone)
}

const svg = (text) => new Blob([text], { type: "image/svg+xml" })

async function png(text) {
  const picture = new Image()
  picture.src = URL.createObjectURL(svg(text))
  await picture.decode()
  const canvas = document.createElement("canvas")
  canvas.width = picture.naturalWidth
  canvas.height = picture.naturalHeight
  canvas.getContext("2d").drawImage(picture, 0, 0)
  URL.revokeObjectURL(picture.src)
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
}

/** The files that are made here, by suffix. */
export const MADE = {
  ".png": async (player, chosen) => png(await whole(player, chosen, 2 * CELL)),
  ".svg": async (player, chosen) => svg(await whole(player, chosen, CELL)),
}
