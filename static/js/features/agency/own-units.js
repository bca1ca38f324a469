/** The agency's own units for the selected task: minutes, which are recommended, which are ticked, their digits. */
import { get, Problem } from "../../core/api.js";
import { table } from "../field/page-data.js";
import { metresBetween } from "../field/position.js";

/**
 * @typedef {{unit: Api.UnitForm, digit: string, ticked: boolean, free: boolean, sendable: boolean, minutes: number | null,
 *   guess: boolean, why: string}} OwnUnit sendable: it can be ticked. digit: the key that does it, "" for none. guess:
 *   minutes in a straight line, not by a way.
 */

const SETTLE_MS = 250;
const DIGITS = "123456789";
const { compare } = new Intl.Collator("id", { numeric: true });

/** @param {string} status */
const free = (status) => table.free.includes(status);

export class OwnUnits {
  /** @param {import("../../core/screen.js").Screen} screen @param {() => Api.UnitForm[]} units of the agency */
  constructor(screen, units) {
    this.screen = screen;
    this.units = units;
    /** @type {string | null} */
    this.incident = null;
    /** What the server recommends of the agency's own units; null while it is asked. @type {Api.Recommendation | null} */
    this.recommended = null;
    /**
     * Ids in the order shown: it stays while a task is selected, so that no digit changes its unit.
     * @type {string[]}
     */
    this.order = [];
    /** Ids that are ticked; null while nobody has changed the recommended ones. @type {Set<string> | null} */
    this.hand = null;
    this.timer = 0;
    screen.onChange((subject) => {
      if (subject === `incident:${this.incident}`) this.soon();
    });
  }

  /**
   * Another task is selected, or none.
   * @param {Api.IncidentForm | null} incident
   * @param {boolean} sends whether units may be sent to it
   */
  of(incident, sends) {
    const id = sends && incident ? incident.id : null;
    if (id === this.incident) return;
    this.incident = id;
    this.recommended = null;
    this.order = [];
    this.hand = null;
    clearTimeout(this.timer);
    if (id) this.soon(0);
  }

  soon(wait = SETTLE_MS) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), wait);
  }

  async ask() {
    const id = this.incident;
    if (!id) return;
    /** @type {Api.Recommendation} */
    let answer = { needs: [], picks: [], passed_over: [], shortfall: [] };
    try {
      answer = await get(`incidents/${id}/recommendation`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // units are sent by hand then
    }
    if (id !== this.incident) return;
    this.recommended = answer;
    this.screen.draw();
  }

  /** The capabilities and counts that are still wanted. @returns {{capability: string, count: number}[]} */
  get wanted() {
    const able = new Set(this.units().flatMap((unit) => unit.capabilities));
    return (this.recommended?.needs ?? [])
      .filter((need) => (need.agency ? need.agency === table.agency : able.has(need.capability)))
      .map((need) => ({ capability: need.capability, count: need.count - need.assigned }))
      .filter((/** @type {{count: number}} */ need) => need.count > 0);
  }

  /** @param {Api.UnitForm} unit @param {Api.IncidentForm} incident @returns {{minutes: number | null, guess: boolean}} */
  wayOf(unit, incident) {
    const pick = this.recommended?.picks.find((one) => one.unit === unit.id);
    if (pick?.travel_seconds) return { minutes: Math.max(1, Math.round(pick.travel_seconds / 60)), guess: false };
    const place = this.screen.store.positions.get(unit.callsign);
    const { lat, lng } = incident.location;
    if (!place || lat === null || lng === null || !table.straight_metres_per_second)
      return { minutes: null, guess: true };
    const metres = metresBetween({ lat: place[1], lng: place[2] }, { lat, lng });
    return { minutes: Math.max(1, Math.round(metres / table.straight_metres_per_second / 60)), guess: true };
  }

  /** Those that Enter would send, in the order shown. @param {OwnUnit[]} rows */
  static ticked(rows) {
    return rows.filter((row) => row.ticked).map((row) => row.unit);
  }

  /**
   * The agency's units as they stand for a task; without one in the order of their callsigns.
   * @param {Api.IncidentForm | null} incident @returns {OwnUnit[]}
   */
  rows(incident) {
    const units = [...this.units()].sort((one, other) => compare(one.callsign, other.callsign));
    if (!incident || incident.id !== this.incident || !this.recommended) {
      return units.map((unit) => ({
        unit,
        digit: "",
        ticked: false,
        free: free(unit.status),
        sendable: false,
        minutes: null,
        guess: false,
        why: "",
      }));
    }
    const picked = new Set(this.recommended.picks.map((pick) => pick.unit));
    const passed = new Map(this.recommended.passed_over.map((one) => [one.unit, one.reasons.join(", ")]));
    const rows = units.map((unit) => ({ unit, ...this.wayOf(unit, incident) }));
    if (!this.order.length) {
      const rank = (/** @type {{unit: Api.UnitForm}} */ { unit }) =>
        picked.has(unit.id) ? 0 : free(unit.status) ? 1 : 2;
      this.order = rows
        .sort(
          (one, other) =>
            rank(one) - rank(other) ||
            (one.minutes ?? Infinity) - (other.minutes ?? Infinity) ||
            compare(one.unit.callsign, other.unit.callsign),
        )
        .map(({ unit }) => unit.id);
    }
    for (const { unit } of rows) if (!this.order.includes(unit.id)) this.order.push(unit.id);
    const byId = new Map(rows.map((row) => [row.unit.id, row]));
    return this.order
      .filter((id) => byId.has(id))
      .map((id, at) => {
        const { unit, minutes, guess } = /** @type {{unit: Api.UnitForm, minutes: number | null, guess: boolean}} */ (
          byId.get(id)
        );
        const sendable = free(unit.status);
        return {
          unit,
          minutes,
          guess,
          sendable,
          free: sendable,
          digit: sendable ? (DIGITS[at] ?? "") : "",
          ticked: sendable && (this.hand ?? picked).has(id),
          why: passed.get(id) ?? "",
        };
      });
  }

  /** Tick or untick. @param {Api.IncidentForm} incident @param {string} id @returns {boolean} whether it can be sent */
  toggle(incident, id) {
    const rows = this.rows(incident);
    if (!rows.find((row) => row.unit.id === id && row.sendable)) return false;
    this.hand = new Set(rows.filter((row) => row.ticked).map((row) => row.unit.id));
    if (!this.hand.delete(id)) this.hand.add(id);
    this.screen.draw();
    return true;
  }

  /** What was sent is no longer ticked; what is recommended next is ticked anew. */
  sent() {
    this.hand = null;
    if (this.recommended) this.recommended = { ...this.recommended, picks: [] };
    this.soon();
  }
}
