/**
 * An incident's words, fetched when it is looked at and when something of it changed; reading a restricted one is
 * logged.
 */
import { get, Problem } from "../../core/api.js";

const GATHER_MS = 300;
// Each reading of a restricted incident leaves its trace: not one a second.
const RESTRICTED_MS = 20_000;

/**
 * @typedef {Api.IncidentDetails} Read
 * @typedef {{read: Read | null, why: string | null, at: number, dirty: boolean, busy: boolean}} Entry
 */

export class Details {
  /** @param {import("../../core/screen.js").Screen} screen @param {(id: string, read: Read) => void} [onRead] */
  constructor(screen, onRead = () => {}) {
    this.screen = screen;
    this.onRead = onRead;
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    screen.onChange((subject) => {
      const entry = this.entries.get(subject.replace("incident:", ""));
      if (entry) entry.dirty = true;
    });
  }

  /**
   * What is known of it, asking for what isn't.
   * @param {Api.IncidentForm} incident
   * @returns {Entry}
   */
  of(incident) {
    let entry = this.entries.get(incident.id);
    if (!entry) {
      entry = { read: null, why: null, at: 0, dirty: true, busy: false };
      this.entries.set(incident.id, entry);
    }
    const soon = entry.read && incident.restricted ? RESTRICTED_MS : GATHER_MS;
    if (entry.dirty && !entry.busy && navigator.onLine && performance.now() - entry.at > (entry.at ? soon : -1))
      this.fetch(incident.id, entry);
    return entry;
  }

  /** Fetch it now, whatever is known. @param {string} id */
  async again(id) {
    const entry = this.entries.get(id);
    if (entry && !entry.busy) await this.fetch(id, entry);
  }

  /** @param {string} id @param {Entry} entry */
  async fetch(id, entry) {
    entry.busy = true;
    entry.dirty = false;
    try {
      entry.read = await get(`incidents/${id}`);
      entry.why = null;
      this.onRead(id, /** @type {Read} */ (entry.read));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // What was read stays on the screen; without a line it is asked for again.
      entry.why = error.message;
      entry.dirty = error.passing;
    } finally {
      entry.busy = false;
      entry.at = performance.now() + (entry.why ? 2000 : 0);
      this.screen.draw();
    }
  }
}
