/**
 * The filter of the board's list: chips with counts, agency, district and text. Counts come from the same rows as the
 * list.
 */
import { html, render } from "lit-html";
import { attentionOf } from "../../components/attention.js";
import { assigned, incidentHas } from "../../components/incidents.js";
import { nameOf, words } from "../../core/words.js";

/** @typedef {import("../../core/store.js").Store} Store */

const UNSENT = new Set(["new", "triaged", "reopened"]);

/** What each chip lets through. @type {Record<string, (incident: Api.IncidentForm, store: Store, now: number) => boolean>} */
const CHIPS = {
  all: () => true,
  no_unit: (incident) => !assigned(incident).length && UNSENT.has(incident.state),
  late: (incident, store, now) => ["late", "known"].includes(attentionOf(store, incident, now)),
  mine: (incident) => incident.owner?.id === document.body.dataset.user,
};

const { compare } = new Intl.Collator("id", { numeric: true });

export class Filters {
  /** @param {HTMLElement} root @param {HTMLInputElement} field @param {() => void} changed */
  constructor(root, field, changed) {
    this.root = root;
    this.field = field;
    this.changed = changed;
    this.chip = "all";
    this.agency = "";
    this.district = "";
    // One stop for the Tab key; the arrows move inside.
    root.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const controls = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("button, select")]);
      const at = controls.indexOf(/** @type {HTMLElement} */ (event.target));
      if (!step || at < 0) return;
      controls[(at + step + controls.length) % controls.length].focus();
      event.preventDefault();
    });
  }

  /** A text that is different for the rows of each choice. */
  get key() {
    return [this.chip, this.agency, this.district, this.field.value].join("|");
  }

  /** Whether everything is shown. */
  get open() {
    return this.chip === "all" && !this.agency && !this.district && !this.field.value.trim();
  }

  clear() {
    Object.assign(this, { chip: "all", agency: "", district: "" });
    this.field.value = "";
    this.changed();
  }

  /** The incidents that the choices let through. @param {Store} store @param {Api.IncidentForm[]} incidents @param {number} now */
  apply(store, incidents, now) {
    const wanted = this.field.value.trim().toLowerCase();
    return this.narrowed(incidents).filter(
      (incident) => CHIPS[this.chip](incident, store, now) && incidentHas(incident, wanted),
    );
  }

  /** By agency and district only: what the chips count. @param {Api.IncidentForm[]} incidents */
  narrowed(incidents) {
    return incidents.filter(
      (incident) =>
        (!this.agency || incident.tasks.some((task) => task.agency === this.agency)) &&
        (!this.district || incident.location.kecamatan === this.district),
    );
  }

  /**
   * What the chips and lists show: counts by chip, agencies and districts.
   * @param {Store} store
   * @param {Api.IncidentForm[]} incidents all that are open
   * @param {number} now
   */
  summary(store, incidents, now) {
    const wanted = this.field.value.trim().toLowerCase();
    const counted = this.narrowed(incidents).filter((incident) => incidentHas(incident, wanted));
    return {
      counts: Object.fromEntries(
        Object.entries(CHIPS).map(([chip, has]) => [
          chip,
          counted.filter((incident) => has(incident, store, now)).length,
        ]),
      ),
      agencies: [...new Set(incidents.flatMap((incident) => incident.tasks.map((task) => task.agency)))].sort(),
      districts: [...new Set(incidents.flatMap((incident) => incident.location.kecamatan ?? []))].sort((one, other) =>
        compare(nameOf("kecamatan", one), nameOf("kecamatan", other)),
      ),
    };
  }

  /** @param {ReturnType<Filters["summary"]>} summary @param {string[]} chips those that this reader has */
  draw({ counts, agencies, districts }, chips) {
    render(
      html`${chips.map(
        (
          chip,
          at,
        ) => html`<button type="button" class="chip" tabindex=${at ? -1 : 0} aria-pressed=${this.chip === chip ? "true" : "false"}
      @click=${() => this.choose({ chip })}>${words[`chip_${chip}`]} <b class="num">${counts[chip]}</b></button>`,
      )}
      ${this.select(
        "agency",
        words.agency,
        agencies.map((code) => [code, code]),
      )}
      ${this.select(
        "district",
        words.district,
        districts.map((code) => [code, nameOf("kecamatan", code)]),
      )}`,
      this.root,
    );
  }

  /** @param {"agency" | "district"} name @param {string} label @param {string[][]} options */
  select(name, label, options) {
    const value = this[name];
    if (value && !options.some(([code]) => code === value))
      options.push([value, name === "district" ? nameOf("kecamatan", value) : value]);
    return html`<select class="chip" tabindex="-1" aria-label=${label} @change=${(/** @type {any} */ event) => this.choose({ [name]: event.target.value })}>
      <option value="" ?selected=${!value}>${label}</option>${options.map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}</select>`;
  }

  /** @param {{chip?: string, agency?: string, district?: string}} choice */
  choose(choice) {
    Object.assign(this, choice);
    this.changed();
  }
}
