/**
 * Which forms hold something that was not sent, when a form must stay on the screen, and the forms that were parked.
 */
import { changesOf, isBlank, placeWords } from "./draft.js";
import { keptForms, keptHere } from "./draft-storage.js";

/** @typedef {import("./draft.js").Body} Body @typedef {import("./call-form-model.js").Work} Work */

const LOOK_MS = 1500;

/** Whether a form holds something that nobody but its writer has. @param {Body} body */
export function isUnsent(body) {
  if (body.words.trim() || body.theirs) return true;
  if (body.sent) return changesOf(body) !== null;
  return !body.filed && !isBlank(body);
}

/** Whether one of the form's fields has the focus. */
export function fieldFocused() {
  return (
    Boolean(document.activeElement?.closest("#call-pane")) &&
    Boolean(document.activeElement?.matches("input, textarea, select"))
  );
}

/** Whether somebody works on the open form: a field has the focus, or something is not sent yet. @param {Work} work */
export function isWorkedOn(work) {
  return fieldFocused() || work.waiting.length > 0 || isUnsent(work.body);
}

/** Whether the open form may not leave the screen by itself. @param {Work} work */
export const mustStay = (work) => work.id !== null && work.editable && isWorkedOn(work);

/** What this browser keeps of a call's form. @param {string} id @returns {Body | null} */
export const keptBody = (id) => keptHere(id)?.body ?? null;

/**
 * Whether a call still lacks its incident or filing, or its form holds something unsent.
 * @param {Work} work
 * @param {Api.CallForm} call
 */
export function isUnfinished(work, call) {
  const body = work.id === call.id ? work.body : keptBody(call.id);
  if (!call.incident && !call.disposition && !body?.sent && !body?.filed) return true;
  return body ? isUnsent(body) : false;
}

/**
 * @typedef {{id: string, title: string, at: number, body: Body}} Parked at: when it was last typed into, milliseconds
 */

/** All forms of the reader in this browser that hold something unsent. @returns {Parked[]} */
export const unsentForms = () =>
  keptForms().filter(
    ({ body }) => isUnsent(body) && (placeWords(body.place) || body.words.trim() || body.sent || body.type),
  );

/** @type {Parked[]} */
let parked = [];
let lookedAt = -Infinity;

/**
 * The forms that were left with something unsent, the oldest first: those of calls that the board no longer shows, or
 * that somebody else has by now.
 * @param {Work} work
 * @returns {Parked[]}
 */
export function parkedForms(work) {
  const now = performance.now();
  if (now - lookedAt >= LOOK_MS) {
    lookedAt = now;
    parked = unsentForms().sort((one, other) => one.at - other.at);
  }
  const { calls } = work.screen.store.things;
  const user = document.body.dataset.user;
  return parked.filter(
    ({ id }) => id !== work.id && (!calls.has(id) || (calls.get(id)?.operator?.id ?? user) !== user),
  );
}

/** Look anew with the next drawing. */
export function lookAgain() {
  lookedAt = -Infinity;
}
