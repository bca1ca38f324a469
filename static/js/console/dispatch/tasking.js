/** Agencies' tasks: ask another one, answer on an agency's behalf with a reason, withdraw. */
import { html } from "lit-html";
import { newId, post } from "../../api.js";
import { openAsk } from "../../ask.js";
import { fill, nameOf, names, words } from "../../parts/words.js";
import { say, sayProblem } from "../../undo.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../store.js").Form} Form */

const ANSWERED = new Set(["offered", "accepted"]);

/** @param {Desk} desk */
export function askTask(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const busy = new Map(incident.tasks.filter((/** @type {Form} */ task) => ANSWERED.has(task.state))
    .map((/** @type {Form} */ task) => [task.agency, task.state]));
  openAsk({
    title: fill(words.task_field, incident),
    options: (typed) => {
      const low = typed.toLowerCase();
      return Object.entries(names.agencies ?? {})
        .filter(([code, name]) => !busy.has(code) && `${code} ${name}`.toLowerCase().includes(low))
        .sort(([one], [other]) => Number(other.toLowerCase().startsWith(low)) - Number(one.toLowerCase().startsWith(low)))
        .slice(0, 12)
        .map(([code, name]) => ({ value: code, label: html`<b>${code}</b>`, detail: name }));
    },
    accept: (_typed, agency) => {
      if (!agency) return words.no_agency_fits;
      offer(incident, agency);
    },
  });
}

/** @param {Form} incident @param {string} agency */
async function offer(incident, agency) {
  let task;
  try {
    task = await post(`incidents/${incident.id}/tasks`, { id: newId(), agency });
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.task_offered, { agency, number: incident.number }), { undo: () => post(`tasks/${task.id}/withdraw`, { expected: "offered" }) });
}

/**
 * Answer for an agency that said so by radio or telephone: with the reason (D9).
 * @param {Form} task @param {"accept" | "refuse" | "done"} answer
 */
export function answerTask(task, answer) {
  openAsk({
    title: fill(words.task_reason, { agency: task.agency }), hint: nameOf("agencies", task.agency), keep: `task ${task.id} ${answer}`,
    accept: (reason) => post(`tasks/${task.id}/${answer}`, { reason }),
  });
}

/** @param {Form} incident @param {Form} task */
export async function withdrawTask(incident, task) {
  try {
    await post(`tasks/${task.id}/withdraw`);
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.status_done, { callsign: task.agency, status: nameOf("tasks", "withdrawn") }), {
    undo: () => post(`incidents/${incident.id}/tasks`, { id: newId(), agency: task.agency }),
  });
}
