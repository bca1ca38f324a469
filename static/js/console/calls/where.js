/** Where it is: a place by its name however it is spelt, by coordinates, by the telephone's own fix, by a click on the map. */
import { html, nothing } from "lit-html";
import { Problem, get } from "../../api.js";
import { fill, words } from "../../parts/words.js";
import { comboFor } from "../../keys.js";
import { say } from "../../undo.js";
import { pickedPlace } from "./body.js";
import { Combobox } from "./combobox.js";

const SEARCH_MS = 90;
const SHORTEST = 2;
const EARTH_METRES = 6_371_000;

/** @typedef {import("./body.js").Spot} Spot */

/**
 * Metres between two points.
 * @param {{lat: number, lng: number}} one
 * @param {{lat: number, lng: number}} other
 */
export function metresBetween(one, other) {
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const x = radians(other.lng - one.lng) * Math.cos(radians((one.lat + other.lat) / 2));
  return Math.hypot(x, radians(other.lat - one.lat)) * EARTH_METRES;
}

/** @param {number} metres */
export function distanceText(metres) {
  return metres < 995 ? `${Math.round(metres / 5) * 5} m` : `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} km`;
}

/** @param {{lat: number, lng: number}} point */
export const pointText = ({ lat, lng }) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;

export class WherePart {
  /** @param {import("./work.js").Work} work @param {{next: () => void}} options next: to the next field */
  constructor(work, { next }) {
    this.work = work;
    this.next = next;
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    this.failed = false;
    /** What is known of the chosen point: areas, warnings, what happened here before. @type {any} */
    this.known = null;
    this.knownFor = "";
    /** @type {Combobox<any>} */
    this.combobox = new Combobox({
      id: "where",
      text: () => work.body.place.text,
      onText: (text) => this.typed(text),
      onPick: (item) => this.choose(item),
      onEnter: () => this.next(),
      onOpen: () => this.search(work.body.place.text),
      option: (item) => this.option(item),
      draw: () => work.screen.draw(),
    });
    work.onChange(() => this.lookUp());
  }

  /** @param {string} text */
  typed(text) {
    const { place } = this.work.body;
    // Words added behind a chosen place say more about it; other words mean another place.
    const spot = place.spot && text.startsWith(place.spot.label) ? place.spot : null;
    this.work.change({ place: { text, said: spot ? place.said : "", spot, verified: spot ? place.verified : false } });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.search(text), SEARCH_MS);
  }

  /** @param {string} text */
  async search(text) {
    this.asking?.abort();
    if (text.trim().length < SHORTEST) return this.combobox.close();
    const asking = new AbortController();
    this.asking = asking;
    const fix = this.work.call?.location;
    const near = fix ? `&near=${fix.lat},${fix.lng}` : "";
    try {
      const found = await get(`places?q=${encodeURIComponent(text.trim())}${near}`, { signal: asking.signal });
      this.failed = false;
      if (this.work.body.place.text === text) this.combobox.suggest(found.items);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      this.failed = true;
      this.combobox.close();
    }
  }

  /** @param {any} item */
  option(item) {
    const fix = this.work.call?.location;
    const metres = fix ? metresBetween(fix, item) : null;
    const near = metres !== null && fix ? metres <= Math.max(fix.accuracy_metres ?? 0, 100) : false;
    const rest = item.label.startsWith(item.name) ? item.label.slice(item.name.length).replace(/^[,·\s]+/, "") : item.label;
    return html`<span class="kind">${words[`kind_${item.kind}`] ?? item.kind}</span>
      <span><b>${item.name}</b> <span class="soft">${rest === item.name ? "" : rest}</span>${item.outside ? html` <b class="soon">${words.outside}</b>` : ""}</span>
      <span class=${near ? "ok" : "soft"}>${metres === null ? "" : near ? fill(words.phone_agrees, { distance: distanceText(metres) }) : distanceText(metres)}</span>`;
  }

  /** @param {any} item */
  choose(item) {
    const { id, kind, name, label, lat, lng, score } = item;
    this.work.change({ place: pickedPlace(this.work.body.place, { id, kind, name, label, lat, lng, score }) });
    this.next();
  }

  /** The telephone's own fix, in one key. */
  takePhone() {
    const fix = this.work.call?.location;
    if (!fix) return say(words.no_phone_place, { tone: "bad" });
    this.point(fix.lat, fix.lng, "phone", fill(words.phone_place, { source: fix.source.toUpperCase(), metres: Math.round(fix.accuracy_metres ?? 0) }));
  }

  /** A point without a name: what was typed stays as what the caller said. @param {number} lat @param {number} lng @param {string} kind @param {string} named */
  point(lat, lng, kind, named) {
    const label = `${named} ${pointText({ lat, lng })}`;
    this.work.change({ place: pickedPlace(this.work.body.place, { id: `${kind}:${lat},${lng}`, kind, name: named, label, lat, lng }) });
  }

  /** Ask once about each chosen point. */
  async lookUp() {
    const { spot } = this.work.body.place;
    const asked = spot ? `${spot.lat},${spot.lng}` : "";
    if (asked === this.knownFor) return;
    this.knownFor = asked;
    this.known = null;
    if (!spot) return;
    try {
      const known = await get(`places/at?lat=${spot.lat}&lng=${spot.lng}`);
      if (this.knownFor === asked) this.known = known;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this.knownFor === asked) [this.known, this.knownFor] = [{}, error.passing ? "?" : asked];
    }
    this.work.screen.draw();
  }

  /** Where the chosen point lies, in words. */
  areas() {
    const { known } = this;
    if (!known) return "";
    return [known.desa?.name, known.kecamatan?.name, known.island?.name, known.outside ? words.outside : null, known.neighbour]
      .filter(Boolean).join(" · ");
  }

  template() {
    const { place } = this.work.body;
    const { spot } = place;
    const left = this.failed ? html`<span class="soon">${words.no_suggestions}</span>`
      : spot ? html`<span class="ok" aria-hidden="true">✓</span> <span class=${this.known?.outside ? "soon" : "soft"}>${this.known ? this.areas() : words.looking_up}</span>
        <span class="num mute">${pointText(spot)}</span>`
      : place.text ? html`<span class="soft">${words.place_as_words}</span>` : html`<span class="mute">${words.place_help}</span>`;
    return html`<div class="where">${this.combobox.template({
      label: words.where_is_it,
      hint: html`<kbd>${comboFor("place")}</kbd>${this.work.call?.location ? html`<button type="button" class="slim" @click=${() => this.takePhone()}>${words.take_phone}
        <kbd>${comboFor("phone_place")}</kbd></button>` : nothing}`,
    })}<div class="under">${left}<span class="grow"></span>
      ${place.said ? html`<span class="soft said">“${place.said}”</span>` : nothing}
      ${place.text ? html`<label class="read-back"><input type="checkbox" .checked=${place.verified}
        @change=${(/** @type {Event} */ event) => this.work.change({ place: { ...place, verified: /** @type {HTMLInputElement} */ (event.target).checked } })}>
        ${words.place_read_back}</label>` : nothing}</div></div>`;
  }
}
