// The numbers in the cells, one text each. The texts of one picture are used again for the next: new elements, and ones
// that are put in again, cost the most of a change.
const NS = "http://www.w3.org/2000/svg"

/** Give an element the attributes that it does not have yet. */
function put(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.has[name] !== value) node.setAttribute(name, (node.has[name] = value))
  }
}

export class Texts {
  constructor(layer) {
    this.layer = layer
    this.lay(0)
  }

  /** Take another picture, of so many cells. */
  lay(cells) {
    this.spare = [...this.layer.children].reverse()
    this.nodes = new Array(cells).fill(null)
  }

  /** Whether a cell has a text, which may be empty. */
  has(mark) {
    return Boolean(this.nodes[mark])
  }

  /** Write a text into a cell; attributes: where, how large and in which colour. */
  write(mark, text, attributes) {
    const node = (this.nodes[mark] ??= this.spare.pop() ?? this.#made())
    put(node, { "data-m": mark, ...attributes })
    if (node.firstChild.data !== text) node.firstChild.data = text
  }

  /** Give the text of a cell another colour. */
  dress(mark, name) {
    if (this.nodes[mark]) put(this.nodes[mark], { class: name })
  }

  /** All texts of the picture are written: those that it has no use for go. */
  written() {
    for (const node of this.spare) node.remove()
    this.spare = []
  }

  #made() {
    const node = this.layer.appendChild(document.createElementNS(NS, "text"))
    node.append("")
    node.has = {}
    return node
  }
}
