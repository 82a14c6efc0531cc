// A component's entry: called again with new data on the same parent, and never remounted while its key stays.

const PATIENCE = 5000 // milliseconds that a component waits for its style sheets, at most

/** The entry of a component whose class takes a host element, `send(name, value)` and `update(data)`. */
export function component(name, Made) {
  const mounted = new WeakMap()
  return ({ data, parentElement, setTriggerValue }) => {
    let shown = mounted.get(parentElement)
    if (!shown) {
      const host = document.createElement("div")
      host.className = name
      parentElement.append(host)
      hideUntilStyled(parentElement, host)
      shown = new Made(host)
      shown.runs = 0
      mounted.set(parentElement, shown)
      if (shown.recoloured) watch(parentElement, () => shown.recoloured())
    }
    const { host } = shown
    tellTab()
    const run = ++shown.runs
    shown.send = (event, value) => setTriggerValue(event, { ...value, at: Date.now() })
    try {
      const said = new TextDecoder().decode(data)
      if (said !== shown.said) shown.update(JSON.parse(said)) // else it may have moved on by itself since
      shown.said = said
      delete host.dataset.failed
    } catch (error) {
      console.error(error)
      host.dataset.failed = String(error)
    }
    host.dataset.ready = run
    return () => {
      // also called for runs that another has followed
      if (shown.runs !== run || parentElement.isConnected) return
      shown.destroy?.()
      mounted.delete(parentElement)
    }
  }
}

/** The tab of the page that is shown says so; Streamlit's link shows it by its colours alone. */
function tellTab() {
  const shown = location.pathname.split("/").at(-1).replace(/^home$/, "")
  for (const link of document.querySelectorAll(".st-key-tabs a")) {
    if (link.getAttribute("href") === shown) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
}

/** A component may be made before its style sheets have come: nobody is shown it bare, nor kept waiting for one that never
 *  comes. Where one fails, Streamlit says so in the place of the component. */
function hideUntilStyled(parent, host) {
  const coming = [...parent.getRootNode().querySelectorAll("link[rel=stylesheet]")].filter((link) => !link.sheet)
  if (!coming.length) return
  host.style.visibility = "hidden"
  const come = (link) => new Promise((done) => link.addEventListener("load", done, { once: true }))
  const late = new Promise((done) => setTimeout(done, PATIENCE))
  Promise.race([Promise.all(coming.map(come)), late]).then(() => (host.style.visibility = ""))
}

/** Tell when the page becomes light or dark, of which Streamlit tells a component by a CSS variable alone. */
function watch(parent, changed) {
  const spot = document.createElement("i")
  spot.setAttribute("aria-hidden", true)
  spot.style.cssText = "position: absolute; background-color: var(--st-background-color); transition: background-color 1ms"
  spot.addEventListener("transitionend", () => setTimeout(changed, 50)) // Streamlit's messages name the colours soon after
  parent.append(spot)
}
