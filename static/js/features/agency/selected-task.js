/**
 * The one task that an agency's page is about: what is read, what the action bar names, what every key acts on.
 *
 * It changes only by the person's hand. Where its incident leaves the board nothing takes its place by itself while
 * the focus is where keys act; where nothing is selected and no key can act, the first task is shown.
 */

/** @typedef {import("./task-list.js").Entry} Entry */

export class Chosen {
  /** @param {{changed: () => void, draw: () => void}} page changed: called when another task is selected */
  constructor({ changed, draw }) {
    this.changed = changed;
    this.draw = draw;
    /** The incident's id. @type {string | null} */
    this.id = new URLSearchParams(location.search).get("incident");
    /** On a phone: the task lies over the list. */
    this.reading = Boolean(this.id);
    /** The number of a selected incident that has left the board, until something is selected. @type {string} */
    this.gone = "";
    this.number = "";
    this.since = performance.now();
  }

  /** Select a task. @param {string | null} id @param {boolean} [reading] on a phone: open it over the list */
  choose(id, reading = this.reading) {
    this.gone = "";
    this.set(id, reading);
    this.draw();
  }

  /** @param {string | null} id @param {boolean} reading @param {boolean} [kept] whether a reload comes back to it */
  set(id, reading, kept = true) {
    this.reading = Boolean(id) && reading;
    if (id === this.id) return;
    this.id = id;
    this.since = performance.now();
    history.replaceState(null, "", id && kept ? `?incident=${id}` : location.pathname);
    this.changed();
  }

  /**
   * The selected entry among those that are there now; null for none.
   * @param {Entry[]} entries in the order of the list
   * @param {boolean} held whether a key could act now: then nothing is selected by itself
   */
  among(entries, held) {
    const entry = entries.find((one) => one.incident.id === this.id) ?? null;
    if (entry) {
      this.number = entry.incident.number;
      return entry;
    }
    if (this.id) {
      this.gone = this.number;
      this.set(null, false);
    }
    if (held || this.gone || !entries.length) return null;
    this.set(entries[0].incident.id, false, false);
    this.number = entries[0].incident.number;
    return entries[0];
  }
}
