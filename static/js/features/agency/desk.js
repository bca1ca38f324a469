/** What an agency's desk does: each act says what became of it, and takes it back where that can be. */

import { openBar } from "../../components/choice-bar.js";
import { askReason, askWords, keepWords } from "../../components/sheet.js";
import { newId, post } from "../../core/api.js";
import { Later } from "../../core/delayed-send.js";
import { say, sayProblem, unitBack } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { table } from "../field/page-data.js";
import { assignOnce, callOff, whyNot } from "../incidents/sending.js";

/**
 * @typedef {import("./task-list.js").Entry} Entry
 * @typedef {{subject: string, path: string, body: any, label: string, draft?: string}} Act subject: the task or unit it
 *   is about; draft: its words, kept until they are through
 */

const DIGITS = "123456789";

export class Desk {
  /** @param {import("../../core/screen.js").Screen} screen */
  constructor(screen) {
    this.screen = screen;
    /** What is on its way for a task or unit: shown instead of its buttons. @type {Map<string, string>} */
    this.sending = new Map();
    /** Notes that no answer has come for, by draft. @type {Map<string, {id: string, text: string, at: string}>} */
    this.notes = new Map();
    this.leaving = false;
    addEventListener("pagehide", () => (this.leaving = true));
    addEventListener("pageshow", () => (this.leaving = false));
    /**
     * Refusing, reporting done, taking a unit off a job: nothing takes these back, so they wait five seconds.
     * @type {Later<Act>}
     */
    this.later = new Later(
      (act) => this.send(act),
      () => screen.draw(),
    );
  }

  /** What a task or unit waits for, in words. @param {string | undefined} id */
  busy(id) {
    if (!id) return null;
    const waiting = this.later?.what;
    return waiting?.subject === id ? waiting.label : (this.sending.get(id) ?? null);
  }

  /** @param {Act} act @returns {Promise<any>} its answer, or null where it was refused */
  async send({ subject, path, body, draft }) {
    this.sending.set(subject, words.sending);
    this.screen.draw();
    try {
      // what waited goes out as the page closes
      const answer = await post(path, body, { keepalive: document.hidden || this.leaving });
      if (draft) keepWords(draft, "");
      return answer;
    } catch (error) {
      sayProblem(error);
      return null;
    } finally {
      this.sending.delete(subject);
      this.screen.draw();
    }
  }

  /** @param {Entry} entry */
  refuse({ incident, task }) {
    if (!task || this.busy(task.id)) return;
    openBar({
      title: fill(words.refuse_task, { number: incident.number }),
      hint: words.refuse_hint,
      choices: table.refusals.map((/** @type {string} */ reason, /** @type {number} */ at) => ({
        key: DIGITS[at],
        label: reason,
        act: () =>
          this.later.put(
            {
              subject: task.id,
              path: `tasks/${task.id}/refuse`,
              body: { reason, at: this.screen.stamp() },
              label: words.refuse,
            },
            fill(words.refuse_task, { number: incident.number }),
          ),
      })),
    });
  }

  /** Report back and close the agency's part. @param {Entry} entry */
  done({ incident, task }) {
    if (!task || this.busy(task.id)) return;
    const title = fill(words.done_task, { number: incident.number });
    const draft = `done ${task.id}`;
    askWords({
      title,
      label: words.done_hint,
      button: words.done_send,
      key: draft,
      taps: table.reports,
      optional: true,
      send: (reason) => {
        keepWords(draft, reason); // taken back, or without a line, it is there to be sent again
        const body = { reason: reason || null, at: this.screen.stamp() };
        this.later.put(
          { subject: task.id, path: `tasks/${task.id}/done`, body, label: words.report_done, draft },
          title,
        );
      },
    });
  }

