// What a hand does on the picture and on its words: a mouse points, clicks and double-clicks; a finger has no way to point,
// so that a tap lights, a second tap on the same cell keeps it lit, and a long tap edits it.

import { grips } from "./grip.js"
import { closer } from "./closer.js"
import { draws } from "./lens.js"
import { picked } from "./picks.js"

const LONG = 500 // milliseconds that a finger rests for a long tap
const STILL = 10 // pixels that it may move meanwhile

/** Whether the hand that the device is made for cannot point without pressing. */
export const isTouch = () => matchMedia("(hover: none)").matches

/** A text of which parts are said in two ways, <to a mouse|to a finger>, as it is said to the hand that there is. */
export const forHand = (text) => text.replace(/<([^<>|]*)\|([^<>|]*)>/g, (_, mouse, finger) => (isTouch() ? finger : mouse))

const touched = (event) => event.pointerType === "touch"

/** Listen to the hand on the player; on(node, type, act). */
export function listen(player, on) {
  const { host, stage, editor } = player
  const { svg } = stage
  on(host, "pointermove", (e) => (player.pointer = touched(e) ? null : [e.clientX, e.clientY]))
  on(host, "pointerleave", () => (player.pointer = null))
  on(svg, "pointermove", (e) => touched(e) || player.hover(player.lens.point(e) ? undefined : e.target.dataset?.m))
  on(svg, "pointerleave", (e) => touched(e) || (player.lens.pinned || player.lens.drop(), player.hover()))
  draws(player, on)
  const drawn = grips(player, on)
  const opens = (mark) => (player.scene.editable(mark) ? editor.open(mark) : closer(player, mark))
  on(svg, "dblclick", (e) => e.pointerType === "touch" || held.used || e.target.dataset?.m === undefined || opens(Number(e.target.dataset.m)))
  const held = longTaps(svg, on, opens)
  on(svg, "click", (e) => {
    if (held.used || drawn.used) return void (held.used = drawn.used = false)
    if (player.scene.isPlace(Number(e.target.dataset?.m ?? -1))) return player.lens.pin(e)
    if (picked(player, Number(e.target.dataset?.m ?? -1))) return
    if (touched(e)) player.tap(e.target.dataset?.m)
    else player.pin(e.target.dataset?.m)
  })
  for (const [type, pointed] of [["pointerover", true], ["focusin", false]]) {
    on(host, type, (e) => player.refer(e.target.closest("[data-ref]"), pointed && !touched(e)))
  }
  for (const type of ["pointerout", "focusout"]) {
    on(host, type, (e) => !touched(e) && e.target.closest("[data-ref]") && player.read(null))
  }
  // a word that was tapped is left by a tap elsewhere
  on(document, "pointerdown", (e) => touched(e) && player.attention.word && !e.composedPath()[0].closest?.("[data-ref], .term") && player.read(null))
}

/** Tell of each long tap on a cell; `used` until the click that follows it has been heard. */
function longTaps(svg, on, act) {
  const held = { used: false }
  let [timer, from] = [0, null]
  const drop = () => (clearTimeout(timer), (timer = 0))
  on(svg, "pointerdown", (e) => {
    drop()
    held.used = false
    const mark = e.target.dataset?.m
    if (!touched(e) || mark === undefined || !e.isPrimary) return
    from = [e.clientX, e.clientY]
    timer = setTimeout(() => {
      held.used = true
      act(Number(mark))
    }, LONG)
  })
  on(svg, "pointermove", (e) => timer && Math.hypot(e.clientX - from[0], e.clientY - from[1]) > STILL && drop())
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) on(svg, type, drop)
  on(svg, "contextmenu", (e) => isTouch() && e.preventDefault())
  return held
}
