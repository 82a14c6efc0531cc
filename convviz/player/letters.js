// The letters of the picture: those of the files. A browser loads them when the first of them is shown.

const FAMILY = "Convviz Sans"
const FILES = [["latin", "U+0-2E7F"], ["han", "U+2E80-FFFF"]]

let worn = false

/** Have the font; given: the files that the page brings along, by name, instead of the server's. */
export function wear(given) {
  if (worn) return
  worn = true
  for (const [name, unicodeRange] of FILES) {
    const source = given ? given[name] : `font/ConvvizSans-${name}.woff2`
    if (source && URL.canParse(source, location.href)) document.fonts.add(new FontFace(FAMILY, `url("${new URL(source, location.href)}")`, { unicodeRange }))
  }
}
