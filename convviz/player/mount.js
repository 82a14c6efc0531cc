// A component's entry: called again with new data on the same parent, and never remounted while its key stays.

/** The entry of a component whose class takes a host element, `send(name, value)` and `update(data)`. */
export function component(name, Made) {
  const mounted = new WeakMap()
  return ({ data, parentElement, setTriggerValue }) => {
    let shown = mounted.get(parentElement)
    if (!shown) {
      const host = document.createElement("div")
      host.className = name
      parentElement.append(host)
      shown = new Made(host)
      shown.runs = 0
      mounted.set(parentElement, shown)
      if (shown.recoloured) watch(parentElement, () => shown.recoloured())
    }
    const { host } = shown
    const run = ++shown.runs
    hideUntilStyled(parentElement, host, run === 1)
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

const failed = new WeakSet() // the style sheets that do not come

/** A component may be made before its style sheets have come: nobody is shown it bare. It is shown once none is on its way
 *  any more, which a later run finds out as well: a sheet may be taken from the page before it has come. */
function hideUntilStyled(parent, host, made = false) {
  const sheets = [...parent.getRootNode().querySelectorAll("link[rel=stylesheet]")]
  const coming = sheets.filter((link) => !link.sheet && !failed.has(link))
  if (!coming.length) host.style.visibility = ""
  else if (made) host.style.visibility = "hidden"
  const look = () => hideUntilStyled(parent, host)
  for (const link of coming) {
    link.addEventListener("load", look, { once: true })
    link.addEventListener("error", () => (failed.add(link), look()), { once: true })
  }
}

/** Tell when the page becomes light or dark, of which Streamlit tells a component by a CSS variable alone. */
function watch(parent, changed) {
  const spot = document.createElement("i")
  spot.setAttribute("aria-hidden", true)
  spot.style.cssText = "position: absolute; background-color: var(--st-background-color); transition: background-color 1ms"
  spot.addEventListener("transitionend", () => setTimeout(changed, 50)) // Streamlit's messages name the colours soon after
  parent.append(spot)
}
