// How large the picture is shown. The room that it gets depends on the view and on the window, never on a parameter, so
// that nothing else moves when a dial is turned.
import { keepFocus } from "./focus.js"
import { LEGIBLE_PX } from "./stage.js"

const NARROW = 760 // pixels up to which the formulas and the scrubber stand in rows of their own
const LARGEST = 72 // pixels a cell
const LOW = 640 // pixels of a window's height up to which the tour would leave the picture too little room
const LEAST = 270 // pixels that the picture gets in the lowest of windows

/** Put the formulas, the scrubber and the tour where they are seen, so that the keyboard comes to them in the order of
 *  reading. On a small screen the tour stands below the legend, as the picture would have no room above it. */
function order({ find }, narrow) {
  const after = (node, one) => one.nextElementSibling === node || one.after(node)
  after(find("formulas"), narrow ? find("dock") : find("equation"))
  if (narrow || innerHeight < LOW) after(find("tour"), find("legend"))
  else if (find("dock").firstElementChild !== find("tour")) find("dock").prepend(find("tour"))
  if (narrow) after(find("scrub"), find("bar").querySelector(".tools"))
  else after(find("scrub"), find("end"))
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
    fit(player)
    player.show(0)
    player.tour.settle() // what stands above may have come after the beat
  }
  const resize = new ResizeObserver(look)
  for (const one of [...around(player.host), player.find("dock")]) resize.observe(one) // the dock by itself: it may grow by what the picture loses
  addEventListener("resize", look, { signal: player.abort.signal })
  player.abort.signal.addEventListener("abort", () => resize.disconnect())
}

/** Give the picture its size; where there is no room yet, it keeps the one it has until there is. */
export function fit(player) {
  const { host, stage, find, scene } = player
  const { width, height } = stage
  const room = player.width || (player.width = Math.floor(host.clientWidth)) // known from here on: asking costs a layout
  if (!room) return
  const framed = host.classList.contains("framed") // a frame shows the whole picture, however small
  const narrow = room <= NARROW && !framed
  keepFocus(host, () => order(player, narrow))
  if (player.left === undefined) measure(player) // with the dock as it is to be
  const wanted = scene.aspect * room
  const tall = Math.round(narrow ? wanted : Math.min(wanted, Math.max(framed ? 0 : LEAST, player.left)))
  const fitting = Math.min(room / width, tall / height, LARGEST)
  const least = framed || width > 26 || room / width > LEGIBLE_PX ? 0 : 16 // rather to be scrolled than not to be read
  stage.cell = Math.max(fitting, Math.min(least, tall / height))
  stage.svg.style.width = `${Math.round(stage.cell * width)}px`
  stage.svg.style.height = `${Math.round(stage.cell * height)}px`
  find("stage").style.height = `${tall}px`
}
