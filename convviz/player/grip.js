// The grip: a board on which what is seen is drawn from step to step. A cell to the right is the next step, a cell down that
// of the next row; at the edge of the steps it stays. Keys move it as the pointer does.

const clamp = (value, most) => Math.max(0, Math.min(most, value))

/** The step that lies so many rows and columns from another one; what is held by a grip goes no further than its steps. */
export function stepFrom({ steps, row, grip }, t, down, along) {
  if (grip === undefined) return t + down * row + along
  return clamp(Math.floor(t / row) + down, Math.ceil(steps / row) - 1) * row + clamp((t % row) + along, row - 1)
}

/** The pointer draws what is on the grip; returns an object whose `used` says that it was drawn, until the click is heard. */
export function grips(player, on) {
  const { svg } = player.stage
  const drawn = { used: false }
  let from = null
  const onBoard = (event) => {
    const { scene } = player
    const mark = Number(event.target.dataset?.m ?? -1)
    return mark >= 0 && scene.grip !== undefined && scene.gridOf(mark) === scene.grids[scene.grip]
  }
  on(svg, "pointerdown", (event) => {
    drawn.used = false
    if (event.button || !event.isPrimary || !onBoard(event)) return
    const { width, height } = event.target.getBoundingClientRect()
    from = { x: event.clientX, y: event.clientY, width, height, t: player.t }
  })
  on(svg, "pointermove", (event) => {
    if (!from) return
    const down = Math.round((event.clientY - from.y) / from.height)
    const along = Math.round((event.clientX - from.x) / from.width)
    const t = stepFrom(player.scene, from.t, down, along)
    if ((down || along) && !drawn.used) svg.setPointerCapture(event.pointerId) // not before: a click is the cell's own
    drawn.used ||= Boolean(down || along)
    if (t !== player.t) player.go(t)
  })
  on(svg, "touchmove", (event) => from && event.preventDefault()) // else the page is scrolled, and takes the finger
  for (const type of ["pointerup", "pointercancel"]) on(svg, type, () => (from = null))
  return drawn
}
