/** The dispatcher's desk: who sits here, which incident is meant, and what was fetched about it beside its form. */

import { ENDED } from "../../components/incidents.js";
import { selection } from "../../components/selection.js";
import { FREE } from "../../components/units.js";
import { get, Problem } from "../../core/api.js";
import { SecondPress, WAIT_MS } from "../../core/second-press.js";

const SETTLE_MS = 250;

/**
 * @typedef {{id: string, details: Api.IncidentDetails | null, wrong: Problem | null, timeline: Api.TimelineItem[], timelineAt: string | null,
 *   recommendation: Api.Recommendation | null, recommendWrong: Problem | null, alarm: number}} Known what was fetched of the open
 *   incident
 */

/** @param {string} id @returns {Known} */
function nothingKnown(id) {
  return {
    id,
    details: null,
    wrong: null,
    timeline: [],
    timelineAt: null,
    recommendation: null,
    recommendWrong: null,
    alarm: 1,
  };
}

export class Desk {
  /** @param {import("../../core/screen.js").Screen} screen */
  constructor(screen) {
    this.screen = screen;
    this.store = screen.store;
    this.me = document.body.dataset.user ?? "";
    const roles = (screen.root.dataset.roles ?? "").split(" ");
    /** May send, change states, set statuses (docs/rules/roles.md). */
    this.dispatches = roles.includes("dispatcher") || roles.includes("supervisor");
    this.supervises = roles.includes("supervisor");
    /** May add notes and edit: all who sit in the centre. */
    this.writes = this.dispatches || roles.includes("call_taker");
    /** @type {Known | null} */
    this.known = selection.incident ? nothingKnown(selection.incident) : null;
    /** The row that has the focus in the list. @type {string | null} */
    this.focused = null;
    /** The number of the row that left the list while it had the focus, until another one is chosen. */
    this.lost = "";
    /** The chosen unit of the incident meant: an assignment's id. @type {string | null} */
    this.part = null;
    /** The only unit, as it was selected by itself. @type {string | null} */
    this.lone = null;
    /** Callsigns that are on their way to the server, by incident. @type {Map<string, Set<string>>} */
    this.sending = new Map();
    /**
     * What could not be sent, by incident, until somebody has seen it.
     * @type {Map<string, {callsign: string, why: string}[]>}
     */
    this.missed = new Map();
    /** Assignments whose reason is still wanted, and until when. @type {Map<string, number>} */
    this.whys = new Map();
    /** Incidents that came while the list had the focus, or that nobody has looked at. @type {Set<string>} */
    this.unseen = new Set();
    this.timelineWanted = false;
    this.timer = 0;
    this.pickTimer = 0;
    /** Sending what is recommended: the first Enter shows it, the second one sends it. */
    this.press = new SecondPress();
    this.picks = "";
    this.picksAt = -Infinity;
    screen.onChange((subject) => this.hear(subject));
    selection.onChange(() => this.chosen());
    if (this.known) this.fetch();
  }

  /**
   * The incident that letters and digits are about: in the list the focused row's, else the open one's. A row that left
   * the list under the focus has nobody in its place.
   */
  meant() {
    if (this.lost) return null;
    return this.form(this.focused ?? selection.incident);
  }

  /**
   * The incident that is meant, if it is the one that is shown in full; another one is opened first, so that nothing
   * that has no bar of its own acts on what nobody has read.
   * @returns {Api.IncidentForm | null}
   */
  shown() {
    const incident = this.meant();
    if (!incident || incident.id === selection.incident) return incident;
    selection.chooseIncident(incident.id);
    return null;
  }

  /** The open incident's form, newest first from the board; null where none is open or known. */
  open() {
    return this.form(selection.incident);
  }

  /** @param {string | null} id @returns {Api.IncidentForm | null} */
  form(id) {
    if (!id) return null;
    return this.store.things.incidents.get(id) ?? (this.known?.id === id ? this.known.details : null);
  }

  /** The units that are on their way, there, or stacked. @param {Api.IncidentForm} incident @returns {Api.AssignmentEntry[]} */
  parts(incident) {
    return incident.assignments.filter((part) => !ENDED.has(part.status));
  }

  /**
   * The required units that nobody was sent for or accepted as missing; null while that is not known. A restricted
   * incident's board item does not say it, its details do.
   * @param {Api.IncidentForm} incident @returns {import("../../components/needs.js").Need[] | null}
   */
  missing(incident) {
    const { known } = this;
    return incident.missing ?? (known && known.id === incident.id ? known.details?.missing : null) ?? null;
  }

