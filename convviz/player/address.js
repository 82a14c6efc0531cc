// The address of the page as the link to what is shown. Writing it asks no server.

const AFTER = 30 // milliseconds: after the picture, which people wait for
const CALM = 250 // milliseconds for which a step stays before it is written

// what a lesson says opens at a step of its own, so that there the first one is named too
export const withStep = (query, t) => {
  const step = t || /(beat|myth)=/.test(query) ? `${query ? "&" : "v=1&"}step=${t}` : ""
  const whole = query === "v=1" && !step ? "" : query + step
  return location.pathname + (whole ? `?${whole}` : "")
}

const here = () => location.pathname + location.search

/** Writes the address of one page, for as long as the browser stands on it. */
export class Address {
  constructor(signal) {
    this.path = location.pathname
    addEventListener("popstate", () => this.#forget(), { signal }) // what waits is of the entry that was left
    signal.addEventListener("abort", () => this.#forget())
  }

  /** Write the link of what is shown: a change that was kept is a new entry of the history, `instead` takes its place. */
  write(query, t, instead) {
    this.#flush()
    this.query = query
    const address = withStep(query, t)
    if (location.pathname !== this.path || address === here()) return
    if (instead) history.replaceState(history.state, "", address)
    else this.#later(AFTER, () => history.pushState({}, "", address))
  }

  /** Put the step into the address, in place of the one that was there. */
  step(t) {
    if (this.query === undefined) return
    this.#flush()
    this.#later(CALM, () => {
      const address = withStep(this.query, t)
      if (address !== here()) history.replaceState(history.state, "", address)
    }, true)
  }

  #later(wait, act, step = false) {
    this.waiting = { act, step, timer: setTimeout(() => this.#do(), wait) }
  }

  #do() {
    const { act } = this.waiting ?? {}
    this.#forget()
    if (act && location.pathname === this.path) act()
  }

  /** Do at once what waits; a step that waits is of no interest once there is a newer one. */
  #flush() {
    if (this.waiting?.step) this.#forget()
    else this.#do()
  }

  #forget() {
    clearTimeout(this.waiting?.timer)
    this.waiting = null
  }
}
