// The player on a page of its own, without a session: what it shows, and its style, stand in the page.
import { Player } from "./player.js"

const dark = matchMedia("(prefers-color-scheme: dark)")

/** Show in an element the scene in its script of JSON, with the style in its template. */
export function alone(place) {
  const root = place.attachShadow({ mode: "open" })
  root.append(place.querySelector("template").content)
  const host = document.createElement("div")
  host.className = "player"
  root.append(host)
  const data = JSON.parse(place.querySelector("script").textContent)
  if (data.home) host.classList.add("framed")
  const player = new Player(host)
  player.send = () => {} // there is nobody to hear of it
  const show = () => player.update({ ...data, ...data.schemes?.[dark.matches ? "dark" : "light"] })
  show()
  if (data.schemes?.dark) dark.onchange = show
  if (data.home) lead(player, data.home)
  host.dataset.ready = 1
}

/** A link to the whole page of what is framed, at the step that is shown. */
function lead({ find, host }, { address, text, title }) {
  const link = document.createElement("a")
  Object.assign(link, { className: "home", textContent: text, title, target: "_blank", rel: "noopener" })
  const follow = () => (link.href = address.replace(/&?step=\d+/, "") + `&step=${host.dataset.step ?? 0}`)
  follow()
  for (const type of ["pointerdown", "focus", "click"]) link.addEventListener(type, follow)
  find("bar").append(link)
}
