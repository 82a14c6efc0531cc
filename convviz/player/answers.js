// What has been answered in the open page. It is kept here alone: not in the browser's storage, and in no link. The page's
// components are scripts of their own, and share it.
const KEPT = (globalThis[Symbol.for("convviz.answers")] ??= new Map())
const CHANGED = "convviz:answers"
const SECRET = Symbol.for("convviz.secret")

const key = (lesson, beat) => `${lesson}/${beat}`

/** The answer to a beat's question, {given}: a text, cells, or null where the answer was shown; undefined where there is none. */
export const answerOf = (lesson, beat) => KEPT.get(key(lesson, beat))

/** Keep an answer, or, where it is undefined, none any more. */
export function keepAnswer(lesson, beat, answer) {
  if (answer === undefined) KEPT.delete(key(lesson, beat))
  else KEPT.set(key(lesson, beat), answer)
  document.dispatchEvent(new CustomEvent(CHANGED))
}

/** The number that an open question asks for, as text; "" where none is open. No other part of the page says it meanwhile. */
export const secret = () => KEPT.get(SECRET) ?? ""

/** Say which number that is now. */
export function keepSecret(text) {
  if (text === secret()) return
  KEPT.set(SECRET, text)
  document.dispatchEvent(new CustomEvent(CHANGED))
}

/** Be told whenever an answer, or the secret, has come or gone. */
export function whenAnswered(act, signal) {
  document.addEventListener(CHANGED, act, { signal })
}
