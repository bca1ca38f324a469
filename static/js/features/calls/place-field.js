/**
 * Where it is: a place by its name however it is spelt, by coordinates, by the telephone's own fix, by a click on the
 * map.
 */
import { html, nothing } from "lit-html";
import { Combobox } from "../../components/combobox.js";
import { distanceText, farText, placeLine, withMarks } from "../../components/place-results.js";
import { get, Problem } from "../../core/api.js";
import { comboFor } from "../../core/keys.js";
import { lengthText } from "../../core/time.js";
import { say } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";
import { pickedPlace } from "./draft.js";

const SEARCH_MS = 90;
const SHORTEST = 2;
/** @typedef {import("./draft.js").Spot} Spot */

/** @param {{lat: number, lng: number}} point */
export const pointText = ({ lat, lng }) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;

export class WherePart {
  /**
   * @param {import("./call-form-model.js").Work} work
   * @param {{next: () => void, middle?: () => {lat: number, lng: number} | null}} options next: to the next field;
   *   middle: of the map that is shown
   */
  constructor(work, { next, middle = () => null }) {
    this.work = work;
    this.next = next;
    this.middle = middle;
    /**
     * What was found for the words of the field.
     * @type {{text: string, items: any[], match: string, missing: string[]} | null}
     */
    this.found = null;
    /** Where the phone is, in words. */
    this.phone = { at: "", label: "" };
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    this.failed = false;
    /** The words that are looked up now or in a moment; null when none are. @type {string | null} */
    this.pending = null;
    /** What is known of the chosen point: areas, warnings, what happened here before. @type {any} */
    this.known = null;
    this.knownFor = "";
    /** @type {Combobox<any>} */
    this.combobox = new Combobox({
      id: "where",
      text: () => work.body.place.text,
      onText: (text) => this.typed(text),
      onPick: (item) => (item.kind === "phone" ? this.takePhone() && this.next() : this.choose(item)),
      onEnter: () => this.next(),
      onOpen: () => this.search(work.body.place.text),
      pending: () => this.pending !== null && this.pending === work.body.place.text,
      option: (item) => this.option(item),
      preselect: (items) => items.findIndex((item) => item.confident),
      isNote: (item) => item.kind === "note",
      confirm: (item) => this.asksAgain(item),
      status: (items) => this.statusText(items),
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
    this.pending = text.trim().length < SHORTEST ? null : text;
    this.timer = window.setTimeout(() => this.search(text), SEARCH_MS);
  }

  /** @param {string} text */
  async search(text) {
    this.asking?.abort();
    const { fix } = this;
    if (text.trim().length < SHORTEST) return fix ? this.combobox.suggest([{ kind: "phone" }]) : this.combobox.close();
    const asking = new AbortController();
    this.asking = asking;
    const middle = this.middle();
    const query = new URLSearchParams({ q: text.trim() });
    if (fix) query.set("near", `${fix.lat},${fix.lng}`);
    else if (middle) query.set("map", `${middle.lat.toFixed(5)},${middle.lng.toFixed(5)}`);
    try {
      const found = await get(`places?${query}`, { signal: asking.signal });
      this.failed = false;
      if (this.pending === text) this.pending = null;
      if (this.work.body.place.text !== text) return;
      this.found = { text, ...found };
      const note = found.match === "one" ? [] : [{ kind: "note" }];
      this.combobox.suggest([...(fix ? [{ kind: "phone" }] : []), ...note, ...found.items]);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (this.pending === text) this.pending = null;
      if (!(error instanceof Problem)) throw error;
      this.failed = true;
      this.combobox.giveUp();
    }
  }

  /** The telephone's own position. */
  get fix() {
    return this.work.call?.location ?? null;
  }

  /** What is said where nothing is preselected. */
  noteText() {
    const { found } = this;
    if (!found || found.match === "one") return "";
    const { missing, match, text, items } = found;
    if (match === "outside") return fill(words.place_outside, { name: items[0].name });
    if (match === "several") return fill(words.place_several, { text: text.trim() });
    if (match === "link") return words.place_link_empty;
    const some = missing.length > 0 && items.length > 0 && !/["“”]/.test(text);
    return fill(words.place_none, { text: some ? missing.join(" ") : text.trim() });
  }

  /** Why an item needs a second Enter; null where it needs none. @param {any} item */
  asksAgain(item) {
    if (!item?.label || !(item.outside || item.other_island)) return null;
    const distance = item.distance_metres === null ? "" : distanceText(item.distance_metres);
    const where = item.outside ? words.outside : (item.island_name ?? words.mainland);
    return fill(item.outside ? words.enter_again_outside : words.enter_again_island, {
      where: [where, distance].filter(Boolean).join(", "),
    });
  }

  /** What a screen reader hears of the list. @param {any[]} items */
  statusText(items) {
    const active = items[this.combobox.active];
    const again = active && this.combobox.asksAgain(active);
    if (again) return again;
    const count = items.filter((item) => item.label).length;
    return [this.noteText(), fill(words.suggestions, { count }), active ? "" : words.none_preselected]
      .filter(Boolean)
      .join(". ");
  }

  /** @param {any} item */
  option(item) {
    if (item.kind === "note")
      return html`<span class="sign" aria-hidden="true">×</span><b>${this.noteText()}</b><small class="mute">${words.none_preselected}</small>`;
    if (item.kind === "phone") {
      const { fix } = this;
      if (!fix) return nothing;
      return html`<span class="sign dot" aria-hidden="true"></span><span><b>${this.phone.label || pointText(fix)}</b>
        <small class="soft">${fill(words.phone_row, { metres: Math.round(fix.accuracy_metres ?? 0), age: lengthText(Math.max(0, this.work.screen.now() - Date.parse(fix.at)), words.days) })}</small></span><kbd>${comboFor("phone_place")}</kbd>`;
    }
    const again = this.combobox.asksAgain(item);
    const metres = item.distance_metres;
    const agrees = this.fix && metres !== null && metres <= Math.max(this.fix.accuracy_metres ?? 0, 100);
    const far = farText(item);
    return html`<span class="sign dot" aria-hidden="true"></span>
      <span><b>${withMarks(item.name, item.matched)}</b> <small class="soft">${placeLine(item)}</small>
        ${again ? html`<small class="again">${again}</small>` : far ? html`<small class="soon">${far}</small>` : nothing}</span>
      <b class="num ${agrees ? "ok" : this.fix ? "" : "soft"}" title=${this.fix ? words.from_phone : words.from_map}>${
        metres === null
          ? ""
          : agrees
            ? fill(words.phone_agrees, { distance: distanceText(metres) })
            : distanceText(metres)
      }</b>`;
  }

  /** @param {any} item */
  choose(item) {
    const { id, kind, name, label, lat, lng, score } = item;
    this.work.change({ place: pickedPlace(this.work.body.place, { id, kind, name, label, lat, lng, score }) });
    this.next();
  }

  /** The telephone's own fix, in one key. */
  takePhone() {
    const { fix } = this;
    if (!fix) {
      say(words.no_phone_place, { tone: "bad" });
      return false;
    }
    this.point(
      fix.lat,
      fix.lng,
      "phone",
      fill(words.phone_place, { source: fix.source.toUpperCase(), metres: Math.round(fix.accuracy_metres ?? 0) }),
    );
    return true;
  }

  /**
   * A point without a name: what was typed stays as what the caller said.
   * @param {number} lat
   * @param {number} lng
   * @param {string} kind
   * @param {string} named
   */
  point(lat, lng, kind, named) {
    const label = `${named} ${pointText({ lat, lng })}`;
    this.work.change({
      place: pickedPlace(this.work.body.place, { id: `${kind}:${lat},${lng}`, kind, name: named, label, lat, lng }),
    });
  }

  /** Ask once about each chosen point. */
  async lookUp() {
    this.lookUpPhone();
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

  /** Ask once where the phone is. */
  async lookUpPhone() {
    const { fix } = this;
    const at = fix ? `${fix.lat},${fix.lng}` : "";
    if (at === this.phone.at) return;
    this.phone = { at, label: "" };
    if (!fix) return;
    try {
      const known = await get(`places/at?lat=${fix.lat}&lng=${fix.lng}`);
      if (this.phone.at !== at) return;
      const kecamatan = known.kecamatan && fill(words.district_short, { name: known.kecamatan.name });
      this.phone.label = [known.desa?.name, kecamatan, known.island?.name, known.outside ? words.outside : null]
        .filter(Boolean)
        .join(", ");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    this.work.screen.draw();
  }

  /** Where the chosen point lies, in words. */
  areas() {
    const { known } = this;
    if (!known) return "";
    const named = [
      known.desa?.name,
      known.kecamatan?.name,
      known.island?.name,
      known.outside ? words.outside : null,
      known.neighbour,
    ];
    return named.filter(Boolean).join(" · ") || ("desa" in known ? words.no_area_here : "");
  }

  template() {
    const { place } = this.work.body;
    const { spot } = place;
    const left = this.failed
      ? html`<span class="soon">${words.no_suggestions}</span>`
      : spot
        ? html`<span class="ok" aria-hidden="true">✓</span> <span class=${this.known?.outside ? "soon" : "soft"}>${this.known ? this.areas() : words.looking_up}</span>
        <span class="num mute">${pointText(spot)}</span>`
        : place.text
          ? html`${this.found?.text === place.text && this.noteText() ? html`<b class="soon">${this.noteText()}</b>` : nothing}
        <span class="soft">${words.place_as_words}</span>`
          : html`<span class="mute">${words.place_help}</span>`;
    return html`<div class="where">${this.combobox.template({
      label: words.where_is_it,
      hint: html`<kbd>${comboFor("place")}</kbd>${
        this.work.call?.location
          ? html`<button type="button" class="slim" @click=${() => this.takePhone()}>${words.take_phone}
        <kbd>${comboFor("phone_place")}</kbd></button>`
          : nothing
      }`,
    })}<div class="under">${left}<span class="grow"></span>
      ${place.said ? html`<span class="soft said">“${place.said}”</span>` : nothing}
      ${
        place.text
          ? html`<label class="read-back"><input type="checkbox" .checked=${place.verified}
        @change=${(/** @type {Event} */ event) => this.work.change({ place: { ...place, verified: /** @type {HTMLInputElement} */ (event.target).checked } })}>
        ${words.place_read_back}</label>`
          : nothing
      }</div></div>`;
  }
}
