// The way through all lessons, from stop to stop. What has come of them stays while the page does, and needs no network.
const here = new Map()
const coming = new Map()
const address = (name, language) => `present/${name}?lang=${language}`

/** Fetch a lesson as it is presented, unless it is here or on its way. */
export function fetched(name, language) {
  const from = address(name, language)
  if (!coming.has(from)) {
    const way = answer(from)
    coming.set(from, way)
    way.catch(() => coming.delete(from)) // to be asked for again
  }
  return coming.get(from)
}

async function answer(from) {
  const found = await fetch(from)
  if (!found.ok) throw new Error(`${found.status} ${found.url}`)
  const lesson = await found.json()
  for (const { images = [] } of lesson.scenes) for (const image of images) image.src ??= lesson.images[image.m]
  here.set(from, lesson)
}

/** The picture of a link as it is drawn to be read from afar; null where that is as on a page. */
export async function fromAfar(name, link) {
  const found = await fetch(`present/${name}?afar=1&${link}`)
  return found.status === 200 ? found.json() : null
}

/** What of a link says which picture is shown: not its words, its colours, nor the step. */
const picture = (link) => {
  const query = new URLSearchParams(link)
  for (const name of ["v", "lang", "theme", "step", "present"]) query.delete(name)
  return query.toString()
}

export class Walk {
  /** A place in it is {lesson, slide, stop}, by their numbers; own: before a slide, where a picture of one's own is shown. */
  constructor(names, language, name) {
    Object.assign(this, { names, language })
    this.place = { lesson: names.indexOf(name), slide: 0, stop: 0, own: true }
  }

  /** A lesson, by its number; undefined until it is here. */
  lesson(number = this.place.lesson) {
    return here.get(address(this.names[number], this.language))
  }

  /** How many lessons are here. */
  get known() {
    return this.names.filter((_, n) => this.lesson(n)).length
  }

  get slide() {
    return this.lesson()?.slides[this.place.slide]
  }

  get stop() {
    return this.slide?.stops[this.place.stop]
  }

  get scene() {
    return this.lesson().scenes[this.stop.scene]
  }

  /** Fetch all lessons, the one that is shown and those after it first; heard(): one more has come, or has not. */
  async fetch(heard) {
    const first = this.place.lesson
    const order = this.names.map((_, n) => this.names[(first + n) % this.names.length])
    for (const name of order) {
      await fetched(name, this.language).catch(() => {})
      heard()
    }
  }

  /** Whether the stop shows the picture of a link. */
  shows(link) {
    return picture(this.stop.link) === picture(link)
  }

  /** Stand at the stop that shows the picture of a link, at its step or before, or at its question where that is open (asks);
  whether there is one. */
  find(link, t, asks) {
    const wanted = picture(link)
    const found = (this.lesson()?.slides ?? []).flatMap(({ stops }, slide) => stops.map((one, stop) => ({ slide, stop, one })))
    const there = found.filter(({ one }) => picture(one.link) === wanted)
    if (!there.length) return false
    const { slide, stop } = (asks ? there[0] : there.findLast(({ one }) => one.t <= t)) ?? there[0]
    this.place = { lesson: this.place.lesson, slide, stop }
    return true
  }

  /** Go to the next stop (1) or the one before (-1); whole: to the next slide. Whether there is one; undefined where it is
  in a lesson that has not come. */
  go(by, whole = false) {
    const to = this.#beside(this.place, by, whole)
    if (to) this.place = to
    return to === undefined ? undefined : Boolean(to)
  }

  #beside({ lesson, slide, stop, own }, by, whole) {
    const slides = this.lesson(lesson)?.slides
    if (!slides) return undefined
    if (own && by > 0 && !(whole && slide)) return { lesson, slide, stop: 0 }
    const beside = stop + by
    if (!whole && slides[slide].stops[beside]) return { lesson, slide, stop: beside }
    if (slides[slide + by]) return { lesson, slide: slide + by, stop: by < 0 && !whole ? slides[slide + by].stops.length - 1 : 0 }
    const next = lesson + by
    if (!this.names[next]) return null
    const other = this.lesson(next)?.slides
    if (!other) return undefined
    const last = other.length - 1
    return by > 0 ? { lesson: next, slide: 0, stop: 0 } : { lesson: next, slide: last, stop: whole ? 0 : other[last].stops.length - 1 }
  }

  /** Go to a slide of this lesson, or to its last where it has fewer. */
  jump(slide) {
    const slides = this.lesson()?.slides
    if (slides) this.place = { lesson: this.place.lesson, slide: Math.min(slide, slides.length - 1), stop: 0 }
    return Boolean(slides)
  }
}

/** What the page shows now, as a stop: with the words of what is open, if the picture is still what they are about. */
export function ownStop({ scene, look, link, tour }, asks) {
  const { n = 0, myth = 0, stray = false, own = false, text = "", think = "", question = "" } = tour ?? {}
  const told = (n || myth) && !stray
  const says = { text: asks ? question : told || own ? text : "", ask: asks ? tour.ask : undefined } // an open question stays open
  return { scene, look: told ? look : "", link, ...says, title: "", lead: told ? think : "", place: "" }
}
