/** Words and people: notes that are added and struck, people at risk. A note is never lost: it waits for the line. */
import { newId, post } from "../../api.js";
import { openAsk } from "../../ask.js";
import { fill, words } from "../../parts/words.js";
import { Queue } from "../../queue.js";
import { say, sayProblem } from "../../undo.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../store.js").Form} Form */

/** @type {Queue | null} */
let queue = null;

/** The notes that wait for the line. @param {Desk} desk */
export function notesQueue(desk) {
  queue ??= new Queue({
    name: "notes", onChange: () => desk.screen.draw(), onRefused: (_errand, problem) => sayProblem(problem),
  });
  return queue;
}

/** Keep a note and send it. @param {Desk} desk @param {Form} incident @param {string} text */
export function addNote(desk, incident, text) {
  notesQueue(desk).add({
    method: "POST", path: `incidents/${incident.id}/notes`, body: { id: newId(), text, at: desk.screen.stamp() },
    label: fill(words.note_field, incident),
  }).then(() => {
    if (notesQueue(desk).errands.length) say(words.note_waits, { tone: "bad" });
  });
}

/** @param {Desk} desk */
export function askNote(desk) {
  const incident = desk.meant();
  if (!incident || !desk.writes) return;
  openAsk({
    title: fill(words.note_field, incident), keep: `note ${incident.id}`,
    accept: (text) => addNote(desk, incident, text),
  });
}

/** Strike a note through, with the reason. @param {Form} note */
export function askStrike(note) {
  openAsk({
    title: words.strike_field, hint: note.text, keep: `strike ${note.id}`,
    accept: (reason) => void post(`notes/${note.id}/strike`, { reason }).catch(sayProblem),
  });
}

/** People at risk: "3 second floor". @param {Desk} desk */
export function askPeople(desk) {
  const incident = desk.meant();
  if (!incident || !desk.writes) return;
  openAsk({
    title: words.people_field, hint: words.people_hint, keep: `people ${incident.id}`,
    accept: (typed) => {
      const read = /^(\d{1,5})\s+(.+)$/.exec(typed);
      if (!read || Number(read[1]) < 1) return words.people_wrong;
      const body = { id: newId(), count: Number(read[1]), place: read[2], at: desk.screen.stamp() };
      post(`incidents/${incident.id}/people-at-risk`, body).catch(sayProblem);
    },
  });
}

/** What has become of people at risk. @param {Form} people @param {"contact" | "rescued"} what */
export function tellPeople(people, what) {
  post(`people-at-risk/${people.id}`, { [what]: true }).catch(sayProblem);
}
