/**
 * The side panel of the board: the selected incident with what was said, its clocks, what is recommended, its timeline.
 */
import { html, nothing, render } from "lit-html";
import { attentionOf } from "../../components/attention.js";
import { assigned, clockPart, incidentWords, placePart, TASK_MARKS } from "../../components/incidents.js";
import { needChips } from "../../components/needs.js";
import { priorityMark } from "../../components/priority.js";
import { unitChip } from "../../components/units.js";
import { get } from "../../core/api.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";

const REST_MS = 250; // the arrows run past rows: only where they rest is anything read
const RECENT = 6; // entries of the timeline

/**
 * @typedef {{incident: Api.IncidentForm | null, timeline: Api.TimelineItem[] | null, recommendation: Api.Recommendation | null, error: string}} Detail
 */

export class Peek {
  /**
   * @param {HTMLElement} root
   * @param {import("../../core/screen.js").Screen} screen
   * @param {{recommends: boolean, acts: () => {label: string, key: string, main?: boolean, act: () => void}[], close:
   *   () => void}} options
   */
  constructor(root, screen, options) {
    this.root = root;
    this.screen = screen;
    this.options = options;
    /** @type {string | null} */
    this.id = null;
    /** @type {Detail} */
    this.detail = { incident: null, timeline: null, recommendation: null, error: "" };
    this.asked = 0;
    this.seen = "";
  }

  /** Show an incident, or nothing. @param {string | null} id */
  show(id) {
    if (id === this.id) return;
    this.id = id;
    this.detail = { incident: null, timeline: null, recommendation: null, error: "" };
    this.seen = "";
    clearTimeout(this.asked);
    this.root.hidden = !id;
    if (!id) render(nothing, this.root);
  }

  /**
   * Read what the board does not carry, once the reader rests on it and again when it has changed.
   * @param {Api.IncidentForm} incident
   */
  refresh(incident) {
    if (this.seen === incident.changed_at) return;
    this.seen = incident.changed_at;
    clearTimeout(this.asked);
    this.asked = setTimeout(() => this.read(incident.id), REST_MS);
  }

  /** @param {string} id */
  async read(id) {
    const wants = this.options.recommends;
    const [incident, timeline, recommendation] = await Promise.allSettled([
      get(`incidents/${id}`),
      get(`incidents/${id}/timeline`),
      wants ? get(`incidents/${id}/recommendation`) : Promise.resolve(null),
    ]);
    if (id !== this.id) return;
    const failed = [incident, timeline].find((one) => one.status === "rejected");
    this.detail = {
      incident: incident.status === "fulfilled" ? incident.value : this.detail.incident,
      timeline: timeline.status === "fulfilled" ? timeline.value.items.slice(-RECENT).reverse() : this.detail.timeline,
      recommendation: recommendation.status === "fulfilled" ? recommendation.value : null,
      error: failed && failed.status === "rejected" ? String(failed.reason?.message ?? failed.reason) : "",
    };
    this.screen.draw();
  }

  /** @param {number} now @param {unknown[]} missing chips of what is not there yet */
  draw(now, missing) {
    const { store } = this.screen;
    const incident = this.id ? store.things.incidents.get(this.id) : null;
    if (!this.id) return;
    if (!incident) return this.show(null);
    this.refresh(incident);
    const { detail } = this;
    const sent = assigned(incident);
    const tasks = incident.tasks.filter((task) => task.state !== "withdrawn");
    const narrative = detail.incident?.narrative ?? incident.narrative;
    render(
      html`<header>${priorityMark(incident.priority)} <h2 id="peek-head"><span class="num">${incident.number}</span> ${incidentWords(incident)}</h2><span class="grow"></span>
        <button type="button" class="quiet" @click=${this.options.close}>${words.close} <kbd>Esc</kbd></button></header>
      <div class="peek-body" tabindex="0" role="group" aria-labelledby="peek-head">
      <div class="peek-place">${placePart(incident)}${incident.location.verified ? nothing : html`<small class="soon">▲ ${words.not_read_back}</small>`}</div>
      ${narrative ? html`<blockquote><bdi>${narrative}</bdi></blockquote>` : nothing}
      <div class="peek-clock">${clockPart(incident, now, attentionOf(store, incident, now))}</div>
      <p class="chips">${sent.map((part) => unitChip(part.callsign, part.status, part.fms))}${missing}${
        !sent.length && !missing.length ? html`<span class="soft">${words.no_unit}</span>` : nothing
      }</p>
      ${this.recommended(detail.recommendation)}
      ${
        tasks.length
          ? html`<h3>${words.agencies}</h3><p class="chips">${tasks.map(
              (
                task,
              ) => html`<span class="task ${task.state}">${task.agency}<i aria-hidden="true">${TASK_MARKS[task.state] ?? ""}</i><span
        class="sr">${nameOf("tasks", task.state)}</span>${task.state === "offered" ? html` <b class="num">${lengthText(now - Date.parse(task.at), words.days)}</b>` : nothing}</span>`,
            )}</p>`
          : nothing
      }
      <h3>${words.timeline}</h3>
      ${detail.error ? html`<p class="late" role="alert">${detail.error}</p>` : nothing}
      ${
        detail.timeline
          ? html`<ol class="peek-timeline">${detail.timeline.map(
              (item) => html`<li><span class="num mute">${this.screen.timeText(item.at, true)}</span><span
        title=${item.note?.text ?? item.text}>${item.text}${item.note ? html` <q><bdi>${item.note.text}</bdi></q>` : nothing} <span class="mute">${item.actor.name}</span></span></li>`,
            )}</ol>`
          : html`<p class="soft">${words.loading}</p>`
      }
      </div>
      <footer>${this.options.acts().map(({ label, key, main, act }) => html`<button type="button" class=${main ? "main" : ""} @click=${act}>${label} <kbd>${key}</kbd></button>`)}</footer>`,
      this.root,
    );
  }

  /** @param {Api.Recommendation | null} recommendation */
  recommended(recommendation) {
    if (!recommendation || (!recommendation.picks.length && !recommendation.shortfall.length)) return nothing;
    const { store } = this.screen;
    return html`<h3>${words.recommended}</h3><ul class="peek-picks">${recommendation.picks.slice(0, 4).map((pick) => {
      const unit = store.things.units.get(pick.unit);
      return html`<li>${unitChip(pick.callsign, unit?.status ?? "available_station", unit?.fms ?? null)}<b class="num">${
        pick.travel_seconds === null
          ? ""
          : fill(words.minutes_short, {
              count: Math.max(1, Math.round(pick.travel_seconds / 60)),
            })
      }</b><span class="soft">${pick.reasons.join(" · ")}</span></li>`;
    })}</ul>${recommendation.shortfall.map(
      (short) =>
        html`<p class="soon">${needChips([
          {
            capability: recommendation.needs.find((need) => need.id === short.need)?.capability ?? "",
            count: short.missing,
          },
        ])} ${short.reasons.join(" · ")}</p>`,
    )}`;
  }
}
