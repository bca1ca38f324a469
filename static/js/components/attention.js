/**
 * How much attention an incident asks for, from its next clock and its alarms. One place, so that a bar, a clock, a
 * count and a group never disagree. The levels are those of docs/decisions/0014: late and not acknowledged shines, late
 * and acknowledged is dull, three quarters of a target is a warning, everything else is quiet.
 */

import { SOON } from "../core/time.js";
import { nextClock } from "./incidents.js";

/** @typedef {import("../core/store.js").Store} Store */

/**
 * The alarms of one incident.
 * @typedef {{open: number, acknowledged: Api.AlarmForm[], reviewAt: number}} IncidentAlarms reviewAt: when the first
 *   acknowledgement ends
 */

/** @type {IncidentAlarms} */
const NONE = { open: 0, acknowledged: [], reviewAt: Infinity };

/**
 * Read once for each state of the store.
 * @type {WeakMap<Store, {seq: number | null, count: number, found: Map<string, IncidentAlarms>}>}
 */
const known = new WeakMap();

/** The id of the incident that an alarm is about, or null. @param {Api.AlarmForm} alarm */
export function incidentOf(alarm) {
  const [kind, id] = alarm.subject.split(":", 2);
  if (kind === "incident") return id;
  return typeof alarm.params.incident === "string" ? alarm.params.incident : null;
}

/** The alarms by incident id. @param {Store} store @returns {Map<string, IncidentAlarms>} */
export function alarmsByIncident(store) {
  const before = known.get(store);
  if (before && before.seq === store.seq && before.count === store.things.alarms.size) return before.found;
  /** @type {Map<string, IncidentAlarms>} */
  const found = new Map();
  for (const alarm of store.things.alarms.values()) {
    const id = incidentOf(alarm);
    if (!id) continue;
    const of = found.get(id) ?? { open: 0, acknowledged: [], reviewAt: Infinity };
    if (alarm.acknowledged) {
      of.acknowledged.push(alarm);
      if (alarm.next_at) of.reviewAt = Math.min(of.reviewAt, Date.parse(alarm.next_at));
    } else of.open += 1;
    found.set(id, of);
  }
  known.set(store, { seq: store.seq, count: store.things.alarms.size, found });
  return found;
}

/** @param {Store} store @param {string} id of an incident */
export function alarmsOf(store, id) {
  return alarmsByIncident(store).get(id) ?? NONE;
}

/**
 * The level of attention of an incident: "late" (past its target, nobody acknowledged it), "known" (past it and
 * acknowledged), "soon" (three quarters used), "ok".
 * @param {Store} store @param {Api.IncidentForm} incident @param {number} now
 * @returns {"late" | "known" | "soon" | "ok"}
 */
export function attentionOf(store, incident, now) {
  const clock = nextClock(incident);
  if (!clock) return "ok";
  if (now >= clock.target) {
    const { open, acknowledged } = alarmsOf(store, incident.id);
    return acknowledged.length && !open ? "known" : "late";
  }
  return now - clock.from >= (clock.target - clock.from) * SOON ? "soon" : "ok";
}
