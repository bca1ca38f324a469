/** What a number called for before, and how a call was filed. */
import { get, Problem } from "../../core/api.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @param {Api.CallForm} call */
export const stateText = (call) => (call.state === "answered" ? words.in_talk : nameOf("call_states", call.state));

/** What a number called for before, by call. @type {Map<string, string>} */
const pasts = new Map();

/** Ask once how the earlier calls of a number were filed. @param {Api.CallForm} call @param {() => void} draw */
export async function lookUp(call, draw) {
  if (pasts.has(call.id)) return;
  pasts.set(call.id, "");
  try {
    const { history } = await get(`calls/${call.id}/context`);
    pasts.set(call.id, pastText(history));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.passing) pasts.delete(call.id);
  }
  draw();
}

/** How a call was filed, or how it stands. @param {Api.CallForm} call */
export const filedText = (call) =>
  call.disposition
    ? nameOf("dispositions", call.disposition)
    : call.state === "closed"
      ? words.not_filed
      : stateText(call);

/** "2 x Prank, 1 x Silent". @param {Api.CallForm[]} history */
export function pastText(history) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const call of history) {
    const what = filedText(call);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts]
    .sort((one, other) => other[1] - one[1])
    .slice(0, 3)
    .map(([what, count]) => `${count} × ${what}`)
    .join(", ");
}

/** How often the number called before, and how those calls were filed. @param {Api.CallForm} call */
export function pastOf(call) {
  const past = call.calls_before
    ? fill(words.calls_before, { count: call.calls_before })
    : call.number
      ? words.first_call
      : "";
  return { past, known: pasts.get(call.id) ?? "" };
}
