// How large the picture is shown. The room that it gets depends on the view and on the window, never on a parameter, so
// that nothing else moves when a dial is turned.
import { keepFocus } from "./focus.js"
import { LEGIBLE_PX } from "./stage.js"

const NARROW = 760 // pixels up to which the formulas and the scrubber stand in rows of their own
const LARGEST = 60 // pixels a cell
const DEEP = 0.58 // from this aspect on, the picture goes on below the window's edge rather than being too small to read
const AROUND = 416 // pixels of what stands above and below the picture in a window
const DOCKED = 220 // the same once the page is scrolled: then the words and the controls alone

/** Put the formulas, the scrubber and the tour where they are seen, so that the keyboard comes to them in the order of
 *  reading. On a narrow screen the tour stands below the legend, as the picture would have no room above it. */
function order({ find }, narrow) {
  const after = (node, one) => one.nextElementSibling === node || one.after(node)
  after(find("formulas"), narrow ? find("dock") : find("equation"))
  if (narrow) after(find("tour"), find("legend"))
  else if (find("dock").firstElementChild !== find("tour")) find("dock").prepend(find("tour"))
  if (narrow) after(find("scrub"), find("bar").querySelector(".tools"))
  else after(find("scrub"), find("end"))
}

/** The height that is kept for the picture, in pixels. */
function kept(aspect, room) {
  const most = aspect > DEEP ? Math.max(420, innerHeight - DOCKED) : Math.max(270, innerHeight - AROUND)
  return Math.round(Math.min(aspect * room, most))
}

/** Give the picture its size. */
export function fit(player) {
  const { host, stage, find, scene } = player
  const { width, height } = stage
  const room = (player.width ??= host.clientWidth) // known from here on: asking costs a layout
  keepFocus(host, () => order(player, room <= NARROW))
  const tall = kept(scene.aspect, room)
  const fitting = Math.min(room / width, tall / height, LARGEST)
  const least = width > 26 || room / width > LEGIBLE_PX ? 0 : 16 // rather to be scrolled than not to be read
  stage.cell = Math.max(fitting, Math.min(least, tall / height))
  stage.svg.style.width = `${Math.round(stage.cell * width)}px`
  stage.svg.style.height = `${Math.round(stage.cell * height)}px`
  find("stage").style.height = `${tall}px`
}
