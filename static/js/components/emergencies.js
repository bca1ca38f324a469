/** Crew emergencies as the board's items say them: a unit's flag, the alarm of rule 9, or both. */
import { names } from "../core/words.js";

/** @typedef {import("../core/store.js").Store} Store */

/** The rule that a crew's emergency raises. */
export const EMERGENCY_RULE = 9;

/**
 * unit, alarm, incident, position: null where this page has none. since: when it was pressed, milliseconds.
 * withdrawn: when the crew took it back. quiet: its sound was stopped at this desk.
 * @typedef {{id: string, callsign: string, unit: Api.UnitForm | null, alarm: Api.AlarmForm | null, incident: Api.IncidentForm | null,
 *   position: import("../core/store.js").Position | null, since: number, withdrawn: string | null, quiet: boolean}}
 *   Emergency
 */

/** Whether the reader may acknowledge alarms of a rule. @param {number | string} rule */
export const acknowledges = (rule) => String(rule) in (names.acknowledges ?? {});

/**
 * Whether an emergency makes no sound here. A reader who may not acknowledge it hears it until anybody has.
 * @param {Api.AlarmForm | null} alarm
 */
function quietHere(alarm) {
  if (!alarm) return true; // a page without alarms shows it, and has no sound
  const silenced = alarm.silenced ?? [];
  if (!acknowledges(EMERGENCY_RULE)) return silenced.length > 0;
  const { user, desk } = document.body.dataset;
  return silenced.some((one) => one.user === user && (one.desk ?? "") === (desk ?? ""));
}

/**
 * All that stand, the oldest first.
 * @param {Store} store
 * @returns {Emergency[]}
 */
export function emergenciesOf(store) {
  /** @type {Map<string, Api.AlarmForm>} */
  const alarms = new Map();
  for (const alarm of store.things.alarms.values()) {
    if (alarm.rule === EMERGENCY_RULE) alarms.set(alarm.subject.slice("unit:".length), alarm);
  }
  const ids = new Set(alarms.keys());
  for (const unit of store.things.units.values()) if (unit.flags.emergency) ids.add(unit.id);
  return [...ids]
    .map((id) => {
      const unit = store.things.units.get(id) ?? null;
      const alarm = alarms.get(id) ?? null;
      const callsign = unit?.callsign ?? alarm?.params.callsign ?? "";
      return {
        id,
        callsign,
        unit,
        alarm,
        incident: store.things.incidents.get(unit?.incident?.id ?? "") ?? null,
        position: store.positions.get(callsign) ?? null,
        since: Date.parse(unit?.flags.emergency ?? alarm?.base_at ?? ""),
        withdrawn: unit?.flags.emergency_withdrawn ?? null,
        quiet: quietHere(alarm),
      };
    })
    .sort((one, other) => one.since - other.since || one.callsign.localeCompare(other.callsign));
}
