/**
 * The command line at the foot of a screen: names its target before Enter, completes, asks twice before it sends.
 *
 * Enter does nothing on a line without words. What can be taken back gets its undo.
 */
import { html, nothing, render } from "lit-html";
import { selection } from "../../components/selection.js";
import { Problem } from "../../core/api.js";
import { SecondPress, WAIT_MS } from "../../core/second-press.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";
import { findPast, foundRows } from "../incidents/finder.js";
import { finish, merge } from "../incidents/incident-state.js";
import { addNote, notesQueue, noteTo, takeNoteBack } from "../incidents/notes.js";
import { takeOrGiveUp } from "../incidents/sending.js";
import { acceptShortfall, askAgency, divertUnits, sendUnits, setStatus } from "./actions.js";
import { helpPart } from "./command-help.js";
import { completions } from "./completion.js";
import { meaningOf, presentParts, worldOf } from "./meaning.js";
import { parse } from "./parse.js";

/**
 *
 * @typedef {import("./meaning.js").Meaning} Meaning
 * @typedef {{line: string, label: unknown, detail: unknown, open?: () => unknown}} Choice
 */

const MOST_PAST = 50;

/** @type {CommandLine | null} */
let mounted = null;

class CommandLine {
  /** @param {import("../../core/screen.js").Screen} screen @param {HTMLElement} element */
  constructor(screen, element) {
    this.screen = screen;
    this.element = element;
    /**
     * Where the choices stand: beside what they take room from; in the line's own element where a page has no such
     * place.
     */
    this.room = document.getElementById("command-room") ?? element.appendChild(document.createElement("div"));
    this.field = element.appendChild(document.createElement("div"));
    this.field.className = "command-row";
    this.line = "";
    /** The line that was shown by Enter and goes out with the next one. @type {string | null} */
    this.armed = null;
    /** A second Enter counts for what the first one has shown. */
    this.presses = new SecondPress();
    /** What the line is about: while that changes without a key, Enter waits. */
    this.target = "";
    this.targetLine = "";
    this.targetAt = -Infinity;
    this.notice = "";
    /** The notice is what was wrong with the line: gone as soon as the line is right. */
    this.refused = false;
    /** The line holds words that came back: they stay when the line is opened again. */
    this.returned = false;
    /** @type {Choice[]} */
    this.choices = [];
    /** What is being chosen. */
    this.title = "";
    /** The table of commands is shown. */
    this.helping = false;
    this.at = -1;
    /** @type {string[]} */
    this.past = [];
    this.back = -1;
    this.busy = false;
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("focusout", (event) => {
      if (
        event.relatedTarget instanceof Node &&
        (element.contains(event.relatedTarget) || this.room.contains(event.relatedTarget))
      )
        return;
      this.clear();
      this.draw();
    });
    // what a line means follows the units and incidents
    screen.onDraw(() => (this.line || this.helping) && this.draw());
    this.draw();
  }

  /** Open the line: it starts clean; what was left in it is under the up arrow. */
  open() {
    if (this.line && !this.returned && document.activeElement !== this.input) {
      this.remember(this.line);
      this.write("");
    }
    this.input?.focus();
  }

  get input() {
    return this.element.querySelector("input");
  }

  /** No choices, no help, nothing shown by a first Enter. */
  clear() {
    this.choices = [];
    this.title = "";
    this.helping = false;
    this.at = -1;
    this.armed = null;
    this.presses.forget();
  }

  /** @param {string} line */
  remember(line) {
    this.past = [...this.past.filter((one) => one !== line), line].slice(-MOST_PAST);
    this.back = -1;
  }

