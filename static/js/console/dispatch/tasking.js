/** Agencies' tasks: ask another one, answer on an agency's behalf with a reason, withdraw. */
import { newId, post } from "../../api.js";
import { openAsk } from "../../ask.js";
import { askAgency } from "../../parts/asking.js";
import { fill, nameOf, words } from "../../parts/words.js";
import { say, sayProblem } from "../../undo.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../store.js").Form} Form */

/** @param {Desk} desk */
export function askTask(desk) {
  const incident = desk.meant();
  if (incident && desk.dispatches) askAgency(incident);
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
