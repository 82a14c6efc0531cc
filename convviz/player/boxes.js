// The boxes that open above the bar, "Save" and "Share", and what is rare: how they close.

const BOXES = { saving: "save", sharing: "share", rest: "more" } // each, and the word that opens it

/** Close the box that is open; whether one was. */
export function close({ find }) {
  const open = Object.keys(BOXES).find((name) => find(name).open)
  if (!open) return false
  find(open).open = false
  find(BOXES[open]).focus()
  return true
}

/** Close a box when a person turns to something else, and on Escape, also from a field in it. */
export function closeElsewhere({ host, find, abort }) {
  const on = (target, type, act) => target.addEventListener(type, act, { signal: abort.signal })
  for (const name of Object.keys(BOXES)) {
    const leave = (event) => event.composedPath().includes(find(name)) || (find(name).open = false)
    on(document, "pointerdown", leave)
    on(host, "focusin", leave)
    on(find(name), "keydown", (event) => event.key === "Escape" && close({ find }) && event.stopPropagation())
  }
}
