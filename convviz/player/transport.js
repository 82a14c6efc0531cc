// Time: which step is shown, and whether the steps play. It knows how many there are, and no picture.

const GLIDE = 180 // milliseconds that motion inside a step may take
const ROW_END = 1.7 // how much longer the last step of a row stays
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16]

export class Transport {
  /** to: show(glide), a step is to be shown; changed(), it plays now or does not; rest(), the step stays; seen(), gone(). */
  constructor(to) {
    this.to = to
    this.t = 0
    this.speed = 1
    this.playing = false
  }

  /** Take a scene's steps; `step` where one is to be shown, and it then stays. */
  load({ steps, row }, pace, step) {
    this.steps = steps
    this.row = row
    this.usual = pace ?? 600
    this.t = Math.max(0, Math.min(steps - 1, step ?? this.t))
    if (step !== undefined) this.stop()
  }

  seek(t, glide = GLIDE) {
    this.t = Math.max(0, Math.min(this.steps - 1, t))
    this.to.show(glide)
    if (!this.playing) this.to.rest()
  }

  play() {
    if (this.playing) return
    this.playing = true
    this.due = performance.now() + this.#pace()
    const tick = (now) => {
      if (!this.playing || this.to.gone()) return
      this.clock = requestAnimationFrame(tick)
      if (now < this.due || !this.to.seen() || document.hidden) return
      const end = this.t === this.steps - 1
      this.due = Math.max(now, this.due + this.#pace())
      this.seek(end ? 0 : this.t + 1, Math.min(GLIDE, 0.4 * this.#pace()))
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
    cancelAnimationFrame(this.clock)
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
    return (this.usual * (last ? 2.5 : ends ? ROW_END : 1)) / this.speed
  }
}
