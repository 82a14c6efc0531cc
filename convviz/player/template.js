// The player's own elements, and the words and formulas put into them.
import { offer } from "./files.js"
import { keepFocus } from "./focus.js"
import { forHand, isTouch } from "./touch.js"
import { reference } from "./words.js"

const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`
const button = (part, path, extra = "") => `<button type="button" data-part="${part}" ${extra}>${icon(path)}</button>`

export const HTML = `
<style data-part="style"></style>
<div class="stage" data-part="stage"><svg data-part="svg"></svg></div>
<div class="dock" data-part="dock">
<div class="tour" data-part="tour" hidden>
  <b data-part="tour_place"></b>
  <div class="words_of" data-part="tour_words" aria-live="polite" tabindex="-1">
    <p data-part="tour_think" hidden></p>
    <p data-part="tour_text"></p>
    <ul class="goals" data-part="goals" hidden></ul>
    <div class="tries" data-part="tries" hidden></div>
  </div>
  <div class="asks" data-part="asks" role="group" hidden></div>
  <span class="tools">
    <button type="button" class="words" data-part="tour_again"></button>
    <button type="button" class="words" data-part="tour_back"></button>
    <button type="button" class="words" data-part="tour_next"></button>
  </span>
</div>
<div class="said">
  <p class="sentence" data-part="sentence"></p>
  <p class="equation" data-part="equation"></p>
  <div class="formulas" data-part="formulas"></div>
</div>
<div class="bar" role="group" data-part="bar">
  ${button("start", "M6 5h2.4v14H6zM19 5v14l-9-7z")}
  ${button("up", "M12 5l7 7h-4.5v7h-5v-7H5z")}
  ${button("back", "M16 5v14l-10-7z")}
  ${button("play", "", 'class="primary"').replace("<path d=\"\"/>", '<path class="go" d="M8 5v14l11-7z"/><path class="stop" d="M7 5h3.6v14H7zM13.4 5H17v14h-3.6z"/>')}
  ${button("next", "M8 5v14l10-7z")}
  ${button("down", "M12 19l7-7h-4.5V5h-5v7H5z")}
  ${button("end", "M15.6 5H18v14h-2.4zM5 5v14l9-7z")}
  <input type="range" min="0" value="0" step="1" data-part="scrub">
  <span class="position" data-part="position"></span>
  <select data-part="speed"></select>
  <span class="tools">
    <button type="button" class="words" data-part="edit" aria-pressed="false"></button>
    <button type="button" class="words" data-part="undo"></button>
    <details class="saving" data-part="saving"><summary class="words" data-part="save"></summary><div class="box"><div class="choices" data-part="choices"></div><div class="files" data-part="files"></div></div></details>
    <details class="saving" data-part="sharing"><summary class="words" data-part="share"></summary><div class="box sharing" data-part="share_box"></div></details>
    <button type="button" class="words" data-part="present" hidden></button>
    <button type="button" class="words ask" data-part="keys" aria-pressed="false">?</button>
  </span>
  <details class="rest" data-part="rest" hidden><summary data-part="more">${icon("M5 10h4v4H5zM10 10h4v4h-4zM15 10h4v4h-4z")}</summary><div class="drawer" data-part="drawer"></div></details>