  /** @param {string} line */
  write(line) {
    this.clear();
    this.line = line;
    this.notice = "";
    this.refused = false;
    this.returned = false;
    const found = line.trim() ? completions(line, worldOf(this.screen)) : { title: "", choices: [] };
    this.choices = found.choices;
    this.title = found.title;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape") this.leave();
    else if (event.key === "Tab" && !event.shiftKey && this.choices.length && !this.choices[0].open)
      this.complete(this.choices[Math.max(0, this.at)]);
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
    const back = Math.max(-1, Math.min(this.past.length - 1, this.back + by));
    this.write(back < 0 ? "" : this.past[this.past.length - 1 - back]);
    this.back = back;
    this.choices = [];
    this.draw();
  }

  leave() {
    if (this.choices.length || this.helping || this.armed !== null) {
      this.clear();
      return this.draw();
    }
    this.input?.blur(); // the words stay
  }

  /** @param {KeyboardEvent} event */
  enter(event) {
    if (this.busy || (event.repeat && this.armed === null)) return;
    const choice = this.choices[this.at];
    if (choice?.open) return choice.open();
    if (choice) return this.complete(choice);
    const meaning = meaningOf(parse(this.line), worldOf(this.screen));
    if (meaning.command.kind === "empty") return;
    if (!meaning.ok) {
      this.clear();
      this.notice = meaning.wrong;
      this.refused = true;
      return this.draw();
    }
    if (meaning.command.kind === "help") {
      this.clear();
      this.helping = true;
      return this.draw();
    }
    if (meaning.twice) return this.twice(event, meaning);
    // What the feed has only just changed under the line is read first.
    this.draw();
    if (this.moved) return;
    this.run(meaning);
  }

  /** Enter shows what the line would do, Enter again does it. @param {KeyboardEvent} event @param {Meaning} meaning */
  twice(event, meaning) {
    const subject = this.line.trim();
    const judged = this.presses.press(event, subject, meaning.text);
    if (judged === "first" || judged === "changed") {
      this.presses.shows(subject, meaning.text);
      this.choices = [];
      this.armed = this.line;
      this.notice = fill(judged === "changed" ? words.command_changed : words.command_again, {
        act: words[`command_do_${meaning.command.kind}`],
      });
      return this.draw();
    }
    if (judged === "second") this.run(meaning);
  }

  /** @param {Meaning} meaning */
  async run(meaning) {
    const { command } = meaning;
    const sent = this.line;
    if (command.kind === "show") return this.look(meaning, command.what);
    this.remember(sent);
    this.write(""); // the next line may be typed while this one is under way
    try {
      if (command.kind === "status") await setStatus(meaning);
      else if (command.kind === "assign") await sendUnits(this.screen, meaning);
      else if (command.kind === "divert") await divertUnits(this.screen, meaning);
      else if (command.kind === "note") await this.note(meaning, sent);
      else if (command.kind === "task") await askAgency(meaning);
      else if (command.kind === "shortfall") await acceptShortfall(meaning);
      else if (command.kind === "own")
        await takeOrGiveUp(/** @type {Api.IncidentForm} */ (meaning.incident), document.body.dataset.user ?? "");
      else if (command.kind === "merge")
        await merge(/** @type {Api.IncidentForm} */ (meaning.incident), /** @type {Api.IncidentForm} */ (meaning.into));
      else if (command.kind === "close")
        await finish(this, /** @type {Api.IncidentForm} */ (meaning.incident), "closed", command.ending);
    } catch (error) {
      sayProblem(error);
      this.giveBack(sent);
    }
  }

  /** An incident's form as it is now. @param {string | null} id @returns {Api.IncidentForm | null} */
  form(id) {
    return this.screen.store.things.incidents.get(id ?? "") ?? null;
  }

  /** The units that are on it. @param {Api.IncidentForm} incident */
  parts(incident) {
    return presentParts(incident);
  }

