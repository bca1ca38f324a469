/** What shows that a call waits while the page is not looked at: its title, its icon, a note on the desktop. */

import { waitingCalls } from "../../components/calls.js";
import { lengthText } from "../../core/time.js";
import { words } from "../../core/words.js";
import { ringsHere } from "./call-control.js";
import { isReady } from "./ringing.js";

const title = document.title;
const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"));
const plain = icon?.href ?? "";
let shownCount = 0;
/** The calls that a note was shown for. @type {Set<string>} */
const noted = new Set();

/** The page's icon with a count on it. @param {number} count */
function countedIcon(count) {
  const text = count > 9 ? "9+" : String(count);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#f1f5f9"/>` +
    `<text x="16" y="24" font-family="sans-serif" font-size="${text.length > 1 ? 20 : 25}" font-weight="700" text-anchor="middle" fill="#0b0f14">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/**
 * @param {import("../../core/screen.js").Screen} screen
 * @param {number} now
 * @param {Api.OperatorForm | null} me the reader as an operator
 */
export function drawSigns(screen, now, me) {
  const waiting = waitingCalls(screen.store.all("calls"));
  const [first] = waiting;
  const text = first
    ? `(${waiting.length}) ${words.ringing} ${lengthText(now - Date.parse(first.started_at), words.days)} · ${title}`
    : title;
  if (document.title !== text) document.title = text;
  if (icon && waiting.length !== shownCount) {
    shownCount = waiting.length;
    icon.href = shownCount ? countedIcon(shownCount) : plain;
  }
  for (const call of waiting) {
    if (noted.has(call.id)) continue;
    noted.add(call.id);
    if (document.hidden && isReady(me) && ringsHere(call, me)) note();
  }
  for (const id of noted) if (!screen.store.things.calls.has(id)) noted.delete(id);
}

/** A note on the desktop says that a call rings, and nothing of the call. */
function note() {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(words.ring_note_title, { body: words.ring_note_text, tag: "sigap-ring", icon: plain });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}

/** Whether the browser may still be asked to show notes. */
export const mayAskToNote = () => "Notification" in window && Notification.permission === "default";

/** Ask the browser, once, whether notes may be shown; being ready does not depend on the answer. */
export async function askToNote() {
  if (mayAskToNote()) await Notification.requestPermission().catch(() => {});
}

/** How notes stand, in words. */
export function noteState() {
  if (!("Notification" in window)) return words.notes_never;
  return Notification.permission === "granted"
    ? words.notes_on
    : Notification.permission === "denied"
      ? words.notes_never
      : words.notes_ask;
}
