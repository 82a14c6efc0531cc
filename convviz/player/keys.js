// The player's keys, and those of a presenter's clicker.
import { close } from "./boxes.js"
import { stepFrom } from "./grip.js"

/** Do what a key asks for, where the player, and not a field in it, is meant. */
export function press(player, event) {
  const target = event.composedPath()[0]
  const inside = player.host.contains(target)
  if (!inside && takesKeys(target)) return
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "z" && player.data.main) (event.preventDefault(), event.stopPropagation(), player.send("undo", {}))
    return
  }
  if ((inside || target === document.body) && (player.editor.key(event) || player.asks.key(event))) return
  if (inside && ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && target !== player.scrub) return
  if (event.shiftKey && (inside || !hasOwn(target)) && player.lens.key(event.key)) return (event.preventDefault(), event.stopPropagation())
  const { steps } = player.scene
  const by = (down, along) => player.go(stepFrom(player.scene, player.t, down, along))
  const acts = {
    ArrowLeft: () => by(0, -1),
    ArrowRight: () => by(0, 1),
    ArrowUp: () => by(-1, 0),
    ArrowDown: () => by(1, 0),
    PageUp: () => player.go(player.t - 1),
    PageDown: () => player.go(player.t + 1),
    Home: () => player.go(0),
    End: () => player.go(steps - 1),
    " ": () => player.asks.open || player.transport.toggle(),
    Escape: () => close(player) || (player.unpin(), inside || player.stage.svg.focus()),
    e: () => player.editor.toggle(),
    c: () => turn("compare", "toggle"),
    n: () => player.tour.go(1),
    b: () => player.tour.go(-1),
    p: () => player.presenter?.open(true),
    a: () => player.asks.focus(),
    "?": () => tellKeys(player),
  }
  if (event.key === " " && ["BUTTON", "SUMMARY", "A"].includes(target.tagName)) return
  if (!(event.key in acts) || (!inside && hasOwn(target) && OWN.includes(event.key))) return
  event.preventDefault()
  event.stopPropagation()
  acts[event.key]()
}

const OWN = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]

/** Turn a dial, where the page has it. */
const turn = (name, value) => document.dispatchEvent(new CustomEvent("convviz:turn", { detail: { name, value } }))

/** Whether these keys move a dial, or go from button to button of a group. */
const hasOwn = (target) => target.type === "range" || Boolean(target.closest?.("[role=toolbar], [role=radiogroup]"))

/** Whether something outside the player needs the keys for itself: fields of text, menus, lists, Streamlit's sliders. */
function takesKeys(target) {
  const field = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && target.type !== "range"
  return field || target.isContentEditable || Boolean(target.closest?.("[role=slider], [role=menu], [role=listbox], [popover]"))
}

/** Say which keys there are, or no more. */
export function tellKeys({ find }) {
  const list = find("keys_list")
  list.hidden = !list.hidden
  find("keys").setAttribute("aria-pressed", !list.hidden)
}