  /** To be corrected or sent again; under a newer line ArrowUp has it. @param {string} sent */
  giveBack(sent) {
    if (this.line) return;
    this.write(sent);
    this.returned = true;
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

  /**
   * By the way of all notes: what the line does not take waits there, under one id.
   * @param {Meaning} meaning
   * @param {string} sent
   */
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
    if (id) return this.go({ incident: id, call: null });
    const found = foundRows(await findPast(what, this.screen.now()), this.screen);
    this.choices = found.map((row) => ({
      line: this.line,
      label: row.label,
      detail: row.detail,
      open: () => this.go(row),
    }));
    this.at = found.length ? 0 : -1;
    if (!found.length) this.notice = fill(words.command_nothing, { what });
  }

  /** @param {{incident: string | null, call: string | null}} what */
  go({ incident, call }) {
    this.write("");
    if (!document.getElementById("console")) {
      location.assign(`/console/?${new URLSearchParams(incident ? { incident } : { call: call ?? "" })}`);
    } else if (incident) selection.chooseIncident(incident);
    else selection.chooseCall(call);
  }

  /** Whether what the line is about has changed within the last moment. */
  get moved() {
    return performance.now() - this.targetAt < WAIT_MS && this.targetLine === this.line;
  }

  draw() {
    const meaning = this.screen.store.seq === null ? null : meaningOf(parse(this.line), worldOf(this.screen));
    if (this.refused && meaning?.ok) {
      this.notice = "";
      this.refused = false;
    }
    const target = meaning?.text ?? "";
    if (target !== this.target || this.line !== this.targetLine) {
      // A line that was typed is known to whoever typed it; one that the feed has changed is not.
      if (this.line === this.targetLine) this.targetAt = performance.now();
      this.target = target;
      this.targetLine = this.line;
    }
    const text = this.busy
      ? words.searching_line
      : this.armed !== null
        ? `${this.notice} · ${target}`
        : this.notice || (meaning?.ok || target ? target : (meaning?.wrong ?? ""));
    const look = this.notice && this.armed === null && !meaning?.ok ? "wrong" : this.armed === null ? "soft" : "soon";
    const expanded = this.choices.length > 0;
    render(this.helping ? helpPart() : expanded ? this.choicesPart() : nothing, this.room);
    this.room.hidden = !this.helping && !expanded;
    render(
      html`<label class="command-line"><span class="prompt" aria-hidden="true">›</span><span class="sr">${words.command_line}</span>
        <input id="command-field" autocomplete="off" spellcheck="false" .value=${this.line} placeholder=${words.command_example} role="combobox"
        aria-expanded=${String(expanded)} aria-controls="command-options" aria-activedescendant=${this.at >= 0 ? `command-option-${this.at}` : nothing}
        aria-describedby="command-meaning" @input=${(/** @type {InputEvent} */ event) => this.write(/** @type {HTMLInputElement} */ (event.target).value)}></label>
      <span class="meaning ${look}" id="command-meaning" role="status" title=${text}>${text}${
        meaning?.ok && meaning.twice && this.armed === null ? html` <b>${words.command_assign}</b>` : nothing
      }</span>
      <span class="command-key"><kbd>/</kbd> ${words.command}</span>`,
      this.field,
    );
  }

  choicesPart() {
    return html`<section class="command-choices"><header><span class="cut">${this.title}</span><span class="grow"></span><span class="mute"><kbd>↑</kbd> <kbd>↓</kbd> <kbd>Tab</kbd></span></header>
      <ul id="command-options" role="listbox" aria-label=${this.title || words.command_line}>${this.choices.map(
        (choice, at) => html`<li role="option"
        id="command-option-${at}" aria-selected=${String(at === this.at)} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
        @click=${() => (choice.open ? choice.open() : this.complete(choice))}><span>${choice.label}</span><span class="soft cut">${choice.detail}</span></li>`,
      )}</ul></section>`;
  }
}

/**
 * Put the command line into an element at the foot of a screen.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {HTMLElement} element
 */
export function mountCommand(screen, element) {
  mounted = new CommandLine(screen, element);
  notesQueue(screen); // what a page before has left unsent goes on here
}

/** To the command line: for the action `command` of the key table. */
export function focusCommand() {
  mounted?.open();
}
