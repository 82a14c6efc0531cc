// The player on a page of its own, without a server: what it shows, and its style, stand in the page.
import { Player } from "./player.js"

/** Show in an element the scene in its script of JSON, with the style in its template. */
export function alone(place) {
  const root = place.attachShadow({ mode: "open" })
  root.append(place.querySelector("template").content)
  const host = document.createElement("div")
  host.className = "player"
  root.append(host)
  const player = new Player(host)
  player.send = () => {} // there is nobody to hear of it
  player.update(JSON.parse(place.querySelector("script").textContent))
  host.dataset.ready = 1
}
