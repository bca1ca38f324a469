/**
 * The command line at the foot of a screen: says what it is about before Enter, completes, asks twice before it sends.
 *
 * Enter does nothing on a line without words. What can be taken back gets its undo.
 */
import { html, nothing, render } from "lit-html";
import { Problem, post } from "../api.js";
import { findPast, foundRows } from "../console/dispatch/finder.js";
import { addNote, noteTo, notesQueue, takeNoteBack } from "../console/dispatch/noting.js";
import { assignOnce, callOff, whyNot } from "../console/dispatch/sending.js";
import { refuse } from "../console/dispatch/statuses.js";
import { selection } from "../console/selection.js";
import { fill, nameOf, words } from "../parts/words.js";
import { say, sayProblem } from "../undo.js";
import { completions, meaningOf, statusText, worldOf } from "./complete.js";
import { parse } from "./parse.js";

/**
 * @typedef {import("./complete.js").Meaning} Meaning
 * @typedef {{line: string, label: unknown, detail: unknown, open?: () => unknown}} Choice
 */

const MOST_PAST = 50;

/** @type {CommandLine | null} */
let mounted = null;

class CommandLine {
  /** @param {import("../screen.js").Screen} screen @param {HTMLElement} element */
  constructor(screen, element) {
    this.screen = screen;
    this.element = element;
    this.line = "";
    /** The line that was shown by Enter and goes out with the next one. @type {string | null} */
    this.armed = null;
    this.notice = "";
    /** The notice is what was wrong with the line: gone as soon as the line is right. */
    this.refused = false;
    /** @type {Choice[]} */
    this.choices = [];
    this.at = -1;
    /** @type {string[]} */
    this.past = [];
    this.back = -1;
    this.busy = false;
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && element.contains(event.relatedTarget)) return;
      this.choices = [];
      this.armed = null;
      this.draw();
    });
    screen.onDraw(() => this.line && this.draw()); // what a line means follows the units and incidents
    this.draw();
  }

  focus() {
    this.element.querySelector("input")?.focus();
  }

  /** @param {string} line */
  write(line) {
    this.line = line;
    this.armed = null;
    this.notice = "";
    this.refused = false;
    this.choices = line.trim() ? completions(line, worldOf(this.screen)) : [];
    this.at = -1;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    if (event.key === "Enter") {
      if (!event.repeat) this.enter();
    } else if (event.key === "Escape") this.leave();
    else if (event.key === "Tab" && !event.shiftKey && this.choices.length && !this.choices[0].open) this.complete(this.choices[Math.max(0, this.at)]);
    else if (event.key === "ArrowDown" && this.choices.length) this.step(1);
    else if (event.key === "ArrowUp" && this.choices.length && this.at >= 0) this.step(-1);
    else if (event.key === "ArrowUp") this.recall(1);
    else if (event.key === "ArrowDown") this.recall(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} by */
  step(by) {
    this.at = Math.max(-1, Math.min(this.choices.length - 1, this.at + by));
    this.draw();
  }

  /** @param {Choice} choice */
  complete(choice) {
    this.write(choice.line);
  }

  /** Go through what was sent before. @param {number} by */
  recall(by) {
    this.back = Math.max(-1, Math.min(this.past.length - 1, this.back + by));
    this.write(this.back < 0 ? "" : this.past[this.past.length - 1 - this.back]);
    this.choices = [];
    this.draw();
  }

  leave() {
    if (this.choices.length || this.armed !== null) {
      this.choices = [];
      this.armed = null;
      this.at = -1;
      return this.draw();
    }
    this.element.querySelector("input")?.blur(); // the words stay
  }

  enter() {
    if (this.busy) return;
    const choice = this.choices[this.at];
    if (choice?.open) return choice.open();
    if (choice) return this.complete(choice);
    const meaning = meaningOf(parse(this.line), worldOf(this.screen));
    if (meaning.command.kind === "empty") return;
    this.choices = [];
    if (!meaning.ok) {
      this.notice = meaning.wrong;
      this.refused = true;
      this.armed = null;
      return this.draw();
    }
    if (meaning.command.kind === "assign" && this.armed !== this.line) {
      this.armed = this.line;
      this.notice = fill(words.command_again, { callsigns: meaning.command.callsigns.join(", ") });
      return this.draw();
    }
    this.run(meaning);
  }

  /** @param {Meaning} meaning */
  async run(meaning) {
    const { command } = meaning;
    const sent = this.line;
    if (command.kind === "show") return this.look(meaning, command.what);
    this.past = [...this.past.filter((line) => line !== sent), sent].slice(-MOST_PAST);
    this.back = -1;
    this.write(""); // the next line may be typed while this one is under way
    try {
      if (command.kind === "status") await this.status(meaning);
      else if (command.kind === "assign") await this.assign(meaning);
      else if (command.kind === "note") await this.note(meaning, sent);
    } catch (error) {
      sayProblem(error);
      this.giveBack(sent);
    }
  }

  /** To be mended or sent again; under a newer line ArrowUp has it. @param {string} sent */
  giveBack(sent) {
    if (!this.line) this.write(sent);
  }

  /** @param {Meaning} meaning @param {string} what */
  async look(meaning, what) {
    this.busy = true;
    this.draw();
    try {
      await this.show(meaning, what);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.notice = error.message;
    } finally {
      this.busy = false;
      this.draw();
    }
  }

  /** @param {Meaning} meaning */
  async status(meaning) {
    const { command, at } = meaning;
    if (command.kind !== "status") return;
    for (const unit of meaning.units) {
      try {
        const said = await post(`units/${unit.callsign}/status`, { status: command.status, ...(at === null ? {} : { at: new Date(at).toISOString() }) });
        const status = command.status === "5" ? statusText("5") : nameOf("statuses", said.status);
        say(fill(words.status_done, { callsign: unit.callsign, status }), { seconds: 3 });
      } catch (error) {
        refuse(error, unit.callsign, unit.status);
      }
    }
  }

  /** @param {Meaning} meaning */
  async assign({ incident, units }) {
    if (!incident) return;
    /** @type {import("../store.js").Form[]} */
    const made = [];
    for (const unit of units) {
      try {
        made.push(await assignOnce(incident, unit.callsign));
      } catch (error) {
        say(fill(words.command_missed, { callsign: unit.callsign, why: whyNot(this, error) }), { tone: "bad", seconds: 10 });
      }
    }
    if (!made.length) return;
    say(fill(words.command_sent, { callsigns: made.map((one) => one.callsign).join(", "), number: incident.number }), { undo: () => callOff(made) });
  }

  /** By the way of all notes: what the line does not take waits there, under one id. @param {Meaning} meaning @param {string} sent */
  async note({ command, incident }, sent) {
    if (command.kind !== "note" || !incident) return;
    const { id, through } = await addNote(this.screen, noteTo(incident), command.text, () => this.giveBack(sent));
    if (through) say(fill(words.command_noted, incident), { undo: () => takeNoteBack(this.screen, id) });
  }

  /** Open what was asked for, or list what fits. @param {Meaning} meaning @param {string} what */
  async show(meaning, what) {
    const unit = meaning.units[0];
    const id = meaning.incident?.id ?? unit?.incident?.id;
    if (unit && !id) {
      this.notice = meaning.text;
      return;
    }
    if (id) return this.open({ incident: id, call: null });
    const found = foundRows(await findPast(what, this.screen.now()), this.screen);
    this.choices = found.map((row) => ({ line: this.line, label: row.label, detail: row.detail, open: () => this.open(row) }));
    this.at = found.length ? 0 : -1;
    if (!found.length) this.notice = fill(words.command_nothing, { what });
  }

  /** @param {{incident: string | null, call: string | null}} what */
  open({ incident, call }) {
    this.write("");
    if (!document.getElementById("console")) {
      location.assign(`/console/?${new URLSearchParams(incident ? { incident } : { call: call ?? "" })}`);
    } else if (incident) selection.chooseIncident(incident);
    else selection.chooseCall(call);
  }

  draw() {
    const meaning = this.screen.store.seq === null ? null : meaningOf(parse(this.line), worldOf(this.screen));
    if (this.refused && meaning?.ok) {
      this.notice = "";
      this.refused = false;
    }
    const text = this.busy ? words.searching_line : this.armed !== null ? `${this.notice} · ${meaning?.text ?? ""}` : this.notice || (meaning?.ok || meaning?.text ? meaning.text : (meaning?.wrong ?? ""));
    const look = this.notice && this.armed === null && !meaning?.ok ? "wrong" : this.armed === null ? "soft" : "soon";
    const expanded = this.choices.length > 0;
    render(html`
      ${expanded ? html`<ul class="ask-options" id="command-options" role="listbox" aria-label=${words.command_line}>${this.choices.map((choice, at) => html`<li role="option"
        id="command-option-${at}" aria-selected=${String(at === this.at)} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
        @click=${() => (choice.open ? choice.open() : this.complete(choice))}><span><b>${choice.label}</b></span><span class="soft">${choice.detail}</span></li>`)}</ul>` : nothing}
      <label class="command-line"><span class="prompt" aria-hidden="true">›</span><span class="sr">${words.command_line}</span>
        <input id="command-field" autocomplete="off" spellcheck="false" .value=${this.line} placeholder=${words.command_example} role="combobox"
        aria-expanded=${String(expanded)} aria-controls="command-options" aria-activedescendant=${this.at >= 0 ? `command-option-${this.at}` : nothing}
        aria-describedby="command-meaning" @input=${(/** @type {InputEvent} */ event) => this.write(/** @type {HTMLInputElement} */ (event.target).value)}></label>
      <span class="meaning ${look}" id="command-meaning" role="status">${text}${meaning?.ok && meaning.command.kind === "assign" && this.armed === null
        ? html` <b>${words.command_assign}</b>` : nothing}</span>
      <span class="command-key"><kbd>/</kbd> ${words.command}</span>`, this.element);
  }
}

/**
 * Put the command line into an element at the foot of a screen.
 * @param {import("../screen.js").Screen} screen
 * @param {HTMLElement} element
 */
export function mountCommand(screen, element) {
  mounted = new CommandLine(screen, element);
  notesQueue(screen); // what a page before has left unsent goes on here
}

/** To the command line: for the action `command` of the key table. */
export function focusCommand() {
  mounted?.focus();
}
