/** The three groups of the board: no unit yet, being served, waiting long; their headings, counts and order. */
import { html } from "lit-html";
import { alarmsOf, attentionOf } from "../../components/attention.js";
import { assigned, inOrder, nextClock } from "../../components/incidents.js";
import { missingNeeds } from "../../components/needs.js";
import { priorityMark } from "../../components/priority.js";
import { FREE } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, names, words } from "../../core/words.js";

/** @typedef {import("../../core/store.js").Store} Store */
/** @typedef {"no_unit" | "served" | "waiting_long"} Group */

/** @type {Group[]} */
export const GROUPS = ["no_unit", "served", "waiting_long"];
const LOWEST_URGENT = 2; // P1 and P2 never wait long (docs/decisions/0014)

/** How many times its target an incident may wait before it counts as waiting long: a setting of the centre. */
const factor = () => Number(names.board?.waiting_long_factor) || 2;

/**
 * Whether an incident belongs to the incidents that wait long: P3 to P5 without a unit, past `factor` times its target,
 * acknowledged and not raised since, nothing new about it, and no free unit that fits.
 * @param {Store} store
 * @param {Api.IncidentForm} incident
 * @param {number} now
 * @param {Set<string>} free capabilities with a free unit
 */
export function waitsLong(store, incident, now, free) {
  if (incident.priority <= LOWEST_URGENT || assigned(incident).length) return false;
  const clock = nextClock(incident);
  if (!clock || now - clock.from < (clock.target - clock.from) * factor()) return false;
  const { open, acknowledged } = alarmsOf(store, incident.id);
  if (open || !acknowledged.length) return false;
  const at = Math.max(...acknowledged.map((alarm) => Date.parse(alarm.acknowledged?.at ?? "")));
  if (Date.parse(incident.changed_at) > at) return false;
  return !missingNeeds(incident).some((need) => free.has(need.capability));
}

/** The capabilities that a free unit has. @param {Store} store */
export function freeCapabilities(store) {
  const free = new Set();
  for (const unit of store.things.units.values())
    if (FREE.has(unit.status)) for (const code of unit.capabilities) free.add(code);
  return free;
}

/** @param {Store} store @param {Api.IncidentForm} incident @param {number} now @param {Set<string>} free @returns {Group} */
export function groupOf(store, incident, now, free) {
  if (assigned(incident).length || !["new", "triaged", "reopened"].includes(incident.state)) return "served";
  return waitsLong(store, incident, now, free) ? "waiting_long" : "no_unit";
}

const { compare } = new Intl.Collator("id", { numeric: true });
/** The orders that a reader may choose, by name. @type {Record<string, (one: Api.IncidentForm, other: Api.IncidentForm) => number>} */
const SORTS = {
  number: (one, other) => Number(other.number) - Number(one.number),
  what: (one, other) => compare(nameOf("types", one.type), nameOf("types", other.type)),
  where: (one, other) =>
    compare(nameOf("kecamatan", one.location.kecamatan), nameOf("kecamatan", other.location.kecamatan)) ||
    compare(one.location.text, other.location.text),
  clock: (one, other) => (nextClock(one)?.target ?? Infinity) - (nextClock(other)?.target ?? Infinity),
};

/**
 * Those of all open incidents that wait long: the line that counts them is not filtered.
 * @param {Store} store
 * @param {Api.IncidentForm[]} incidents
 * @param {number} now
 * @param {Set<string>} free
 */
export function allWaitingLong(store, incidents, now, free) {
  return incidents.filter((incident) => groupOf(store, incident, now, free) === "waiting_long");
}

/**
 * The incidents by group, each in the order asked for.
 * @param {Store} store @param {Api.IncidentForm[]} incidents @param {number} now @param {string} sort "" for the board's own order
 * @param {Set<string>} free capabilities with a free unit
 * @returns {Record<Group, Api.IncidentForm[]>}
 */
export function grouped(store, incidents, now, sort, free) {
  /** @type {Record<Group, Api.IncidentForm[]>} */
  const found = { no_unit: [], served: [], waiting_long: [] };
  for (const incident of inOrder(incidents)) found[groupOf(store, incident, now, free)].push(incident);
  const by = SORTS[sort];
  if (by) for (const group of GROUPS) found[group].sort(by);
  return found;
}

/**
 * How many of them are past their target and not acknowledged.
 * @param {Store} store
 * @param {Api.IncidentForm[]} incidents
 * @param {number} now
 */
export function lateCount(store, incidents, now) {
  return incidents.filter((incident) => attentionOf(store, incident, now) === "late").length;
}

/** How many of them are past their target, acknowledged or not. @param {Store} store @param {Api.IncidentForm[]} incidents @param {number} now */
export function pastTarget(store, incidents, now) {
  return incidents.filter((incident) => ["late", "known"].includes(attentionOf(store, incident, now))).length;
}

/** The heading row of a group. @param {Group} group @param {Api.IncidentForm[]} incidents @param {number} late */
export function heading(group, incidents, late) {
  return html`<div class="group-heading"><b>${words[`group_${group}`]}</b> <b class="num">${incidents.length}</b>
    <span class="mute">${words[`group_${group}_hint`]}</span><span class="grow"></span>${
      late ? html`<span class="mute num">${fill(words.group_late, { count: late })}</span>` : ""
    }</div>`;
}

/** Counts by priority, as marks with digits. @param {Api.IncidentForm[]} incidents */
export function priorityCounts(incidents) {
  return [1, 2, 3, 4, 5].map((priority) => {
    const count = incidents.filter((incident) => incident.priority === priority).length;
    return count ? html`<span class="count">${priorityMark(priority)} <b class="num">${count}</b></span>` : "";
  });
}

/**
 * The line of the incidents that wait long: always in view, whatever is scrolled or filtered.
 * @param {Store} store @param {Api.IncidentForm[]} waiting @param {number} now @param {boolean} open whether its rows are shown
 * @param {(moment: number) => string} timeText
 */
export function waitingLine(store, waiting, now, open, timeText) {
  const oldest = Math.min(...waiting.map((incident) => Date.parse(incident.created_at)));
  const review = Math.min(...waiting.map((incident) => alarmsOf(store, incident.id).reviewAt));
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const incident of waiting) {
    const reason = alarmsOf(store, incident.id).acknowledged[0]?.acknowledged?.reason;
    if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const parts = [...reasons]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([reason, count]) => `${nameOf("alarm_reasons", reason)} ${count}`);
  return html`<b>${words.group_waiting_long} <span class="num">${waiting.length}</span></b> <span class="counts-line">${priorityCounts(waiting)}</span>
    <span class="soft">${parts.length ? `${words.waiting_acknowledged}: ${parts.join(" · ")}` : ""}</span><span class="grow"></span>
    <span class="soft num">${fill(words.waiting_oldest, { age: lengthText(now - oldest, words.days) })}${
      Number.isFinite(review) ? ` · ${fill(words.waiting_review, { time: timeText(review) })}` : ""
    }</span> <kbd>${open ? "←" : "→"}</kbd>`;
}
