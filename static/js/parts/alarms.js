/** Alarms: who should have acted and did not. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { numberText } from "./numbers.js";
import { lengthText } from "./time.js";
import { fill, nameOf, words } from "./words.js";

/**
 * What an alarm is about, in the words of the thing itself where it is still on the board.
 * @param {import("../store.js").Form} alarm
 * @param {import("../store.js").Store} store
 */
export function aboutAlarm(alarm, store) {
  const [prefix, id] = alarm.subject.split(":", 2);
  if (prefix === "incident") return incidentWords(store.things.incidents.get(id) ?? { number: alarm.params.number });
  if (prefix === "call") {
    const number = store.things.calls.get(id)?.number;
    return number ? numberText(number) : words.number_withheld;
  }
  if (prefix === "unit") return store.things.units.get(id)?.callsign ?? alarm.params.callsign ?? "";
  for (const incident of store.things.incidents.values()) {
    const part = incident.assignments.find((/** @type {any} */ one) => one.id === id);
    if (part) return `${part.callsign} · ${incidentWords(incident)}`;
    const task = incident.tasks.find((/** @type {any} */ one) => one.id === id);
    if (task) return `${task.agency} · ${incidentWords(incident)}`;
  }
  return [alarm.params.unit ?? alarm.params.callsign, alarm.params.agency, alarm.params.number].filter(Boolean).join(" · ");
}

/** @param {import("../store.js").Form} incident */
function incidentWords(incident) {
  return incident.number ? fill(words.incident_number, { number: incident.number }) : "";
}

/**
 * @param {import("../store.js").Store} store
 * @param {number} now
 * @param {(alarm: string) => void} [acknowledge] by id, for who may
 */
export function alarmsPart(store, now, acknowledge) {
  const alarms = store.all("alarms").sort((one, other) => Number(Boolean(one.acknowledged)) - Number(Boolean(other.acknowledged)) ||
    other.level - one.level || one.opened_at.localeCompare(other.opened_at));
  if (!alarms.length) return html`<p class="empty">${words.no_alarms}</p>`;
  return html`<ul class="rows">${repeat(alarms, (alarm) => alarm.id, (alarm) => html`<li class="alarm row ${alarm.state}">
    <span><b class="level l${alarm.level}">${words.level}${alarm.level}</b></span>
    <span><b>${nameOf("rules", alarm.rule)}</b><small class="soft">${aboutAlarm(alarm, store)}${alarm.acknowledged
      ? html` · ${fill(words.acknowledged_by, alarm.acknowledged)}` : ""}</small></span>
    <span class="num ${alarm.acknowledged ? "soft" : "late"}">${lengthText(now - Date.parse(alarm.opened_at), words.days)}</span>
    ${acknowledge && !alarm.acknowledged ? html`<button @click=${() => acknowledge(alarm.id)}>${words.acknowledge}</button>` : ""}
  </li>`)}</ul>`;
}
