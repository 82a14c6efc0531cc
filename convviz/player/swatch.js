// A small picture of a kernel: its weights as tones.

const SVG = "http://www.w3.org/2000/svg"

/** A picture of tones: a letter a cell, so many in a row. */
export function picture([letters, columns]) {
  const svg = document.createElementNS(SVG, "svg")
  const rows = Math.ceil(letters.length / columns)
  const side = Math.max(rows, columns)
  svg.setAttribute("viewBox", `${(columns - side) / 2} ${(rows - side) / 2} ${side} ${side}`)
  svg.setAttribute("aria-hidden", "true")
  svg.innerHTML = [...letters]
    .map((letter, n) => {
      const place = `x="${n % columns}" y="${Math.floor(n / columns)}"`
      return `<rect ${place} width="1" height="1" style="fill:var(--tone-${letter.charCodeAt(0) - 97})"/>`
    })
    .join("")
  return svg
}
