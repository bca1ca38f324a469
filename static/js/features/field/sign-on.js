/** Who rides on which unit: a crew picks its own for the shift, an agency's desk signs its crews on and off. */
import { html, nothing } from "lit-html";
import { closeSheet, openSheet, sheet } from "../../components/sheet.js";
import { unitChip } from "../../components/units.js";
import { get, Problem, post } from "../../core/api.js";
import { forgetUnit } from "../../core/clear-other-users.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { table } from "./page-data.js";

/** @typedef {import("../../core/store.js").Form} Form */

const SHOWN = 40; // what a thumb still scrolls through; the rest is found by typing
const SETTLE_MS = 200;
const LAST = "sigap-unit";

/** @param {Form} item @param {string} typed */
const has = (item, typed) =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      [item.callsign, item.name, item.station, nameOf("capabilities", item.kind ?? null)]
        .join(" ")
        .toLowerCase()
        .includes(word),
    );

/** @param {string} typed @param {(typed: string) => void} change */
const findPart = (
  typed,
  change,
) => html`<label class="find">${words.crew_find}<input type="search" autocomplete="off" .value=${typed}
  @input=${(/** @type {InputEvent} */ event) => change(/** @type {HTMLInputElement} */ (event.target).value)}></label>`;

/** The units of a crew's agency, the one it rode on last first. */
export class Picker {
  /** @param {{draw: () => void, now: string | null}} options now: the id of the unit that is ridden on */
  constructor({ draw, now }) {
    this.draw = draw;
    this.now = now;
    this.typed = "";
    this.busy = false;
    /** @type {Form[] | null} */
    this.items = null;
    this.wrong = "";
    void this.read();
  }

  async read() {
    try {
      this.items = (await get("crews")).items;
      this.wrong = "";
    } catch (error) {
      this.wrong = error instanceof Problem ? error.message : String(error);
    }
    this.draw();
  }

  /** @param {string} path @param {any} body */
  async move(path, body) {
    if (this.busy) return;
    this.busy = true;
    this.draw();
    try {
      await post(path, body);
      if (body.unit) localStorage.setItem(LAST, body.unit);
      await forgetUnit(document.body.dataset.user ?? "");
      location.reload(); // another unit is another page: its job, its steps, its feed
    } catch (error) {
      this.busy = false;
      this.wrong = error instanceof Problem ? error.message : String(error);
      this.draw();
    }
  }

  part() {
    const last = localStorage.getItem(LAST);
    const fitting = (this.items ?? []).filter((item) => item.id !== this.now && has(item, this.typed));
    const found = [
      ...fitting.filter((item) => item.callsign === last),
      ...fitting.filter((item) => item.callsign !== last),
    ];
    return html`<div class="picker">${this.wrong ? html`<p class="note loud" role="alert">${this.wrong}</p><button class="tap wide" @click=${() => this.read()}>${words.read_again}</button>` : nothing}
      ${this.now ? html`<button class="tap wide bad" ?disabled=${this.busy} @click=${() => this.move("crews/sign-off", {})}>${words.ride_off}</button>` : nothing}
      ${
        this.items === null
          ? this.wrong
            ? nothing
            : html`<p class="soft">${words.loading}</p>`
          : html`
        ${
          this.items.length > 6
            ? findPart(this.typed, (typed) => {
                this.typed = typed;
                this.draw();
              })
            : nothing
        }
        ${found.slice(0, SHOWN).map(
          (
            item,
          ) => html`<button class="tap wide ride" ?disabled=${this.busy} @click=${() => this.move("crews/sign-on", { unit: item.callsign })}>
          <b>${item.callsign}</b><small>${[nameOf("capabilities", item.kind), item.station, nameOf("statuses", item.status)].filter(Boolean).join(" · ")}</small>
          ${item.people.length ? html`<small>${item.people.map((/** @type {Form} */ one) => one.name).join(", ")}</small>` : nothing}</button>`,
        )}
        ${found.length ? nothing : html`<p class="soft">${this.typed ? words.ride_no_fit : words.ride_none}</p>`}
        ${found.length > SHOWN ? html`<p class="soft">${fill(words.crew_more, { count: found.length - SHOWN })}</p>` : nothing}`
      }</div>`;
  }
}

