// The address of the page as the link to what is shown. Writing it asks no server.

// a beat opens at a step of its own, so that there the first one is named too
const withStep = (query, t) => {
  const step = t || query.includes("beat=") ? `${query ? "&" : "v=1&"}step=${t}` : ""
  const whole = query === "v=1" && !step ? "" : query + step
  return location.pathname + (whole ? `?${whole}` : "")
}

const here = () => location.pathname + location.search

/** Put the step into the address, in place of the one that was there. */
export function rememberStep(t) {
  const query = location.search.slice(1).replace(/(^|&)step=\d+/, "").replace(/^&/, "")
  const address = withStep(query, t)
  if (address !== here()) history.replaceState(history.state, "", address)
}

/** Write the link of what is shown: a change that was kept is a new entry of the history, an arrival is none. */
export function writeLink(query, t, arriving) {
  const address = withStep(query, t)
  if (address === here()) return
  if (arriving) history.replaceState(history.state, "", address)
  else setTimeout(() => history.pushState({}, "", address), 30) // after the picture, which people wait for
}
