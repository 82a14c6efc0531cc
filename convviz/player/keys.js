// The player from the keyboard, or from a presenter's clicker.

/** Do what a key asks for, where the player, and not a field in it, is meant. */
export function press(player, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "z" && player.data.main) (event.preventDefault(), event.stopPropagation(), player.send("undo", {}))
    return
  }
  if (player.editor.key(event)) return
  if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) && event.target !== player.scrub) return
  const { row, steps } = player.scene
  const acts = {
    ArrowLeft: () => player.go(player.t - 1),
    ArrowRight: () => player.go(player.t + 1),
    ArrowUp: () => player.go(player.t - row),
    ArrowDown: () => player.go(player.t + row),
    PageUp: () => player.go(player.t - 1),
    PageDown: () => player.go(player.t + 1),
    Home: () => player.go(0),
    End: () => player.go(steps - 1),
    " ": () => player.toggle(),
    Escape: () => ((player.pinned = null), player.light()),
    e: () => player.editor.toggle(),
    n: () => player.tour.go(1),
    b: () => player.tour.go(-1),
    "?": () => tellKeys(player),
  }
  if (event.key === " " && event.target.tagName === "BUTTON") return
  if (!(event.key in acts)) return
  event.preventDefault()
  event.stopPropagation()
  acts[event.key]()
}

/** Say which keys there are, or no more. */
export function tellKeys({ find }) {
  const list = find("keys_list")
  list.hidden = !list.hidden
  find("keys").setAttribute("aria-pressed", !list.hidden)
}