</div>
</div>
<ul class="legend" data-part="legend"></ul>
<p class="help" data-part="help" hidden></p>
<ul class="help keys" data-part="keys_list" hidden></ul>
<p class="note" data-part="note"></p>`

/** A formula in symbols and in numbers, as nodes. */
export const sides = (formula) => ["s", "n"].map((side) => formula[side].map(([text, role]) => reference(text, role)))

/** Each letter of the formulas with its name, and how they round; a symbol stays in one line with what it means. */
function named({ formulas, shapes }, symbols) {
  const letters = new Map(formulas.flatMap(({ l }) => l))
  const items = [...letters].map(([letter, role]) => [reference(`${letter} ${symbols[letter]}`, role, "firm")])
  const dropped = shapes.some((shape) => shape.r === "dropped") ? "dropped" : ""
  for (const rounding of new Set(formulas.map(({ r }) => r).filter(Boolean))) {
    const [, sign, why] = /^([^:：]+[:：]?)(.*)$/.exec(symbols[rounding])
    const first = Object.assign(document.createElement("span"), { className: "firm", textContent: sign })
    const role = rounding === "rest" ? dropped : ""
    items.push(role ? [reference(sign, role, "firm"), reference(why, role)] : [first, why])
  }
  return items.flatMap((item, n) => (n ? [" · ", ...item] : item))
}

function line(pieces, name) {
  const p = document.createElement("p")
  p.className = name
  p.append(...pieces)
  return p
}

/** What the outlines are called in the legend. */
const LINES = { frame: "window", target: "current", dropped: "dropped", winner: "winner" }

/** What stands for a value that is ringed. */
const RING = Array.from({ length: 20 }, (_, n) => [0, 1].map((turn) => (0.5 + 0.42 * Math.cos((n / 10 - turn / 2) * Math.PI)).toFixed(2)).join()).join(" ")

/** The roles, by number, of cells that always show their values as tones. */
const tonedRoles = (scene) => new Set(scene.grids.filter((g) => g.T).flatMap((g) => scene.roles.slice(g.f, g.f + g.count)))

/** The roles that are seen, in the order in which the legend names them. */
function rolesSeen({ scene, data }) {
  const toned = tonedRoles(scene)
  const names = scene.roles.map((r) => (toned.has(r) && scene.hued.includes(scene.roleNames[r]) ? "" : scene.roleNames[r]))
  const seen = new Set(names)
  for (const [line, role] of Object.entries(LINES)) if (scene.shapes.some(({ r }) => r === line)) seen.add(role)
  if (scene.compared) seen.add(scene.compared.brief ? "changed" : "differs")
  return [...seen].filter((role) => data.words.roles?.[role])
}

function legend({ scene, data }, roles) {
  const toned = tonedRoles(scene)
  return roles.map((role) => {
    const item = document.createElement("li")
    item.dataset.ref = role
    item.tabIndex = 0
    const base = Object.keys(LINES).find((line) => LINES[line] === role) ?? role
    const level = scene.scales.includes(role) ? " l-5" : toned.has(scene.roleNames.indexOf(role)) ? ` toned v-${scene.zero}` : ""
    const ticked = role === "differs" || role === "changed"
    const cell = `<polygon class="r-${ticked ? "output" : base}${level}" points="${base === "winner" ? RING : "0,0 1,0 1,1 0,1"}"/>`
    const tick = ticked ? '<path class="tick" d="M.45,.1L.9,.55"/>' : ""
    item.innerHTML = `<svg viewBox="-0.1 -0.1 1.2 1.2" aria-hidden="true">${cell}${tick}</svg>`
    item.append(data.words.roles[role])
    return item
  })
}

/** Let a button do something or not; it keeps its place, and the keyboard. */
const enable = (node, can) => node.setAttribute("aria-disabled", !can)

/** Put the words of the player's language and the formulas of its scene in place. */
export function fill(player) {
  keepFocus(player.host, () => write(player))
}

function write(player) {
  const { data, find, scene } = player
  const { words } = data
  const hand = isTouch()
  if (player.spelled?.words !== words || player.spelled.hand !== hand) spell(player)
  player.spelled = { words, hand }
  for (const name of ["accent", "ground", "ink"]) {
    player.host.style.setProperty(`--${name}`, data[name])
    find("stage").style.setProperty(`--${name}`, data.paper[name]) // the picture may have colours of its own
  }
  data.tones?.forEach((tone, n) => find("tries").style.setProperty(`--tone-${n + 1}`, tone))
  for (const part of ["start", "back", "play", "next", "end"]) enable(find(part), !player.asks.open)
  for (const part of ["up", "down"]) enable(find(part), scene.row > 1 && scene.row < scene.steps)
  find("edit").hidden = !player.editor.possible
  find("undo").hidden = !data.main || !data.lesson
  enable(find("undo"), Boolean(data.undo))
  offer(player)
  player.share.tell()
  find("note").textContent = player.asks.open ? "" : (data.note ?? "")
  player.host.dataset.sum = scene.equations.length > 0
  find("present").hidden = !player.presenter
  find("keys").hidden = !data.main
  const roles = rolesSeen(player)
  renew(player, "formulas", [scene.formulas, words.symbols, scene.shapes.some(({ r }) => r === "dropped")], () => formulas(player))
  renew(player, "legend", [roles.map((role) => words.roles[role]), [...tonedRoles(scene)]], () => legend(player, roles))
}

/** Make what a part has anew, where what it says is not what it said. */
function renew(player, part, said, made) {
  const text = JSON.stringify(said)
  const shown = (player.shownParts ??= {})
  if (shown[part] !== text) player.find(part).replaceChildren(...made())
  shown[part] = text
}

/** Put the words in place that are of the language alone. */
function spell({ data: { words }, find, stage: { svg } }) {
  const keys = { start: "Home", end: "End", back: "←", next: "→", up: "↑", down: "↓" }
  for (const [part, key] of Object.entries(keys)) {
    find(part).setAttribute("aria-label", words[part])
    find(part).title = isTouch() ? words[part] : `${words[part]} (${key})`
  }
  for (const part of ["edit", "undo"]) find(part).textContent = words[part]
  const labels = { scrub: words.scrub, speed: words.speed, more: words.more, bar: words.controls, keys: words.keyboard }
  for (const [part, label] of Object.entries(labels)) find(part).setAttribute("aria-label", label)
  find("speed").options[0].textContent = words.terms
  find("help").textContent = forHand(words.edit_help)
  find("present").textContent = words.present?.start ?? ""
  find("keys").title = words.keyboard
  find("keys_list").replaceChildren(
    ...(words.keys ?? []).map((said) => Object.assign(document.createElement("li"), { textContent: said })),
  )
  const picture = { role: "group", tabindex: 0, "aria-label": forHand(words.picture_alone) } // it is a stop of the keyboard
  for (const [name, value] of Object.entries(picture)) svg.setAttribute(name, value)
}

/** The formulas in symbols and in numbers, and what their letters mean. */
function formulas({ data, scene }) {
  const lines = scene.formulas.flatMap((formula) => {
    const [symbols, numbers] = sides(formula)
    const results = Object.assign(document.createElement("b"), { textContent: formula.x.map((step) => ` = ${step}`).join("") })
    return [line(symbols, "symbols"), line(["= ", ...numbers, results], "numbers")]
  })
  return [...lines, line(scene.formulas.length ? named(scene, data.words.symbols ?? {}) : [], "named")]
}
