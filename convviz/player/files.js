// Taking the picture away: a box with a button for each file of `data.files`, {suffix, label, address, estimate}. One with an
// address is asked for there, which makes it while the page goes on; a still of the step shown is made here and now.
import { arrange } from "./focus.js"
import { MADE } from "./stills.js"

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

/** The file of an address that holds it. */
const bytesOf = (address) => new Blob([Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0))], { type: "image/png" })

const WAITS = 20 // how often one waits for a place

/** A file as it is chosen: its name tells its pace and its speed, its address all of it, and drawing it may take longer. */
function asChosen({ choices, data, scene, stage, t }, file) {
  const chosen = choices.of(file.suffix)
  const { pace, speed } = chosen
  const moving = [pace, speed && `${speed}x`].filter(Boolean).map((part) => `-${part}`).join("")
  const name = `${data.name}${file.address ? moving : `-step${t + 1}`}`
  const read = scene.grids.every((g) => g.a[0] * stage.cell >= g.p)
  const seen = read ? {} : { cell: Math.max(1, Math.floor(stage.cell)) } // what is seen as tones here is so in the file
  const address = file.address && [file.address, ...Object.entries({ ...chosen, ...seen }).map((pair) => pair.join("="))].join("&")
  return { ...file, name, address, chosen, estimate: file.paced?.[pace] ?? file.estimate }
}

/** Have a button for each file that there is to take; those that there were stay. */
export function offer(player) {
  const { data, find } = player
  const place = find("saving")
  const buttons = (data.files ?? []).map((file) => {
    const part = file.image === undefined ? `${file.suffix.slice(1)}_file` : "pixels_file"
    const button = find(part) ?? Object.assign(document.createElement("button"), { type: "button", className: "words" })
    button.dataset.part = part
    button.title = asChosen(player, file).estimate ?? ""
    if (!button.getAttribute("aria-busy")) button.textContent = file.label
    button.onclick = () => player.choices.possible && take(player, button, asChosen(player, file))
    return button
  })
  arrange(find("files"), buttons)
  if (buttons.length) player.choices.tell()
  find("save").textContent = data.words.save
  place.hidden = !data.main || !buttons.length
}

/** Take a file. Of one that is asked for the button says how long it takes; where others come first, wait as long as the
 *  server says. */
async function take(player, button, { suffix, label, name, address, chosen, estimate, image }) {
  if (image !== undefined) return save(bytesOf(player.scene.images[image].src), `${player.data.name}-pixels${suffix}`)
  if (button.getAttribute("aria-busy")) return
  button.setAttribute("aria-busy", "true")
  button.setAttribute("aria-disabled", "true")
  button.textContent = estimate ? `${label} · ${estimate}` : label
  const { signal } = player.abort
  try {
    if (address) {
      const answer = await granted(new URL(address, location.href), signal, (said) => (button.title = said))
      if (!answer.ok) throw new Error(await answer.text())
      save(await answer.blob(), `${name}${suffix}`)
    } else save(await MADE[suffix](player, chosen), `${name}${suffix}`)
    button.title = estimate ?? ""
  } catch (error) {
    if (signal.aborted) return // the page was left
    button.title = String(error.message ?? error)
    player.find("sentence").textContent = button.title
  } finally {
    button.textContent = label
    button.removeAttribute("aria-busy")
    button.removeAttribute("aria-disabled")
  }
}

/** The answer of an address, asked for again after each wait that it asks for. */
async function granted(address, signal, tell) {
  for (let n = 0; ; n++) {
    const answer = await fetch(address, { signal })
    const seconds = Number(answer.headers.get("retry-after"))
    if (answer.status !== 503 || !seconds || n === WAITS) return answer
    tell(await answer.text())
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
    signal.throwIfAborted()
  }
}
