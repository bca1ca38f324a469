/** The card of the selected unit: what it is and does, where it is, who is on it, and what it did in the last hours. */
import { html, nothing, render } from "lit-html";
import { unitChip } from "../../components/units.js";
import { get } from "../../core/api.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";

const REST_MS = 250; // the arrows run past rows: only where they rest is anything read

export class UnitCard {
  /**
   * @param {HTMLElement} root @param {import("../../core/screen.js").Screen} screen
   * @param {{timeline: boolean, close: () => void, parts: {station: (unit: Api.UnitForm) => string, abilities: (unit: Api.UnitForm) =>
   *   string, people: (unit: Api.UnitForm) => string, incident: (unit: Api.UnitForm) => unknown, fix: (unit: Api.UnitForm, now: number) =>
   *   unknown, flags: (unit: Api.UnitForm, now: number) => unknown}}} options timeline: whether the reader may read what the
   *   unit did. parts: how the page writes a unit's fields.
   */
  constructor(root, screen, options) {
    this.root = root;
    this.screen = screen;
    this.options = options;
    /** @type {string | null} */
    this.id = null;
    /** @type {Api.TimelineItem[] | null} */
    this.items = null;
    this.error = "";
    this.asked = 0;
    this.seen = "";
  }

  /** @param {string | null} id of a unit */
  show(id) {
    if (id === this.id) return;
    Object.assign(this, { id, items: null, error: "", seen: "" });
    clearTimeout(this.asked);
    this.root.hidden = !id;
    if (!id) render(nothing, this.root);
  }

  /**
   * Read what it did, once the reader rests on it and again when its status or incident has changed.
   * @param {Api.UnitForm} unit
   */
  refresh(unit) {
    const key = `${unit.status_at} ${unit.incident?.id} ${unit.flags.emergency} ${unit.flags.talk_request}`;
    if (!this.options.timeline || this.seen === key) return;
    this.seen = key;
    clearTimeout(this.asked);
    this.asked = setTimeout(async () => {
      try {
        const { items } = await get(`units/${unit.id}/timeline?limit=200`);
        if (unit.id !== this.id) return;
        this.items = items.reverse();
        this.error = "";
      } catch (error) {
        if (unit.id !== this.id) return;
        this.error = error instanceof Error ? error.message : String(error);
      }
      this.screen.draw();
    }, REST_MS);
  }

  /** @param {number} now */
  draw(now) {
    const unit = this.id ? this.screen.store.things.units.get(this.id) : null;
    if (!this.id) return;
    if (!unit) return this.show(null);
    this.refresh(unit);
    const { parts } = this.options;
    const fields = [
      [
        words.state,
        html`${nameOf("statuses", unit.status)} <span class="num soft">${lengthText(now - Date.parse(unit.status_at), words.days)}</span>`,
      ],
      [words.incident, unit.incident || unit.stacked.length ? parts.incident(unit) : words.no_incident],
      [words.agency, nameOf("agencies", unit.agency)],
      [words.station, parts.station(unit)],
      [words.can, parts.abilities(unit)],
      [words.crew, html`<span class="num">${unit.crew ?? words.unknown}</span> ${parts.people(unit)}`],
      [words.position, parts.fix(unit, now)],
    ];
    render(
      html`<header>${unitChip(unit.callsign, unit.status, unit.fms)} <h2 id="unit-card-head">${unit.callsign}</h2><span class="grow"></span>
        <button type="button" class="quiet" @click=${this.options.close}>${words.close} <kbd>Esc</kbd></button></header>
      <div class="card-body" tabindex="0" role="group" aria-labelledby="unit-card-head">
      <p>${parts.flags(unit, now)}</p>
      <dl class="fields">${fields.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      ${this.options.timeline ? html`<h3>${fill(words.last_hours, { count: 8 })}</h3>${this.past()}` : nothing}
      </div>`,
      this.root,
    );
  }

  past() {
    if (this.error) return html`<p class="late" role="alert">${this.error}</p>`;
    if (!this.items) return html`<p class="soft">${words.loading}</p>`;
    if (!this.items.length) return html`<p class="soft">${words.nothing_done}</p>`;
    return html`<ol class="past">${this.items.map(
      (item) => html`<li><span class="num mute">${this.screen.timeText(item.at, true)}</span><span>${item.text}
      <span class="mute"><bdi>${item.actor.name}</bdi>${item.desk ? ` · ${item.desk}` : ""}</span></span></li>`,
    )}</ol>`;
  }
}
