// Time: which step is shown, how far it has come, and whether the steps play. It knows how many there are, and no picture.

const GLIDE = 180 // milliseconds that motion inside a step may take
const SWIFT = 100 // milliseconds after a step within which nothing of another one moves gradually
const ROW_END = 1.7 // how much longer the last step of a row stays
const TERM = 250 // milliseconds a term takes where a step is shown term by term
const PART = 90 // the most milliseconds between one part of a step and the next
const QUICK = 200 // the pace in milliseconds below which a step is shown whole at once
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16]

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches

export class Transport {
  /** to: show(glide), a step is to be shown; moments(t, slowly), what it goes through before it is whole; changed(), it
  plays now or does not; rest(), the step stays; seen(), gone(). */
  constructor(to) {
    this.to = to
    this.t = 0
    this.speed = 1
    this.terms = false // whether every step is shown term by term
    this.playing = false
    this.moment = null // how far the step has come; null where it is whole
    this.leap = false // whether the step begins somewhere else than beside the one before
    this.swift = false // whether it came right after another one: see SWIFT
    this.sought = -Infinity // when the step was shown
  }

  /** Take a scene's steps; `step` where one is to be shown, and it then stays. */
  load({ steps, row }, pace, step) {
    this.#whole()
    this.steps = steps
    this.row = row
    this.usual = pace ?? 600
    this.t = Math.max(0, Math.min(steps - 1, step ?? this.t))
    if (step !== undefined) this.stop()
  }

  /** Show a step; `unfold`: as it happens, one part after the other. */
  seek(t, glide = GLIDE, unfold = false) {
    this.#whole()
    const [before, now] = [this.t, performance.now()]
    this.swift = now - this.sought < SWIFT
    this.sought = now
    this.t = Math.max(0, Math.min(this.steps - 1, t))
    this.leap = this.t !== before && (Math.abs(this.t - before) > 1 || Math.floor(this.t / this.row) !== Math.floor(before / this.row))
    if (unfold && !this.swift) this.#unfold(glide)
    else this.to.show(this.swift ? 0 : glide)
    this.leap = false
    if (!this.playing) this.to.rest()
  }

  /** Show the step's moments one after the other, then the whole of it. */
  #unfold(glide) {
    const [first, ...others] = this.#moments()
    this.moment = first ?? null
    this.to.show(glide)
    if (!first) return
    const left = [...others, null]
    const next = () => {
      this.moment = left.shift()
      this.to.show(0)
      if (left.length) this.timer = setTimeout(next, this.#each())
    }
    this.timer = setTimeout(next, this.slow ? this.#each() : glide)
  }

  /** Whether the step is shown term by term: where that was chosen, and the first one that plays. */
  get slow() {
    return this.terms || this.opening === this.t
  }

  #moments() {
    if (still() || (!this.slow && this.usual / this.speed < QUICK)) return []
    return this.to.moments(this.t, this.slow)
  }

  #each() {
    return (this.slow ? TERM : PART) / this.speed
  }

  /** The step is whole from here on. */
  #whole() {
    clearTimeout(this.timer)
    this.moment = null
  }

  play(opening = false) {
    if (this.playing) return
    this.playing = true
    this.opening = opening ? this.t : -1
    if (opening) this.#unfold(0)
    this.due = performance.now() + this.#pace()
    const tick = (now) => {
      if (!this.playing || this.to.gone()) return
      this.clock = requestAnimationFrame(tick)
      if (now < this.due || !this.to.seen() || document.hidden) return
      this.opening = -1
      const end = this.t === this.steps - 1
      this.seek(end ? 0 : this.t + 1, Math.min(GLIDE, 0.4 * (this.usual / this.speed)), true)
      this.due = Math.max(now, this.due + this.#pace())
    }
    this.clock = requestAnimationFrame(tick)
    this.to.changed()
  }

  pause() {
    if (!this.playing) return
    this.stop()
    this.to.changed()
    this.to.rest()
  }

  /** Stop playing, and say nothing of it. */
  stop() {
    this.playing = false
    this.opening = -1
    cancelAnimationFrame(this.clock)
    if (!this.moment) return
    this.#whole()
    this.to.show(0)
  }

  toggle() {
    if (this.playing) this.pause()
    else this.play()
  }

  /** Milliseconds that the step now shown stays. */
  #pace() {
    const { row, steps } = this
    const ends = (this.t + 1) % row === 0 && row > 1 && row < steps
    const last = this.t === steps - 1
    const terms = this.slow && !still() ? this.to.moments(this.t, true).length * TERM : 0
    return (this.usual * (last ? 2.5 : ends ? ROW_END : 1) + terms) / this.speed
  }
}
