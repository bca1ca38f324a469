/** Words and people: notes that are added and struck, people at risk. A note is never lost: it waits for the line. */

import { openAsk, returnWords } from "../../components/prompt-bar.js";
import { openWarn } from "../../components/warning-form.js";
import { newId, post } from "../../core/api.js";
import { Queue } from "../../core/queue.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @typedef {import("../../core/screen.js").Screen} Screen */
/**
 * @typedef {{incident: string, number: string, label: string}} Target an incident's id and number, and the note's field
 *   in words
 */

/** @type {Queue | null} */
let queue = null;
/**
 * What takes a note's words back if it is refused, by the note's id: of those that this page has sent.
 * @type {Map<string, () => void>}
 */
const givesBack = new Map();

/** The notes that wait for the line: one list for all that writes notes on a page. @param {Screen} screen */
export function notesQueue(screen) {
  queue ??= new Queue({
    name: "notes",
    onChange: () => screen.draw(),
    onDone: (item) => void givesBack.delete(item.body.id),
    onRefused: (item, problem) => {
      sayProblem(problem);
      const [, kind, incident] = /^(\w+)\/([^/]+)\//.exec(item.path) ?? [];
      if (kind !== "incidents") return;
      const back = givesBack.get(item.body.id);
      givesBack.delete(item.body.id);
      if (back) back();
      else
        returnWords(
          noteAsk(screen, {
            incident,
            number: screen.store.things.incidents.get(incident)?.number ?? "",
            label: item.label,
          }),
          item.body.text,
        );
    },
  });
  return queue;
}

/** @param {Screen} screen @param {Target} target @returns {import("../../components/prompt-bar.js").Ask} */
function noteAsk(screen, target) {
  return { title: target.label, keep: `note ${target.incident}`, accept: (text) => void addNote(screen, target, text) };
}

/** @param {Api.IncidentForm} incident @returns {Target} */
export const noteTo = (incident) => ({
  incident: incident.id,
  number: incident.number,
  label: fill(words.note_field, incident),
});

/**
 * Keep a note and send it, under one id however often it goes out. Its words are given back where it is refused.
 * @param {Screen} screen @param {Target} target @param {string} text
 * @param {() => void} [back] takes the words back; by default the note's own field does
 * @returns {Promise<{id: string, through: boolean}>} through: the server has it; else it waits for the line, or came
 *   back
 */
export async function addNote(screen, target, text, back = () => returnWords(noteAsk(screen, target), text)) {
  const waiting = notesQueue(screen);
  const body = { id: newId(), text, at: screen.stamp() };
  let refused = false;
  givesBack.set(body.id, () => {
    refused = true;
    back();
  });
  await waiting.add({ method: "POST", path: `incidents/${target.incident}/notes`, body, label: target.label });
  const waits = waiting.items.some((item) => item.body.id === body.id);
  if (waits)
    say(fill(words.note_waits, { number: target.number }), { tone: "bad", undo: () => takeNoteBack(screen, body.id) });
  return { id: body.id, through: !waits && !refused };
}

/** Take a note back, behind it by the same way: it may not be out yet. @param {Screen} screen @param {string} note */
export function takeNoteBack(screen, note) {
  return notesQueue(screen).add({
    method: "POST",
    path: `notes/${note}/strike`,
    body: { reason: words.undo },
    label: "strike",
  });
}

/** @param {Desk} desk */
export function askNote(desk) {
  const incident = desk.meant();
  if (incident && desk.writes) openAsk(noteAsk(desk.screen, noteTo(incident)));
}

/** Strike a note through, with the reason. @param {Api.NoteForm} note */
export function askStrike(note) {
  openAsk({
    title: words.strike_field,
    hint: note.text,
    keep: `strike ${note.id}`,
    accept: (reason) => post(`notes/${note.id}/strike`, { reason }),
  });
}

/**
 * People at risk of whom no answer has come: sent again in the same words, they are the same.
 * @type {Map<string, Api.PeopleIn>}
 */
const unanswered = new Map();

/** People at risk: "3 second floor". @param {Desk} desk */
export function askPeople(desk) {
  const incident = desk.meant();
  if (!incident || !desk.writes) return;
  openAsk({
    title: words.people_field,
    hint: words.people_hint,
    keep: `people ${incident.id}`,
    accept: (typed) => {
      const read = /^(\d{1,5})\s+(.+)$/.exec(typed);
      if (!read || Number(read[1]) < 1) return words.people_wrong;
      const key = `${incident.id} ${typed}`;
      const body = unanswered.get(key) ?? {
        id: newId(),
        count: Number(read[1]),
        place: read[2],
        at: desk.screen.stamp(),
      };
      unanswered.set(key, body);
      return post(`incidents/${incident.id}/people-at-risk`, body).then(() => void unanswered.delete(key));
    },
  });
}

/** What crews must know of the incident's place. @param {Desk} desk */
export function askWarn(desk) {
  const incident = desk.meant();
  if (!incident || !desk.writes) return;
  const { lat, lng, text } = incident.location;
  if (lat === null || lng === null) return say(words.warn_no_point, { tone: "bad" });
  openWarn(desk.screen, { lat, lng, text });
}

/** What has become of people at risk. @param {Api.PeopleForm} people @param {"contact" | "rescued"} what */
export function tellPeople(people, what) {
  post(`people-at-risk/${people.id}`, { [what]: true }).catch(sayProblem);
}
