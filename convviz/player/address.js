// The address of the page as the link to what is shown. Writing it asks no server.

const AFTER = 30 // milliseconds: after the picture, which people wait for
const CALM = 250 // milliseconds for which a step stays before it is written

/** The address of a query at a step. What a lesson says opens at a step of its own, and so does a picture that asks about one
 *  layer (later): there the first step is named too. */
export const withStep = (query, t, later) => {
  const step = t || later || /(beat|myth)=/.test(query) ? `${query ? "&" : "v=1&"}step=${t}` : ""
  const whole = query === "v=1" && !step ? "" : query + step
  return location.pathname + (whole ? `?${whole}` : "")
}

const here = () => location.pathname + location.search

/** Writes the address of one page, for as long as the browser stands on it. */
export class Address {
  constructor(signal, later) {
    this.later = later // whether a link without a step opens at another step than the first
    this.path = location.pathname
    this.entries = [] // what is to be written: {address, instead: of the entry that is there}
    addEventListener("popstate", () => this.#forget(), { signal }) // what waits is of the entry that was left
    signal.addEventListener("abort", () => this.#forget())
  }

  /** Write the link of what is shown: a change that was kept is a new entry of the history, `instead` takes its place. */
  write(query, t, instead) {
    clearTimeout(this.calm) // a step that waits is of no interest once there is another picture
    this.query = query
    const [address, last] = [withStep(query, t, this.later()), this.entries.at(-1)]
    if (location.pathname !== this.path || address === (last?.address ?? here())) return
    if (instead && last) last.address = address
    else this.entries.push({ address, instead })
    this.timer ??= setTimeout(() => this.#write(), AFTER)
  }

  /** Put the step into the address, in place of the one that was there. */
  step(t) {
    if (this.query === undefined) return
    clearTimeout(this.calm)
    this.calm = setTimeout(() => {
      const address = withStep(this.query, t, this.later())
      if (location.pathname === this.path && address !== here()) history.replaceState(history.state, "", address)
    }, CALM)
  }

  #write() {
    const { entries } = this
    this.entries = []
    this.timer = undefined
    for (const { address, instead } of entries) {
      if (location.pathname !== this.path) return
      if (instead) history.replaceState(history.state, "", address)
      else history.pushState({}, "", address)
    }
  }

  #forget() {
    clearTimeout(this.timer)
    clearTimeout(this.calm)
    this.timer = undefined
    this.entries = []
  }
}
