/** Alarms in groups: one of each crew's emergency, one of each incident, one of each rule that has no incident. */
import { acknowledges, EMERGENCY_RULE, emergenciesOf } from "../../components/emergencies.js";

/** @typedef {import("../../core/store.js").Store} Store */

/** P1 without a unit: acknowledged alone, never with its group. */
const P1_ALONE = 2;

/**
 * key: "unit:ID", "incident:ID" or "rule:N". alarms: the worst first. level: of the worst. open: those that nobody has
 * acknowledged.
 * @typedef {{key: string, kind: "emergency" | "incident" | "rule", incident: Api.IncidentForm | null, number: string,
 *   emergency: import("../../components/emergencies.js").Emergency | null, alarms: Api.AlarmForm[], worst: Api.AlarmForm, open: Api.AlarmForm[],
 *   priority: number, now: boolean}} Group
 */

/**
 * The groups as worked out last, and of what.
 * @type {WeakMap<Store, {of: string, alarms: Map<string, Api.AlarmForm>, groups: Group[]}>}
 */
const known = new WeakMap();

/**
 * The groups, the most pressing first.
 * @param {Store} store
 * @returns {Group[]}
 */
export function alarmGroups(store) {
  const of = `${store.seq} ${store.things.alarms.size} ${store.things.units.size}`;
  const before = known.get(store);
  if (before?.of === of && before.alarms === store.things.alarms) return before.groups;
  const groups = worked(store);
  known.set(store, { of, alarms: store.things.alarms, groups });
  return groups;
}

/** @param {Store} store */
function worked(store) {
  /** @type {Map<string, Api.AlarmForm[]>} */
  const found = new Map();
  for (const alarm of store.things.alarms.values()) {
    if (alarm.rule === EMERGENCY_RULE) continue;
    const key = alarm.incident ? `incident:${alarm.incident}` : `rule:${alarm.rule}`;
    const group = found.get(key);
    if (group) group.push(alarm);
    else found.set(key, [alarm]);
  }
  /** @type {Group[]} */
  const groups = emergenciesOf(store)
    .filter((one) => one.alarm)
    .map((emergency) => {
      const alarm = /** @type {Api.AlarmForm} */ (emergency.alarm);
      return {
        key: `unit:${emergency.id}`,
        kind: "emergency",
        incident: emergency.incident,
        number: emergency.unit?.incident?.number ?? "",
        emergency,
        alarms: [alarm],
        worst: alarm,
        open: emergency.quiet ? [] : [alarm],
        priority: 1,
        now: true,
      };
    });
  for (const [key, alarms] of found) {
    alarms.sort(worse);
    const [kind, id] = key.split(":", 2);
    const incident = kind === "incident" ? (store.things.incidents.get(id) ?? null) : null;
    groups.push({
      key,
      kind: kind === "incident" ? "incident" : "rule",
      incident,
      number: incident?.number ?? alarms[0].params.number ?? "",
      emergency: null,
      alarms,
      worst: alarms[0],
      open: alarms.filter((alarm) => !alarm.acknowledged),
      priority: incident?.priority ?? Math.min(...alarms.map((alarm) => alarm.params.priority ?? 9)),
      now: Boolean(incident?.now),
    });
  }
  return groups.sort(order);
}

/**
 * P1 without a unit, then what is not acknowledged, the higher level, the older.
 * @param {Api.AlarmForm} one
 * @param {Api.AlarmForm} other
 */
function worse(one, other) {
  return (
    Number(other.rule === P1_ALONE) - Number(one.rule === P1_ALONE) ||
    Number(Boolean(one.acknowledged)) - Number(Boolean(other.acknowledged)) ||
    other.level - one.level ||
    one.base_at.localeCompare(other.base_at)
  );
}

/** Crew emergency, P1 without a unit, other P1, the rest. @param {Group} group */
function rank(group) {
  if (group.kind === "emergency") return 0;
  if (group.alarms.some((alarm) => alarm.rule === P1_ALONE)) return 1;
  return group.kind === "incident" && group.priority === 1 ? 2 : 3;
}

/** Inside a rank: now cases, what is not acknowledged, level, age. @param {Group} one @param {Group} other */
function order(one, other) {
  return (
    rank(one) - rank(other) ||
    Number(other.now) - Number(one.now) ||
    Number(!one.open.length) - Number(!other.open.length) ||
    other.worst.level - one.worst.level ||
    one.worst.base_at.localeCompare(other.worst.base_at) ||
    one.key.localeCompare(other.key)
  );
}

/**
 * What a digit acknowledges in a group now: all but P1 without a unit, which is next once it is alone.
 * @param {Group} group
 * @returns {Api.AlarmForm[]}
 */
export function covered(group) {
  const open = group.open.filter((alarm) => acknowledges(alarm.rule));
  const together = open.filter((alarm) => alarm.rule !== P1_ALONE);
  return together.length ? together : open;
}

/** How many incidents have alarms, and how many groups have none. @param {Group[]} groups */
export function countOf(groups) {
  const keys = groups.map((group) =>
    group.kind === "incident"
      ? group.key
      : group.emergency?.unit?.incident
        ? `incident:${group.emergency.unit.incident.id}`
        : "",
  );
  return {
    incidents: new Set(keys.filter(Boolean)).size,
    others: keys.filter((key) => !key).length,
    alarms: groups.reduce((sum, group) => sum + group.alarms.length, 0),
  };
}
