// A list that opens above everything else beside its button, so that nothing moves. It closes by itself when the
// keyboard or the pointer goes elsewhere.

const EDGE = 8 // pixels between the list and the edge of the window

export class Menu {
  /** opened(): the list has just been opened, and nothing in it has the keyboard yet. */
  constructor(button, list, opened) {
    Object.assign(this, { button, list })
    list.popover = "auto"
    button.popoverTargetElement = list
    button.setAttribute("aria-expanded", "false")
    list.onkeydown = (event) => {
      if (event.key !== "Escape") return
      event.preventDefault()
      this.close()
    }
    list.ontoggle = (event) => {
      const open = event.newState === "open"
      button.setAttribute("aria-expanded", open)
      if (!open) return
      this.#place()
      if (!list.matches(":focus-within")) opened() // a browser tells it late: a hand may be there before
    }
    list.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (to && !list.contains(to) && list.matches(":popover-open")) list.hidePopover()
    })
  }

  /** Close the list and give the keyboard back. */
  close() {
    this.list.hidePopover()
    this.button.focus()
  }

  /** Under the button, or over it where there is more room; within the window. */
  #place() {
    const at = this.button.getBoundingClientRect()
    const { width, height } = this.list.getBoundingClientRect()
    const below = at.bottom + height + EDGE <= innerHeight
    const top = below ? at.bottom + 4 : Math.max(EDGE, at.top - height - 4)
    const left = Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))
    Object.assign(this.list.style, { top: `${top}px`, left: `${left}px` })
  }
}

/** The button of a group that is chosen, or the first. */
export function chosenOf(group) {
  const all = [...group.children]
  return all.find((one) => one.getAttribute("aria-pressed") === "true") ?? all[0]
}
