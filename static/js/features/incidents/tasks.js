/** Agencies' tasks: ask another one, answer on an agency's behalf with a reason, withdraw. */

import { askAgency } from "../../components/agency-prompt.js";
import { openBar } from "../../components/choice-bar.js";
import { openAsk } from "../../components/prompt-bar.js";
import { newId, post } from "../../core/api.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk */
export function askTask(desk) {
  const incident = desk.meant();
  if (incident && desk.dispatches) askAgency(incident);
}

/**
 * What can be done with an agency's task: the bar names the agency and the incident.
 * @param {Api.IncidentForm} incident @param {Api.TaskEntry} task
 */
export function askAnswer(incident, task) {
  const offered = task.state === "offered";
  const standing = offered || task.state === "accepted";
  openBar({
    title: fill(words.task_bar, { agency: task.agency, number: incident.number }),
    hint: `${nameOf("agencies", task.agency)}: ${nameOf("tasks", task.state)}`,
    choices: [
      ...(offered
        ? [
            { key: "A", label: words.accept_for, act: () => answerTask(task, "accept") },
            { key: "R", label: words.refuse_for, act: () => answerTask(task, "refuse") },
          ]
        : []),
      ...(task.state === "accepted" ? [{ key: "D", label: words.done_for, act: () => answerTask(task, "done") }] : []),
      ...(standing
        ? [
            {
              key: "W",
              label: words.withdraw,
              tone: /** @type {const} */ ("bad"),
              act: () => withdrawTask(incident, task),
            },
          ]
        : []),
      ...(standing ? [] : [{ key: "O", label: words.offer_again, act: () => offerAgain(incident, task) }]),
    ],
  });
}

/** Offer a refused task to the same agency once more. @param {Api.IncidentForm} incident @param {Api.TaskEntry} task */
async function offerAgain(incident, task) {
  try {
    await post(`incidents/${incident.id}/tasks`, { id: newId(), agency: task.agency });
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.task_offered, { agency: task.agency, number: incident.number }), { seconds: 3 });
}

/**
 * Answer for an agency that said so by radio or telephone: with the reason, of an acceptance who answered.
 * @param {Api.TaskEntry} task @param {"accept" | "refuse" | "done"} answer
 */
export function answerTask(task, answer) {
  openAsk({
    title: fill(answer === "accept" ? words.task_answered : words.task_reason, { agency: task.agency }),
    hint: nameOf("agencies", task.agency),
    keep: `task ${task.id} ${answer}`,
    accept: (reason) => post(`tasks/${task.id}/${answer}`, { reason }),
  });
}

/** @param {Api.IncidentForm} incident @param {Api.TaskEntry} task */
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
