/** What is known around a call: the same event, warnings of the place, what its number did before. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { safetyPart } from "../../components/contact-safety.js";
import { distanceText, metresBetween } from "../../components/place-results.js";
import { priorityMark } from "../../components/priority.js";
import { selection } from "../../components/selection.js";
import { openWarn } from "../../components/warning-form.js";
import { get, Problem } from "../../core/api.js";
import { comboFor } from "../../core/keys.js";
import { SecondPress } from "../../core/second-press.js";
import { lengthText } from "../../core/time.js";
import { say, unsay } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { callName } from "./call-names.js";
import { filedText } from "./past-calls.js";

const WAIT_MS = 350;
const AGAIN_MS = 10_000;
const MOST = 4;
const ASKED_MS = 8000;

export class SidePart {
  /**
   * @param {import("./call-form-model.js").Work} work
   * @param {{where: import("./place-field.js").WherePart, link: (incident: Api.IncidentForm) => unknown}} options
   */
  constructor(work, { where, link }) {
    this.work = work;
    this.where = where;
    this.link = link;
    /** @type {any} */
    this.context = null;
    this.asked = "";
    this.askedAt = 0;
    this.timer = 0;
    this.again = new SecondPress({ within: ASKED_MS });
    this.question = 0;
    work.onChange(() => this.want());
    work.screen.onChange((subject) => {
      if (subject.startsWith("incident:") && work.id !== null) this.want(true);
    });
  }

  /** Ask anew when the call, its place or its type is another one, and now and then when incidents change. */
  want(again = false) {
    const { id, body } = this.work;
    if (id === null) {
      this.context = null;
      this.asked = "";
      return;
    }
    const { spot } = body.place;
    const query = new URLSearchParams({
      ...(spot ? { lat: String(spot.lat), lng: String(spot.lng) } : {}),
      ...(body.type ? { type: body.type } : {}),
    });
    const wanted = `calls/${id}/context${query.size ? `?${query}` : ""}`;
    if (wanted === this.asked && !(again && performance.now() - this.askedAt > AGAIN_MS)) return;
    if (!this.asked.includes(id)) this.context = null;
    this.asked = wanted;
    this.askedAt = performance.now();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(wanted), this.context ? WAIT_MS : 0);
  }

  /** @param {string} wanted */
  async ask(wanted) {
    try {
      const context = await get(wanted);
      if (this.asked === wanted) this.context = context;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.passing && this.asked === wanted) this.asked = "";
    }
    this.work.screen.draw();
  }

  /**
   * Open incidents that the call may belong to, the likeliest first; not the one it is in.
   * @returns {{incident: Api.IncidentForm, reasons: string[], metres?: number | null}[]}
   */
  get likely() {
    const own = this.work.call?.incident?.id ?? (this.work.body.sent ? this.work.body.incident : null);
    const { incidents } = this.work.screen.store.things;
    return (this.context?.duplicates ?? [])
      .filter((/** @type {any} */ one) => one.incident.id !== own && incidents.has(one.incident.id))
      .map((/** @type {any} */ one) => ({ ...one, incident: incidents.get(one.incident.id) }));
  }

  /**
   * Link to the likeliest; a call that belongs to an incident already is moved by a second press only.
   * @param {Event} event
   */
  linkFirst(event) {
    const first = this.likely[0];
    const { call, body } = this.work;
    if (!first || !call) return false;
    if (event instanceof KeyboardEvent && event.repeat) return true;
    const own = call.incident?.number ?? (body.sent ? this.work.incident?.number : null) ?? null;
    if (own !== null) {
      const press = this.again.press(event, `${call.id} ${first.incident.id}`);
      if (press !== "early") unsay(this.question);
      if (press !== "early" && press !== "second")
        this.question = say(
          fill(words.ask_move, { number: callName(call), own, other: first.incident.number, key: comboFor("link") }),
          { tone: "bad", seconds: ASKED_MS / 1000 },
        );
      if (press !== "second") return true;
    }
    this.link(first.incident);
    return true;
  }

  /** @param {number} now */
  same(now) {
    const { likely } = this;
    const point = this.work.body.place.spot ?? this.work.call?.location ?? null;
    /** @param {typeof likely[number]} one @param {number} at */
    const row = ({ incident, reasons, metres: known }, at) => {
      const { lat, lng } = incident.location;
      const metres = known ?? (point && lat !== null && lng !== null ? metresBetween(point, { lat, lng }) : null);
      const facts = [
        metres === null ? null : fill(words.away, { distance: distanceText(metres) }),
        fill(words.ago, { age: lengthText(now - Date.parse(incident.created_at), words.days) }),
        incident.calls > 1 ? fill(words.calls_count, { count: incident.calls }) : null,
        ...reasons.map((/** @type {string} */ reason) => words[`reason_${reason}`] ?? null),
      ];
      return html`<li class="dup row"><span>${priorityMark(incident.priority)}</span><div><b><span class="num">${incident.number}</span> ${nameOf("types", incident.type)}</b>
        <span>${incident.location.text}</span><small class="soft">${facts.filter(Boolean).join(" · ")}</small></div>
        <button type="button" @click=${() => this.link(incident)}>${words.link}${at === 0 ? html` <kbd>${comboFor("link")}</kbd>` : nothing}</button></li>`;
    };
    // By incident, so that a button that has the focus stays that of its incident when the order changes.
    const list = repeat(likely.slice(0, MOST), ({ incident }) => incident.id, row);
    return html`<section class="panel same" aria-labelledby="same-head"><header><h2 id="same-head">${words.same_event}</h2>
      <span class=${likely.length ? "soon" : "soft"}>${likely.length ? fill(words.likely, { count: likely.length }) : words.none_likely}</span></header>${likely.length ? html`<ul class="rows scroll">${list}</ul>` : nothing}</section>`;
  }

  /** @param {number} now */
  below(now) {
    const { call } = this.work;
    const { known } = this.where;
    const warnings = known?.warnings ?? this.context?.place_warnings ?? [];
    const past = (known?.past ?? []).filter((/** @type {any} */ one) => one.number !== call?.incident?.number);
    return html`<section class="panel around" aria-labelledby="warnings-head"><header><h2 id="warnings-head">${words.warnings_here}</h2>
      ${warnings.length ? html`<b class="soon">▲ <span class="num">${warnings.length}</span></b>` : html`<span class="soft">${this.work.body.place.spot ? words.here_no_warnings : words.here_no_point}</span>`}${this.warnPart()}</header>
      ${
        warnings.length || past.length
          ? html`<dl class="scroll">${warnings.map((/** @type {any} */ one) => html`<dt class="soon">${words[`warning_${one.kind}`] ?? one.kind}</dt><dd>${one.text}</dd>`)}
        ${past.slice(0, 3).map((/** @type {any} */ one) => html`<dt>${words.before_here}</dt><dd><span class="num">${one.number}</span> ${nameOf("types", one.type)} · ${fill(words.ago, { age: lengthText(now - Date.parse(one.created_at), words.days) })}</dd>`)}</dl>`
          : nothing
      }
      ${call ? this.number(call, now) : nothing}</section>`;
  }

  /** Whoever has found a place may say what crews must know of it. */
  warnPart() {
    const { place } = this.work.body;
    if (!place.spot) return nothing;
    const { lat, lng } = place.spot;
    return html`<span class="grow"></span><button @click=${() => openWarn(this.work.screen, { lat, lng, text: place.text })}>${words.warn}</button>`;
  }

  /** @param {Api.CallForm} call @param {number} now */
  number(call, now) {
    const history = this.context?.history ?? [];
    const { spot } = this.work.body.place;
    const fix = call.location;
    const metres = fix && spot ? metresBetween(fix, spot) : null;
    const agrees = fix && metres !== null ? metres <= Math.max(fix.accuracy_metres ?? 0, 100) : false;
    return html`<header><h2>${words.this_number}</h2></header><dl>
      <dt>${words.call_history}</dt><dd>${call.number === null ? words.number_withheld : call.calls_before || history.length ? html`<b>${fill(words.calls_other, { count: Math.max(call.calls_before, history.length) })}</b>` : words.first_call}
        ${repeat(
          history.slice(0, 3),
          (/** @type {Api.CallForm} */ one) => one.id,
          (/** @type {Api.CallForm} */ one) =>
            html`<small><a href="?call=${one.id}" @click=${(/** @type {MouseEvent} */ event) => {
              event.preventDefault();
              selection.chooseCall(one.id);
            }}>${fill(words.ago, { age: lengthText(now - Date.parse(one.started_at), words.days) })}</a> ${filedText(one)}${
              one.incident ? html` → <span class="num">${one.incident.number}</span>` : nothing
            }</small>`,
        )}</dd>
      ${call.number === null ? nothing : html`<dt>${words.contact_safety}</dt><dd>${safetyPart(call.contact_safety)}</dd>`}
      <dt>${words.nuisance}</dt><dd>${call.nuisance.level ? html`<b class="soon">${fill(words.nuisance_level, { level: call.nuisance.level })}</b> · ${fill(words.strikes, { count: call.nuisance.strikes_24h })}` : words.none_known}</dd>
      <dt>${words.phone_place_head}</dt><dd>${
        fix
          ? html`${fix.source.toUpperCase()}, <span class="num">${Math.round(fix.accuracy_metres ?? 0)} m, ${fill(words.ago, { age: lengthText(now - Date.parse(fix.at), words.days) })}</span>
        ${metres === null ? nothing : agrees ? html`<b class="ok">${words.agrees}</b>` : html`<b class="soon">${fill(words.differs, { distance: distanceText(metres) })}</b>`}`
          : words.unknown
      }</dd></dl>`;
  }
}
