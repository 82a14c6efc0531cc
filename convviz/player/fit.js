// How large the picture is shown. The room that it gets depends on the view and on the window, never on a parameter, so
// that nothing else moves when a dial is turned.
import { flow, unflow } from "./flow.js"
import { arrange, keepFocus } from "./focus.js"
import { LEGIBLE_PX } from "./stage.js"

const NARROW = 760 // pixels up to which the formulas and the scrubber stand in rows of their own
const LARGEST = 72 // pixels a cell
const LOW = 640 // pixels of a window's height up to which the tour would leave the picture too little room
export const LEAST_PX = 11 // pixels that numbers and words have at least on a small screen
const LEAST = 270 // pixels that the picture gets in the lowest of windows

const SMALL = 520 // pixels of a window's height up to which it is a phone's that lies on its side
const HIGHEST = 820 // pixels that the picture gets on a narrow page
const PHONE = 360 // or as many as its view asks for on a page so wide

/** What stands in the bar of a narrow page; all else is behind "more". */
const ALWAYS = ["back", "play", "next", "scrub", "position", "rest"]
const BAR = ["start", "up", "back", "play", "next", "down", "end", "scrub", "position", "speed"]

/** Put the formulas, the controls and the tour where they are seen, so that the keyboard comes to them in the order of
 *  reading. On a small screen the tour stands below the legend, as the picture would have no room above it. */
function order({ find }, narrow) {
  const after = (node, one) => one.nextElementSibling === node || one.after(node)
  after(find("formulas"), narrow ? find("dock") : find("equation"))
  if (narrow || innerHeight < LOW) after(find("tour"), find("legend"))
  else if (find("dock").firstElementChild !== find("tour")) find("dock").prepend(find("tour"))
  const [bar, drawer, rest] = ["bar", "drawer", "rest"].map(find)
  if (narrow !== rest.hidden) return // it is so already
  const tools = bar.querySelector(".tools")
  const [all, always] = [BAR.map(find), ALWAYS.map(find)] // what is taken out is found no more
  arrange(drawer, narrow ? [...all.filter((one) => !always.includes(one)), tools] : [])
  arrange(bar, narrow ? always : [...all, tools, rest])
  rest.hidden = !narrow
  rest.open = false
}

/** Whether the player stands in a frame, which shows the whole picture, however small. */
const isFramed = (host) => host.classList.contains("framed")

/** Whether a page is narrow: everything stands in one column. */
const isNarrow = (room) => room <= NARROW

/** Lay the scene out for a small screen, before its elements are made: boards under one another, nothing too small to be
 *  read. Elsewhere it lies as it was drawn. */
export function lay(player) {
  const { host, scene, stage } = player
  host.dataset.view = scene.view // by which a style may give its words more room
  const room = player.width || (player.width = Math.floor(host.clientWidth)) // known from here on: asking costs a layout
  const small = room && !isFramed(host) && (isNarrow(room) || innerHeight <= SMALL)
  stage.least = scene.least = small ? LEAST_PX : 0
  player.flowed = null
  if (!small) return unflow(scene)
  const most = innerHeight > SMALL ? Math.max(HIGHEST, scene.wire.tall * PHONE) : Math.max(LEAST, 0.7 * innerHeight)
  const tall = Math.round(Math.min(scene.wire.tall * room, most))
  player.flowed = { room, tall, ...flow(scene, room, tall) }
}

/** The elements around one, out to the document's, also through shadow roots. */
export function around(node) {
  const found = []
  for (let one = node; one; one = one.parentElement ?? one.getRootNode().host) found.push(one)
  return found
}

/** The pixels of the window that are left between what stands above the picture and the dock under it. */
export function left({ host, find }) {
  const top = host.getBoundingClientRect().top + around(host).reduce((all, one) => all + one.scrollTop, 0)
  return innerHeight - Math.round(top + find("dock").offsetHeight)
}

/** Measure the room, and tell whether it is another one than before. What is about to leave the page has none. */
function measure(player) {
  const { width, left: before } = player
  if (!player.host.clientWidth) return false
  player.width = Math.floor(player.host.clientWidth)
  player.left = left(player)
  return player.width !== width || player.left !== before
}

/** Fit the picture again, whenever the window or what stands above the picture becomes larger or smaller. */
export function watch(player) {
  const look = () => {
    if (!player.scene || !player.host.isConnected || !measure(player)) return
    const { flowed } = player
    lay(player)
    if (flowed || player.flowed) player.stage.load(player.scene, player.t)
    fit(player)
    player.show(0)
    player.tour.settle() // what stands above may have come after the beat
  }
  const resize = new ResizeObserver(look)
  for (const one of [...around(player.host), player.find("dock")]) resize.observe(one) // the dock by itself: it may grow by what the picture loses
  player.find("stage").addEventListener("scroll", () => hint(player), { passive: true, signal: player.abort.signal })
  addEventListener("resize", look, { signal: player.abort.signal })
  player.abort.signal.addEventListener("abort", () => resize.disconnect())
}

/** Give the picture its size; where there is no room yet, it keeps the one it has until there is. */
export function fit(player) {
  const { host, stage, find, scene } = player
  const { width, height } = stage
  const room = player.width || (player.width = Math.floor(host.clientWidth))
  if (!room) return
  const narrow = isNarrow(room) && !isFramed(host)
  keepFocus(host, () => order(player, narrow))
  if (player.left === undefined) measure(player) // with the dock as it is to be
  if (player.flowed) return shown(player, player.flowed.unit, player.flowed.tall)
  const tall = Math.round(Math.min(scene.aspect * room, Math.max(isFramed(host) ? 0 : LEAST, player.left)))
  const fitting = Math.min(room / width, tall / height, LARGEST)
  const least = isFramed(host) || width > 26 || room / width > LEGIBLE_PX ? 0 : 16 // rather to be scrolled than not to be read
  shown(player, Math.max(fitting, Math.min(least, tall / height)), tall)
}

/** Show the picture with cells so large, in a room so high. */
function shown({ stage, find, flowed }, cell, tall) {
  stage.cell = cell
  stage.svg.style.width = `${Math.round(cell * stage.width)}px`
  stage.svg.style.height = `${Math.round(cell * stage.height)}px`
  find("stage").style.height = `${tall}px`
  hint({ find, flowed })
}

/** Whether more of the picture is to be scrolled to. */
function hint({ find, flowed }) {
  const stage = find("stage")
  stage.dataset.scrolls = Boolean(flowed) && flowed.wide - flowed.room - stage.scrollLeft > 4
}
