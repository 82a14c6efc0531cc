// How large the picture is shown, and where its words stand: beside it, or under it when the picture needs the whole width.
import { LEGIBLE_PX } from "./stage.js"
import { keepFocus } from "./focus.js"

const NARROW = 760 // pixels up to which the words stand under every picture
const ASIDE = 332 // pixels that they take beside it

/** Put the words and the scrubber where they are seen, so that the keyboard comes to them in the order of reading. */
function order({ host, find }, under, narrow) {
  const words = host.querySelector("aside")
  const after = (node, one) => one.nextElementSibling === node || one.after(node)
  after(words, find(under ? "tour" : "stage"))
  if (narrow) after(find("scrub"), find("bar").querySelector(".tools"))
  else after(find("scrub"), find("end"))
}

/** Give the picture its size: cells that can be read, and a height that is steady while a parameter changes. */
export function fit(player) {
  const { host, stage, find } = player
  const { mini } = player.data
  const { width, height } = stage
  const whole = (player.width ??= host.clientWidth) // known from here on: asking costs a layout
  const wide = width > 34 || (width > 26 && width > 1.7 * height)
  const under = !mini && (wide || whole <= NARROW)
  if (under !== player.under) host.dataset.under = player.under = under
  keepFocus(host, () => order(player, under, whole <= NARROW))
  const room = mini || under ? whole : whole - ASIDE
  const tall = mini ? 190 : Math.max(300, Math.min(620, innerHeight * (under ? 0.48 : 0.54)))
  const least = mini || width > 26 || room / width > LEGIBLE_PX ? 0 : 16 // rather to be scrolled than not to be read
  const floor = mini ? 0 : Math.min(wide ? 18 : 15, 620 / height)
  const cell = Math.max(least, Math.min(room / width, Math.max(tall / height, floor), 50))
  if (player.scene.view !== player.view || room !== player.room) player.tallest = 0
  player.view = player.scene.view
  player.room = room
  stage.cell = cell
  const wanted = Math.round(cell * height)
  player.tallest = wanted < 0.7 * player.tallest ? wanted : Math.max(player.tallest, wanted)
  stage.svg.style.width = `${Math.round(cell * width)}px`
  stage.svg.style.height = `${wanted}px`
  find("stage").style.minHeight = `${mini ? tall : Math.max(player.tallest, whole > NARROW ? 250 : 0)}px`
}