  /** @param {Api.IncidentForm} incident @param {() => void} then */
  note(incident, then) {
    const key = `note ${incident.id}`;
    const title = fill(words.note_what, { number: incident.number });
    const ask = (/** @type {string} */ text) =>
      post(`incidents/${incident.id}/notes`, this.written(key, text)).then(
        () => {
          this.notes.delete(key);
          say(fill(words.note_sent_to, { number: incident.number }));
          then();
        },
        (error) => {
          sayProblem(error);
          askWords({ title, label: title, button: words.note_send, key, value: text, send: ask }); // not a word is lost
        },
      );
    askWords({ title, label: title, button: words.note_send, key, send: ask });
  }

  /**
   * A note as it travels. Sent again after no answer came, it is the same one: it may have gone through.
   * @param {string} key @param {string} text
   */
  written(key, text) {
    const before = this.notes.get(key);
    const note = before?.text === text ? before : { id: newId(), text, at: this.screen.stamp() };
    this.notes.set(key, note);
    return note;
  }

  /**
   * Accept a task that is still offered, then send these units to its incident; what is not sent is named.
   * @param {Entry} entry @param {Api.UnitForm[]} units
   */
  async acceptAndSend({ incident, task, group }, units) {
    const subject = task?.id ?? incident.id;
    if (this.busy(subject)) return;
    const { number } = incident;
    if (group === "offered") {
      const label = fill(words.accepted, { number });
      const accepted = await this.send({
        subject,
        path: `tasks/${task?.id}/accept`,
        body: { at: this.screen.stamp() },
        label,
      });
      if (!accepted) return;
      say(label);
    }
    if (!units.length) return;
    this.sending.set(subject, words.sending);
    this.screen.draw();
    /** @type {Api.AssignmentForm[]} */
    const made = [];
    await Promise.all(
      units.map(async (unit) => {
        try {
          made.push(await assignOnce(incident, unit.callsign));
        } catch (error) {
          say(fill(words.unit_not_sent, { unit: unit.callsign, number, why: whyNot(this, error) }), {
            tone: "bad",
            seconds: 10,
          });
        }
      }),
    );
    this.sending.delete(subject);
    this.screen.draw();
    const sent = made.map((one) => one.callsign).join(", ");
    if (made.length) say(fill(words.units_sent, { number, units: sent }), { undo: () => callOff(made) });
  }

  /** @param {Api.AssignmentEntry} part */
  callOff(part) {
    const label = fill(words.called_off, { unit: part.callsign });
    this.later.put({ subject: part.unit, path: `assignments/${part.id}/cancel`, body: {}, label }, label);
  }

  /** Ask what a unit does now. @param {Api.UnitForm} unit */
  chooseStatus(unit) {
    const steps = table.steps[unit.status] ?? [];
    const assigned = table.assigned.includes(unit.status);
    openBar({
      title: fill(words.status_of, { unit: unit.callsign, status: nameOf("statuses", unit.status) }),
      choices: steps
        .filter((/** @type {string} */ step) => assigned || !table.assigned.includes(step))
        .map((/** @type {string} */ step, /** @type {number} */ at) => ({
          key: DIGITS[at],
          label: nameOf("statuses", step),
          act: () =>
            step === "out_of_service"
              ? askReason(words.out_why, table.out_of_service, (reason) => this.setStatus(unit, step, reason))
              : this.setStatus(unit, step),
        })),
    });
  }

  /** @param {Api.UnitForm} unit @param {string} status @param {string} [reason] */
  async setStatus(unit, status, reason) {
    const label = fill(words.status_set, { callsign: unit.callsign, status: nameOf("statuses", status) });
    const act = {
      subject: unit.id,
      path: `units/${unit.callsign}/status`,
      body: { status, reason: reason ?? null, at: this.screen.stamp() },
      label,
    };
    const assigned = table.assigned.includes(unit.status);
    if (assigned && !table.assigned.includes(status)) return this.later.put(act, label);
    const now = await this.send(act);
    if (!now) return;
    const back = !assigned && !now.incident && table.steps[status]?.includes(unit.status);
    say(label, back ? { undo: () => unitBack(unit, now) } : {});
  }
}
