/**
 * Asking another agency for its part in an incident: a dispatcher, or an agency that has accepted its own. From the alarm
 * of a task that nobody accepts, an agency with the same capability is asked in addition: the first offer stays.
 */
import { html } from "lit-html";
import { newId, post } from "../core/api.js";
import { say, sayProblem } from "../core/toast.js";
import { fill, names, words } from "../core/words.js";
import { openAsk } from "./prompt-bar.js";

const STANDING = new Set(["offered", "accepted"]);
const SHOWN = 12;

/** @param {Api.IncidentForm} incident */
export function askAgency(incident) {
  const asked = new Set(incident.tasks.filter((task) => STANDING.has(task.state)).map((task) => task.agency));
  openChoice(
    fill(words.task_field, { number: incident.number }),
    (code) => !asked.has(code),
    (agency) => offer(incident.id, agency, fill(words.task_offered, { agency, number: incident.number })),
  );
}

/**
 * The agencies that can be asked in addition, as the alarm of an unanswered task names them, without those asked since.
 * @param {Api.AlarmForm} alarm @param {Api.IncidentForm | null} incident @returns {string[]}
 */
export function furtherAgencies(alarm, incident) {
  if (!names.rights?.offer_task) return [];
  const asked = new Set(
    (incident?.tasks ?? []).filter((task) => task.state !== "withdrawn").map((task) => task.agency),
  );
  return (alarm.params.others ?? []).filter((/** @type {string} */ code) => !asked.has(code));
}

/** Ask one of them: the only one at once, of several the chosen one. @param {Api.AlarmForm} alarm @param {string[]} agencies */
export function askFurther(alarm, agencies) {
  const { number, agency: first } = alarm.params;
  const ask = (/** @type {string} */ agency) =>
    offer(alarm.incident ?? "", agency, fill(words.asked_further, { agency, number, first }));
  if (agencies.length === 1) return ask(agencies[0]);
  openChoice(fill(words.ask_further_which, { number, first }), (code) => agencies.includes(code), ask);
}

/**
 * @param {string} title
 * @param {(code: string) => boolean} offered
 * @param {(agency: string) => Promise<void>} ask
 */
function openChoice(title, offered, ask) {
  openAsk({
    title,
    options: (typed) => {
      const low = typed.toLowerCase();
      return Object.entries(names.agencies ?? {})
        .filter(([code, name]) => offered(code) && `${code} ${name}`.toLowerCase().includes(low))
        .sort(
          ([one], [other]) => Number(other.toLowerCase().startsWith(low)) - Number(one.toLowerCase().startsWith(low)),
        )
        .slice(0, SHOWN)
        .map(([code, name]) => ({ value: code, label: html`<b>${code}</b>`, detail: name }));
    },
    accept: (_typed, agency) => {
      if (!agency) return words.no_agency_fits;
      void ask(agency);
    },
  });
}

/** @param {string} incident @param {string} agency @param {string} done what is shown then */
async function offer(incident, agency, done) {
  try {
    const task = await post(`incidents/${incident}/tasks`, { id: newId(), agency });
    say(done, { undo: () => post(`tasks/${task.id}/withdraw`, { expected: "offered" }) });
  } catch (error) {
    sayProblem(error);
  }
}
