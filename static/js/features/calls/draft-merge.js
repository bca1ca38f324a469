/**
 * What another desk typed into the same call: it stands beside one's own words, and one key takes it in. Nothing is
 * lost.
 */
import { html, nothing } from "lit-html";
import { comboFor } from "../../core/keys.js";
import { fill, nameOf, words } from "../../core/words.js";
import { placeWords } from "./draft.js";

/** @typedef {import("./draft.js").Body} Body @typedef {import("./call-form-model.js").Work} Work */

/** A line in which the one text holds the other, however each is spaced. @param {string} whole @param {string} part */
const holds = (whole, part) =>
  whole.toLowerCase().split(/\s+/).join(" ").includes(part.toLowerCase().split(/\s+/).join(" ").trim());

/** The type as somebody chose or typed it. @param {Body} body @returns {string} */
const typeWords = ({ type, typeText }) => (type ? `${type} ${nameOf("types", type)}` : (typeText ?? ""));

/**
 * What another desk wrote fills what is blank here; where both have something else, the other draft is kept beside it.
 * @param {Body} body is changed
 * @param {{body: Partial<Body> | null, by: string | null, desk: string | null}} draft as the server keeps it
 */
export function join(body, draft) {
  const other = draft.body;
  if (!other) return;
  const blank = { place: !body.place.text, type: !body.type && !body.typeText, words: !body.words };
  if (blank.place && other.place?.text) body.place = other.place;
  if (blank.type && (other.type || other.typeText))
    Object.assign(body, { type: other.type ?? null, typeText: other.typeText ?? "" });
  if (blank.words && other.words) body.words = other.words;
  if (!body.sent && other.incident) body.incident = other.incident;
  const known = new Set(body.lines.map((line) => line.id));
  for (const line of other.lines ?? []) if (!known.has(line.id)) body.lines.push(line);

  const full = { ...body, ...other };
  const mine = [placeWords(body.place), typeWords(body), body.words, ...body.lines.map((line) => line.text)];
  const added = [placeWords(full.place), typeWords(full), full.words].filter(
    (text) => text.trim() && !mine.some((own) => holds(own, text)),
  );
  const before = body.theirs;
  // What is shown already goes only where their newer words hold it too.
  const older = before
    ? before.said.filter(
        (text) => ![...added, ...mine].some((now) => holds(now, text)) && !added.some((now) => holds(text, now)),
      )
    : [];
  const all = [...older, ...added];
  body.theirs = all.length ? { said: all, by: draft.by, desk: draft.desk } : null;
}

/** Their words go behind one's own, or in their place where they hold these. @param {Work} work */
export function takeIn(work) {
  const { theirs, words: own } = work.body;
  if (!theirs || !work.mine) return false;
  const all = theirs.said.reduce((mine, text) => (holds(text, mine) ? text : `${mine} · ${text}`), own.trim());
  work.change({ words: all, theirs: null });
  requestAnimationFrame(() => document.getElementById("said")?.focus());
}

/** @param {Work} work */
export function otherDraftPart(work) {
  const { theirs } = work.body;
  if (!theirs) return nothing;
  const by = theirs.by ?? words.unknown;
  return html`<p class="theirs" id="theirs" role="status"><b>${theirs.desk ? fill(words.draft_theirs, { by, desk: theirs.desk }) : fill(words.draft_theirs_no_desk, { by })}</b>
    <span tabindex="0">${theirs.said.join(" · ")}</span>
    <button type="button" @click=${() => takeIn(work)}>${words.draft_take} <kbd>${comboFor("theirs")}</kbd></button>
    <button type="button" class="quiet" @click=${() => work.change({ theirs: null })}>${words.draft_leave}</button></p>`;
}
