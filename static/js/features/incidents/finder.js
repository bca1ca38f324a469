/** Incidents and calls of the last year: by number, place or phone, however that is written. */
import { html, nothing } from "lit-html";
import { priorityMark } from "../../components/priority.js";
import { selection } from "../../components/selection.js";
import { get, Problem } from "../../core/api.js";
import { fill, isolated, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

const WAIT_MS = 200;
const LEAST = 3;
const MOST = 20;
const YEAR_MS = 366 * 86_400_000;

/**
 * What fits some words in the last year, open or not.
 * @param {string} what @param {number} now
 * @returns {Promise<{incidents: Api.IncidentForm[], calls: Api.CallForm[]}>}
 */
export async function findPast(what, now) {
  const since = encodeURIComponent(new Date(now - YEAR_MS).toISOString());
  const digits = what.replace(/\D/g, "");
  const phone = digits.length >= 5 && /^[\d\s+().-]+$/.test(what);
  const [incidents, calls] = await Promise.all([
    get(`incidents?q=${encodeURIComponent(what)}&since=${since}&limit=${MOST}`),
    phone ? get(`calls?number=${encodeURIComponent(what)}&since=${since}&limit=${MOST}`) : { items: [] },
  ]);
  const shown = new Set(incidents.items.map((/** @type {Api.IncidentForm} */ one) => one.id));
  return {
    incidents: incidents.items,
    calls: calls.items.filter((/** @type {Api.CallForm} */ call) => !shown.has(call.incident?.id)),
  };
}

/**
 * Those finds as rows of words, each with what opens it.
 * @param {{incidents: Api.IncidentForm[], calls: Api.CallForm[]}} found
 * @param {import("../../core/screen.js").Screen} screen
 */
export function foundRows(found, screen) {
  const day = (/** @type {string} */ at) =>
    new Date(at).toLocaleDateString(document.documentElement.lang, {
      day: "numeric",
      month: "short",
      timeZone: screen.root.dataset.timeZone,
    });
  return [
    ...found.incidents.map((one) => ({
      incident: one.id,
      call: null,
      label: html`${priorityMark(one.priority)} <b class="num">${one.number}</b> ${nameOf("types", one.type)}`,
      detail: [
        isolated(one.location.text),
        nameOf("incident_states", one.state),
        `${day(one.created_at)} ${screen.timeText(one.created_at)}`,
      ].join(" · "),
    })),
    ...found.calls.map((one) => ({
      incident: one.incident?.id ?? null,
      call: one.id,
      label: html`<b class="num">${one.number}</b>`,
      detail: [
        fill(words.found_call, { time: `${day(one.started_at)} ${screen.timeText(one.started_at)}` }),
        one.disposition ? nameOf("dispositions", one.disposition) : "",
        one.incident ? fill(words.incident_number, one.incident) : "",
      ]
        .filter(Boolean)
        .join(" · "),
    })),
  ];
}

export class Finder {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {{incidents: Api.IncidentForm[], calls: Api.CallForm[]} | null} */
    this.found = null;
    this.busy = false;
    this.timer = 0;
    /** @type {string} */
    this.what = "";
    /** What to do with the finds once they are there: Enter is often pressed before. @type {(() => void) | null} */
    this.whenFound = null;
  }

  /** @param {string} what */
  look(what) {
    clearTimeout(this.timer);
    this.whenFound = null;
    this.what = what.trim();
    this.found = null;
    this.busy = this.what.length >= LEAST;
    if (this.busy) this.timer = window.setTimeout(() => this.ask(this.what), WAIT_MS);
  }

  /** @param {string} what */
  async ask(what) {
    try {
      const found = await findPast(what, this.desk.screen.now());
      if (what !== this.what) return;
      // Those that are open stand above already.
      found.incidents = found.incidents.filter((one) => !this.desk.store.things.incidents.has(one.id));
      this.found = found;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.found = { incidents: [], calls: [] };
    }
    this.busy = false;
    this.desk.screen.draw();
    this.whenFound?.();
    this.whenFound = null;
  }

  /**
   * To the first find, as soon as it is there; opened at once where it was asked for by Enter.
   * @param {HTMLElement} root
   * @param {boolean} open
   */
  focus(root, open) {
    if (this.busy) {
      this.whenFound = () =>
        root.contains(document.activeElement) || document.activeElement?.id === "incidents-filter"
          ? this.focus(root, open)
          : undefined;
      return;
    }
    const button = root.querySelector("button");
    button?.focus();
    if (open) button?.click();
  }

  /** What was found, under the list. */
  part() {
    if (this.busy) return html`<p class="empty">${words.searching}</p>`;
    if (!this.found) return nothing;
    const rows = foundRows(this.found, this.desk.screen);
    if (!rows.length) return html`<p class="empty">${words.found_none}</p>`;
    return html`<h3>${words.found}</h3><ul>${rows.map(
      (row) => html`<li class="row"><span></span><button @click=${() =>
        row.incident
          ? selection.chooseIncident(row.incident)
          : selection.chooseCall(row.call)} @keydown=${stepFound}><span>${row.label}</span>
      <small class="soft">${row.detail}</small></button></li>`,
    )}</ul>`;
  }
}

/** Arrows go from find to find. @param {KeyboardEvent} event */
function stepFound(event) {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!by || !(event.currentTarget instanceof HTMLElement)) return;
  const buttons = [...(event.currentTarget.closest("ul")?.querySelectorAll("button") ?? [])];
  buttons[buttons.indexOf(/** @type {HTMLButtonElement} */ (event.currentTarget)) + by]?.focus();
  event.preventDefault();
}
