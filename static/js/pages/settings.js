/**
 * The settings' forms: a point picked on the map, and codes offered with their names. Without scripts the fields are
 * typed in.
 */

import { words } from "../core/words.js";
import { mountMap } from "../features/map/index.js";

const DIGITS = 6;

/** A store with nothing in it: the map of a form shows places only. */
const EMPTY = {
  store: { seq: null, things: { incidents: new Map(), units: new Map() } },
  now: () => Date.now(),
  onDraw: (/** @type {(now: number) => void} */ draw) => draw(Date.now()),
};

/** @param {string} axis @returns {HTMLInputElement | null} */
const degrees = (axis) => document.querySelector(`input[data-axis="${axis}"]`);

function offerMap() {
  const [lat, lng] = [degrees("lat"), degrees("lng")];
  const row = lng?.closest(".form-row");
  if (!lat || !lng || !row) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.pick_on_map });
  const holder = Object.assign(document.createElement("div"), { className: "pick-map", hidden: true });
  const help = Object.assign(document.createElement("p"), {
    className: "help",
    textContent: words.pick_help,
    hidden: true,
  });
  button.setAttribute("aria-expanded", "false");
  row.append(button, help, holder);
  /** @type {import("../features/map/index.js").MapPart | null} */
  let map = null;
  const point = () => {
    const [y, x] = [Number.parseFloat(lat.value), Number.parseFloat(lng.value)];
    return Number.isFinite(y) && Number.isFinite(x) && Math.abs(y) <= 90 && Math.abs(x) <= 180
      ? { lat: y, lng: x }
      : null;
  };
  const show = () => map?.showPoint(point());
  button.addEventListener("click", () => {
    holder.hidden = help.hidden = !holder.hidden;
    button.setAttribute("aria-expanded", String(!holder.hidden));
    if (holder.hidden) return;
    holder.scrollIntoView({ block: "nearest" });
    map ??= mountMap(holder, {
      screen: /** @type {any} */ (EMPTY),
      onPick: (pick) => {
        if (pick.kind !== "point") return;
        for (const [field, value] of /** @type {[HTMLInputElement, number][]} */ ([
          [lat, pick.lat],
          [lng, pick.lng],
        ])) {
          field.value = value.toFixed(DIGITS);
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      },
    });
    const at = point();
    if (at) map.focus(at.lat, at.lng);
    show();
  });
  for (const field of [lat, lng]) field.addEventListener("input", show);
}

/**
 * Codes with their names beside a field: a list to choose from for one, a choice that adds a line for several.
 * @param {HTMLTemplateElement} template
 */
function offerCodes(template) {
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (
    document.querySelector(`[name="${template.dataset.offers}"]`)
  );
  if (!field) return;
  if (field instanceof HTMLInputElement) {
    const list = Object.assign(document.createElement("datalist"), { id: `${field.id}-offers` });
    list.append(template.content.cloneNode(true));
    field.setAttribute("list", list.id);
    field.after(list);
    return;
  }
  const select = document.createElement("select");
  select.setAttribute("aria-label", words.add_line);
  select.append(new Option(words.add_line, ""), template.content.cloneNode(true));
  select.addEventListener("change", () => {
    const lines = field.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    if (select.value && !lines.includes(select.value)) field.value = [...lines, select.value].join("\n");
    select.value = "";
  });
  field.after(select);
}

offerMap();
for (const template of document.querySelectorAll("template[data-offers]"))
  offerCodes(/** @type {HTMLTemplateElement} */ (template));
