/**
 * What a crew reports: kept with the time it happened, sent in order, shown as done at once and as kept until it is.
 */
import { newId } from "../../core/api.js";
import { Later } from "../../core/delayed-send.js";
import { Queue } from "../../core/queue.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { table } from "../field/page-data.js";
import { Returned } from "./rejected-notes.js";

/**
 * becomes: the unit's status once it is done. incident: whose words it changes.
 * @typedef {import("../../core/queue.js").OutboxItem & {becomes?: string, incident?: string, at: string}} Act
 */

const HURRY_MS = 3000;
const GUARD_MS = 700; // a glove taps twice: the second tap must not take the next step

export class Acts {
  /**
   * @param {import("../../core/screen.js").Screen} screen
   * @param {{onWarnings: (act: Act, warnings: any[]) => void}} options
   */
  constructor(screen, { onWarnings }) {
    this.screen = screen;
    this.onWarnings = onWarnings;
    this.tappedAt = -GUARD_MS;
    /** The incident that the page shows. @type {string | null} */
    this.job = null;
    const draw = () => screen.draw();
    const shared = {
      onChange: draw,
      onRefused: (/** @type {any} */ act, /** @type {any} */ problem) => this.refused(act, problem),
      onDone: (/** @type {any} */ act, /** @type {any} */ answer) => this.done(act, answer),
    };
    /** Notes that were refused. */
    this.returned = new Returned(draw);
    this.queue = new Queue({ name: "crew", ...shared });
    /** An emergency waits for nothing that was kept before it. */
    this.first = new Queue({ name: "crew-emergency", ...shared });
    /** @type {Later<Act>} */
    this.later = new Later((act) => this.queue.add(act), draw);
    addEventListener("online", draw);
    addEventListener("offline", draw);
  }

  /** All that isn't through yet, in order. @returns {Act[]} */
  get kept() {
    const waiting = /** @type {Act[]} */ (this.queue?.items ?? []);
    return [.../** @type {Act[]} */ (this.first?.items ?? []), ...waiting];
  }

  /** The unit's status as its crew has reported it, sent or not. @param {Api.UnitForm} unit */
  status(unit) {
    const reported = [...this.kept, ...(this.later?.what ? [this.later.what] : [])]
      .map((act) => act.becomes)
      .filter(Boolean);
    return reported.at(-1) ?? unit.status;
  }

  /**
   * Report a status. One that ends the job waits five seconds with Undo: nothing brings a unit back to a job it has
   * left.
   * @param {Api.UnitForm} unit
   * @param {string} status of a unit, or "refused"
   * @param {string} [reason]
   */
  report(unit, status, reason) {
    if (performance.now() - this.tappedAt < GUARD_MS) return;
    this.tappedAt = performance.now();
    const at = this.screen.stamp();
    const becomes = status === "refused" ? "available_mobile" : status;
    const label = status === "refused" ? words.refuse : (words[`next.${status}`] ?? nameOf("statuses", status));
    const ends = table.assigned.includes(this.status(unit)) && !table.assigned.includes(becomes);
    /** @type {Act} */
    const act = {
      method: "POST",
      path: `units/${unit.callsign}/status`,
      body: { id: newId(), status, reason: reason || null, at },
      label,
      becomes,
      at,
    };
    if (ends) this.later.put(act, label);
    else this.add(act);
  }

  /**
   * Record which job is shown. Where it takes the place of another one, a tap that is under way was meant for that one.
   * @param {string | null} job the incident's id
   */
  shows(job) {
    if (job && this.job && job !== this.job) this.tappedAt = performance.now();
    this.job = job;
  }

  /** @param {Api.UnitForm} unit @param {boolean} active */
  talk(unit, active) {
    const at = this.screen.stamp();
    this.add(
      /** @type {Act} */ ({
        method: "POST",
        path: `units/${unit.callsign}/talk-request`,
        body: { id: newId(), active, at },
        label: words.talk,
        at,
      }),
    );
  }

  /** Needs no board: it goes out also before the first one is there. @param {string} callsign */
  emergency(callsign) {
    const at = this.screen.stamp();
    this.first.add(
      /** @type {Act} */ ({
        method: "POST",
        path: `units/${callsign}/emergency`,
        body: { id: newId(), at },
        label: words.emergency,
        at,
      }),
    );
  }

  /** The crew takes its emergency back; it stands until the centre has spoken with them. @param {string} callsign */
  withdraw(callsign) {
    const at = this.screen.stamp();
    this.first.add(
      /** @type {Act} */ ({
        method: "POST",
        path: `units/${callsign}/emergency`,
        body: { id: newId(), active: false, at },
        label: words.emergency_withdraw,
        at,
      }),
    );
  }

  /** @param {string} incident @param {string} text */
  note(incident, text) {
    const at = this.screen.stamp();
    this.add(
      /** @type {Act} */ ({
        method: "POST",
        path: `incidents/${incident}/notes`,
        body: { id: newId(), text, at },
        label: words.write_note,
        incident,
        at,
      }),
    );
  }

  /** @param {string} incident @param {string} unit callsign */
  seen(incident, unit) {
    const at = this.screen.stamp();
    this.add(
      /** @type {Act} */ ({
        method: "POST",
        path: `incidents/${incident}/warnings/seen`,
        body: { unit },
        label: words.seen,
        incident,
        at,
      }),
    );
  }

  /** @param {Act} act */
  add(act) {
    this.later.flush();
    this.queue.add(act);
  }

  /**
   * Send at once what waits, also for its five seconds; says after three seconds at the latest how much remains, words
   * that came back too.
   */
  async hurry() {
    this.later.flush();
    const patience = new Promise((resolve) => setTimeout(resolve, HURRY_MS));
    await Promise.race([Promise.all([this.first.flush(), this.queue.flush()]), patience]);
    return this.kept.length + this.returned.list.length;
  }

  /** @param {Act} act @param {any} answer */
  done(act, answer) {
    // The unit's own form comes back before the feed tells it: no flicker in between.
    if (answer?.callsign && answer.flags) this.screen.store.things.units.set(answer.id, answer);
    if (act.incident) this.screen.store.fresh.add(`incident:${act.incident}`);
    this.screen.draw();
  }

  /** @param {Act} act @param {import("../../core/api.js").Problem} problem */
  refused(act, problem) {
    if (problem.code === "warnings_unseen") return this.onWarnings(act, problem.members.warnings ?? []);
    if (act.body.text)
      return this.returned.add({ id: act.body.id, text: act.body.text, at: act.at, why: problem.message });
    const what = { what: act.label, at: this.screen.timeText(act.at), why: problem.message };
    say(fill(words.act_refused, what), { tone: "bad", seconds: 12 });
    this.screen.draw();
  }
}
