// Keyboard focus: it stays when a part of the page is replaced or removed. A group of buttons is one tab stop.

const STOPS = "button, input, select, textarea, summary, a[href], [tabindex]"
const CLOSED = "[hidden], details:not([open]) > :not(summary)"

const name = (node) => node.id || node.dataset.part || node.dataset.value || node.dataset.ref
const shown = (node) => node.isConnected && !node.disabled && !node.closest(CLOSED)
const stops = (root) => [...root.querySelectorAll(STOPS)].filter((node) => node.tabIndex >= 0 && shown(node))

/** All other stops, the nearest first: within the same box those before and then those after, then in the box around it. */
function neighbours(held, host) {
  const all = stops(host)
  const found = new Set()
  for (let box = held.parentElement; host.contains(box); box = box.parentElement) {
    const inside = all.filter((node) => box.contains(node))
    const at = inside.indexOf(held)
    for (const node of [...inside.slice(0, at).reverse(), ...inside.slice(at + 1)]) found.add(node)
  }
  return [...found]
}

/** Change something within `host`. The keyboard stays on the control of the same name, or goes to its neighbour. */
export function keepFocus(host, change) {
  const root = host.getRootNode()
  const held = root.activeElement
  if (!held || !host.contains(held)) return change()
  const around = neighbours(held, host)
  change()
  if (root.activeElement === held && shown(held)) return
  const same = name(held) && stops(host).find((node) => name(node) === name(held))
  for (const node of [same, ...around]) {
    if (!node || !shown(node)) continue
    node.focus({ preventScroll: true })
    if (root.activeElement === node) return // a style may hide it
  }
}

/** Put `children` into `parent` in this order. What stays is not moved, because what is moved loses the keyboard. */
export function arrange(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove()
  children.forEach((child, n) => {
    if (parent.children[n] !== child) parent.insertBefore(child, parent.children[n] ?? null)
  })
}

/** Make a group of buttons one stop of the keyboard: arrows, Home and End go from one to another; columns: of a grid,
 *  in which Up and Down go by rows. */
export function toolbar(group, columns = 1) {
  group.setAttribute("role", "toolbar")
  group.addEventListener("keydown", (event) => {
    const all = [...group.children]
    const at = all.indexOf(event.target)
    const by = { ArrowLeft: -1, ArrowUp: -columns, ArrowRight: 1, ArrowDown: columns }[event.key]
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : by && (at + by + all.length) % all.length
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    all[to].focus()
  })
  group.addEventListener("focusin", (event) => oneStop(group, event.target))
  group.addEventListener("focusout", (event) => group.contains(event.relatedTarget) || oneStop(group))
}

/** Tab comes to one button of a toolbar: to the one that has the keyboard, to the pressed one, or to the first. */
export function oneStop(group, held = group.getRootNode().activeElement) {
  const all = [...group.children]
  const pressed = all.find((button) => button.getAttribute("aria-pressed") === "true")
  const stop = all.includes(held) ? held : (pressed ?? all[0])
  for (const button of all) button.tabIndex = button === stop ? 0 : -1
}