  /**
   * The selected unit of an incident; the only one is selected by itself. Where the selected one has left, nobody takes
   * its place until a person selects again.
   * @param {Api.IncidentForm} incident
   */
  selected(incident) {
    const chosen = incident.assignments.find((part) => part.id === this.part);
    if (chosen) return ENDED.has(chosen.status) ? null : chosen;
    const parts = this.parts(incident);
    if (parts.length !== 1) return null;
    const left = incident.assignments.find((part) => part.id === this.lone);
    if (left && left.id !== parts[0].id) return null;
    this.lone = parts[0].id;
    return parts[0];
  }

  /** Record what is recommended on the screen now. @param {string} picks @param {string | null} incident */
  showPicks(picks, incident) {
    const what = `${incident} ${picks}`;
    if (what !== this.picks) {
      this.picks = what;
      this.picksAt = performance.now();
    }
    if (incident && picks) this.press.shows(incident, picks);
  }

  /** Whether the recommended units have stood there long enough to be read. */
  get picksRead() {
    return performance.now() - this.picksAt >= WAIT_MS;
  }

  /** Select the next or the previous unit of the incident. @param {number} by */
  selectPart(by) {
    const incident = this.shown();
    const parts = incident ? this.parts(incident) : [];
    if (!parts.length) return false;
    const at = parts.findIndex((part) => part.id === this.part);
    this.part = parts[at < 0 ? (by > 0 ? 0 : parts.length - 1) : (at + by + parts.length) % parts.length].id;
    this.screen.draw();
    return true;
  }

  /** Something else is open now. */
  chosen() {
    const id = selection.incident;
    if (this.known?.id === id) return;
    this.known = id ? nothingKnown(id) : null;
    this.part = null;
    this.lone = null;
    this.press.forget();
    this.timelineWanted = false;
    if (id) {
      this.unseen.delete(id);
      this.fetch();
    }
    this.screen.draw();
  }

  /** @param {string} subject */
  hear(subject) {
    if (!this.known) return;
    if (subject === `incident:${this.known.id}`) {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.fetch(), SETTLE_MS);
    } else if (this.known.recommendation?.picks.some((pick) => subject === `unit:${pick.unit}`)) {
      clearTimeout(this.pickTimer); // a recommended unit does something else now: another one may be wanted
      this.pickTimer = window.setTimeout(() => this.recommend(), SETTLE_MS);
    }
  }

  /** The recommended units that can still be sent. @returns {Api.Pick[]} */
  get picked() {
    return (this.known?.recommendation?.picks ?? []).filter((pick) =>
      FREE.has(this.store.things.units.get(pick.unit)?.status ?? "available_station"),
    );
  }

  /** Fetch what the form leaves out; what is shown stays until the answer is there. */
  async fetch() {
    const known = this.known;
    if (!known) return;
    try {
      known.details = await get(`incidents/${known.id}`);
      known.wrong = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      known.wrong = error;
    }
    this.screen.draw();
    const form = this.form(known.id);
    if (!form) return;
    await Promise.all([this.recommend(), form.restricted && !this.timelineWanted ? null : this.readTimeline()]);
  }

  /** Ask which units to send. @param {number} [alarm] 2: the plan's needs once more */
  async recommend(alarm) {
    const known = this.known;
    if (!known || !this.dispatches) return;
    known.alarm = alarm ?? known.alarm;
    const state = this.form(known.id)?.state;
    if (!state || ["closed", "cancelled", "merged"].includes(state)) return;
    const asked = known.alarm;
    try {
      const recommendation = await get(`incidents/${known.id}/recommendation${asked > 1 ? `?alarm=${asked}` : ""}`);
      if (asked !== known.alarm) return;
      known.recommendation = recommendation;
      known.recommendWrong = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      known.recommendWrong = error;
    }
    this.screen.draw();
  }

  /** Read the timeline on from where it was read to. */
  async readTimeline() {
    const known = this.known;
    if (!known) return;
    this.timelineWanted = true;
    try {
      /** @type {Api.TimelineItem[]} */
      const items = [];
      for (let next = ""; ; ) {
        const page = await get(`incidents/${known.id}/timeline${next ? `?cursor=${encodeURIComponent(next)}` : ""}`);
        items.push(...page.items);
        if (!page.next) break;
        next = page.next;
      }
      known.timeline = items;
      known.timelineAt = this.screen.stamp();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    this.screen.draw();
  }
}
