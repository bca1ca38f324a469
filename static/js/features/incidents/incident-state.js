/** An incident's state: the steps that people take, closing in full sight of who is still there, merging, undo. */
import { html } from "lit-html";
import { openBar } from "../../components/choice-bar.js";
import { priorityMark } from "../../components/priority.js";
import { openAsk } from "../../components/prompt-bar.js";
import { get, post } from "../../core/api.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, isolated, nameOf, names, words } from "../../core/words.js";
import { resume } from "./sending.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** The letter of each state in the bar. @type {Record<string, string>} */
const LETTERS = {
  triaged: "T",
  controlled: "U",
  on_scene: "S",
  resolved: "R",
  closed: "C",
  cancelled: "X",
  on_hold: "H",
  reopened: "O",
};
/** What takes a step back, where the step itself has a way back. @type {Record<string, string>} */
const BACK = {
  controlled: "on_scene",
  on_scene: "controlled",
  on_hold: "triaged",
  resolved: "reopened",
  closed: "reopened",
  cancelled: "reopened",
};
const OPEN_TASKS = new Set(["offered", "accepted"]);

/** @param {Desk} desk */
export function askState(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const steps = (words[`steps.${incident.state}`] ?? "").split(" ").filter(Boolean);
  // Whoever closes means the end: the step before it is taken on the way.
  if (steps.includes("resolved") && !steps.includes("closed")) steps.splice(steps.indexOf("resolved") + 1, 0, "closed");
  if (!steps.length) return say(words.no_steps, { seconds: 3 });
  openBar({
    title: fill(words.state_bar, incident),
    hint: nameOf("incident_states", incident.state),
    choices: steps.map((state) => ({
      key: LETTERS[state] ?? state[0].toUpperCase(),
      label: nameOf("incident_states", state),
      act: () => takeStep(desk, incident, state),
      tone: state === "cancelled" ? "bad" : "",
    })),
  });
}

/** Who would be left without an incident. @param {Pick<Desk, "parts">} desk @param {Api.IncidentForm} incident */
function stillThere(desk, incident) {
  return {
    parts: desk.parts(incident).filter((part) => part.status !== "stacked"),
    tasks: incident.tasks.filter((task) => OPEN_TASKS.has(task.state)),
  };
}

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {string} state */
function takeStep(desk, incident, state) {
  if (state !== "closed" && state !== "cancelled") return step(incident, state);
  const { parts, tasks } = stillThere(desk, incident);
  const there = state === "closed" ? [...parts, ...tasks] : parts;
  const end = () => (state === "closed" ? askDisposition(desk, incident) : finish(desk, incident, state, null));
  if (!there.length) return end();
  openBar({
    title: fill(words.still_there, {
      number: incident.number,
      who: there.map((one) => ("callsign" in one ? one.callsign : one.agency)).join(", "),
    }),
    choices: [
      { key: "F", label: state === "closed" ? words.free_and_close : words.free_and_cancel, tone: "bad", act: end },
      { key: "B", label: words.only_back, act: () => {} },
    ],
  });
}

/**
 * How it ended: the bar is there at once, so that a quick digit falls into nothing else.
 * @param {Desk} desk
 * @param {Api.IncidentForm} incident
 */
function askDisposition(desk, incident) {
  const codes = Object.keys(names.incident_dispositions ?? {}).sort(
    (one, other) => Number(other === "handled") - Number(one === "handled"),
  );
  openBar({
    title: fill(words.end_bar, incident),
    choices: codes.map((code, at) => ({
      key: "123456789ABDEGHIJKLMNOPQ"[at] ?? "",
      label: nameOf("incident_dispositions", code),
      act: () => finish(desk, incident, "closed", code),
    })),
  });
}

/** Take one step, with its undo. @param {Api.IncidentForm} incident @param {string} state */
async function step(incident, state) {
  try {
    await post(`incidents/${incident.id}/state`, { state });
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.state_set, { number: incident.number, state: nameOf("incident_states", state) }), {
    undo: BACK[state]
      ? () => post(`incidents/${incident.id}/state`, { state: BACK[state], expected: state })
      : undefined,
  });
}

/**
 * Free whoever is there, withdraw what is still asked, and end it; undo reopens it and sends the same units back.
 * @param {Pick<Desk, "form" | "parts">} desk
 * @param {Api.IncidentForm} before as it stood when it was decided
 * @param {"closed" | "cancelled"} state
 * @param {string | null} disposition
 */
export async function finish(desk, before, state, disposition) {
  const incident = desk.form(before.id) ?? before;
  const { parts, tasks } = stillThere(desk, incident);
  /** @type {Api.AssignmentEntry[]} */
  const freed = [];
  try {
    for (const part of parts) {
      await post(`assignments/${part.id}/cancel`);
      freed.push(part);
    }
    if (state === "closed") {
      for (const task of tasks) await post(`tasks/${task.id}/withdraw`);
      if ((await get(`incidents/${incident.id}`)).state !== "resolved")
        await post(`incidents/${incident.id}/state`, { state: "resolved" });
    }
    await post(`incidents/${incident.id}/state`, { state, ...(disposition ? { disposition } : {}) });
  } catch (error) {
    return sayProblem(error);
  }
  const who = freed.map((part) => part.callsign).join(", ");
  const text = !who
    ? fill(words.state_set, { number: incident.number, state: nameOf("incident_states", state) })
    : fill(state === "closed" ? words.freed_closed : words.freed_cancelled, { number: incident.number, who });
  say(text, {
    undo: async () => {
      await post(`incidents/${incident.id}/reopen`, { expected: state });
      for (const part of freed) await resume(incident.id, part.callsign, part.status);
    },
  });
}

/**
 * Merge the incident that is meant into another: Enter after words or an arrow; undo takes it back.
 * @param {Desk} desk
 */
export function askMerge(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const others = desk.store.all("incidents").filter((other) => other.id !== incident.id);
  const likeness = (/** @type {Api.IncidentForm} */ other) =>
    (other.type[0] === incident.type[0] ? 0 : 2) +
    (other.location.kecamatan === incident.location.kecamatan ? 0 : 1) +
    Math.abs(Date.parse(other.created_at) - Date.parse(incident.created_at)) / 36e5;
  openAsk({
    title: fill(words.merge_field, incident),
    hint: words.merge_hint,
    options: (typed) => {
      const low = typed.replace("#", "").toLowerCase();
      return others
        .filter(
          (other) =>
            other.number.includes(low) ||
            `${other.location.text} ${nameOf("types", other.type)}`.toLowerCase().includes(low),
        )
        .sort(
          (one, other) =>
            Number(other.number.endsWith(low)) - Number(one.number.endsWith(low)) || likeness(one) - likeness(other),
        )
        .slice(0, 10)
        .map((other) => ({
          value: other,
          label: html`${priorityMark(other.priority)}<b class="num">${other.number}</b> ${nameOf("types", other.type)}`,
          detail: [isolated(other.location.text), nameOf("incident_states", other.state)].filter(Boolean).join(" · "),
        }));
    },
    accept: (_typed, into) => {
      if (!into) return words.no_incident_fits;
      merge(incident, into);
    },
  });
}

/** @param {Api.IncidentForm} incident @param {Api.IncidentForm} into */
export async function merge(incident, into) {
  try {
    await post(`incidents/${incident.id}/merge`, { into: into.id });
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.merged_now, { number: incident.number, into: into.number }), {
    undo: () => post(`incidents/${incident.id}/reopen`, { expected: "merged" }),
  });
}