/** The crews of an agency's units, for its desk. */
export class Crews {
  /** @param {import("../../core/screen.js").Screen} screen */
  constructor(screen) {
    this.screen = screen;
    /** @type {Map<string, Api.CrewForm["people"]>} */
    this.riders = new Map();
    /** The agency's crew members; null until they have been read. @type {Form[] | null} */
    this.members = null;
    this.wrong = "";
    this.timer = 0;
    /** @type {Form | null} */
    this.unit = null;
    this.typed = "";
    screen.onChange((subject) => {
      if (subject !== "crews") return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.read(), SETTLE_MS);
    });
    sheet().addEventListener("close", () => {
      if (!sheet().open) this.unit = null; // the event comes a moment later: it may be open again
    });
    void this.read();
  }

  async read() {
    try {
      const answer = await get("crews");
      this.riders = new Map(answer.items.map((/** @type {Api.CrewForm} */ item) => [item.id, item.people]));
      this.members = answer.members;
      this.wrong = "";
    } catch (error) {
      this.wrong = error instanceof Problem ? error.message : String(error);
    }
    this.screen.draw();
    if (this.unit && sheet().open) this.draw();
  }

  /** @param {Api.UnitForm} unit */
  namesOf(unit) {
    return (this.riders.get(unit.id) ?? []).map((one) => one.name).join(", ");
  }

  /** @param {Api.UnitForm} unit */
  async open(unit) {
    this.unit = unit;
    this.typed = "";
    this.draw();
    await this.read();
  }

  draw() {
    const unit = /** @type {Api.UnitForm} */ (this.unit);
    const units = this.screen.store.things.units;
    const members = this.members ?? [];
    const found = members
      .filter((one) => has(one, this.typed))
      .sort((one, other) => Number(other.unit === unit.id) - Number(one.unit === unit.id));
    openSheet(
      fill(words.crew_of, { unit: unit.callsign }),
      html`<p>${unitChip(unit.callsign, unit.status, table.fms[unit.status])}</p>
      ${this.wrong ? html`<p class="note loud" role="alert">${this.wrong}</p><button class="tap wide" @click=${() => this.read()}>${words.read_again}</button>` : nothing}
      ${
        members.length > 8
          ? findPart(this.typed, (typed) => {
              this.typed = typed;
              this.draw();
            })
          : nothing
      }
      <div class="choices-list">${found.slice(0, SHOWN).map(
        (
          one,
        ) => html`<button class="tap ${one.unit === unit.id ? "go-small" : ""}" @click=${() => this.move(one, unit)}>${one.name}
        <small>${one.unit === unit.id ? words.crew_here : one.unit ? fill(words.crew_elsewhere, { unit: units.get(one.unit)?.callsign ?? words.unknown }) : words.crew_free}</small></button>`,
      )}
      ${members.length || this.wrong ? nothing : html`<p class="soft">${this.members ? words.crew_no_members : words.loading}</p>`}
      ${found.length > SHOWN ? html`<p class="soft">${fill(words.crew_more, { count: found.length - SHOWN })}</p>` : nothing}</div>`,
    );
  }

  /** @param {Form} one @param {Api.UnitForm} unit */
  async move(one, unit) {
    closeSheet();
    const user = one.id;
    const before = one.unit;
    const off = before === unit.id;
    const sign = (/** @type {string | null} */ to) =>
      to ? post("crews/sign-on", { user, unit: to }) : post("crews/sign-off", { user });
    try {
      await sign(off ? null : unit.id);
      say(fill(off ? words.crew_off : words.crew_on, { name: one.name, unit: unit.callsign }), {
        undo: () => sign(before),
      });
    } catch (error) {
      sayProblem(error);
    }
  }
}
