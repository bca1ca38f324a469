/** Asking another agency for its part in an incident: a dispatcher, or an agency that has accepted its own. */
import { html } from "lit-html";
import { newId, post } from "../core/api.js";
import { say, sayProblem } from "../core/toast.js";
import { fill, names, words } from "../core/words.js";
import { openAsk } from "./prompt-bar.js";

/** @typedef {import("../core/store.js").Form} Form */

const STANDING = new Set(["offered", "accepted"]);
const SHOWN = 12;

/** @param {Form} incident */
export function askAgency(incident) {
  const asked = new Set(
    incident.tasks
      .filter((/** @type {Form} */ task) => STANDING.has(task.state))
      .map((/** @type {Form} */ task) => task.agency),
  );
  openAsk({
    title: fill(words.task_field, { number: incident.number }),
    options: (typed) => {
      const low = typed.toLowerCase();
      return Object.entries(names.agencies ?? {})
        .filter(([code, name]) => !asked.has(code) && `${code} ${name}`.toLowerCase().includes(low))
        .sort(
          ([one], [other]) => Number(other.toLowerCase().startsWith(low)) - Number(one.toLowerCase().startsWith(low)),
        )
        .slice(0, SHOWN)
        .map(([code, name]) => ({ value: code, label: html`<b>${code}</b>`, detail: name }));
    },
    accept: (_typed, agency) => {
      if (!agency) return words.no_agency_fits;
      void offer(incident, agency);
    },
  });
}

/** @param {Form} incident @param {string} agency */
async function offer(incident, agency) {
  try {
    const task = await post(`incidents/${incident.id}/tasks`, { id: newId(), agency });
    say(fill(words.task_offered, { agency, number: incident.number }), {
      undo: () => post(`tasks/${task.id}/withdraw`, { expected: "offered" }),
    });
  } catch (error) {
    sayProblem(error);
  }
}
