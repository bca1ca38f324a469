/**
 * Places that were found, as lists show them: what they are, where they lie, how far away, and what of them was typed.
 */
import { html } from "lit-html";
import { fill, nameOf, words } from "../core/words.js";

const EARTH_METRES = 6_371_000;

/**
 * A place of `GET places`.
 * @typedef {{kind: string, name: string, label: string, kecamatan: string | null, island_name: string | null,
 *   outside: boolean, other_island: boolean, matched: string[], confident: boolean, distance_metres: number | null}}
 *   FoundPlace
 */

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
  if (metres < 995) return `${Math.round(metres / 5) * 5} m`;
  const digits = metres < 9950 ? 1 : 0;
  return `${(metres / 1000).toLocaleString(document.documentElement.lang || "en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} km`;
}

/** The kind of a found place in words. @param {FoundPlace} item */
export const placeKind = (item) => words[`kind_${item.kind}`] ?? item.kind;

/**
 * The areas that a found place lies in: its label without its name, and without the island where that is said apart.
 * @param {FoundPlace} item
 */
export function placeDetail({ name, label, kecamatan, other_island, island_name }) {
  const rest = label.startsWith(name) ? label.slice(name.length) : label;
  const parts = rest
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part && !(other_island && part === island_name));
  const at = kecamatan ? parts.lastIndexOf(nameOf("kecamatan", kecamatan)) : -1;
  if (at >= 0) parts[at] = fill(words.district_short, { name: parts[at] });
  return parts.join(", ");
}

/**
 * Why a found place is not where somebody looks for it: it lies beyond the area, or the sea is between; "" otherwise.
 * @param {FoundPlace} item
 */
export function farText({ outside, other_island, island_name, name }) {
  if (outside) return words.outside;
  if (!other_island) return "";
  return island_name === null ? words.mainland : island_name === name ? words.other_island : island_name;
}

/** The kind and the areas of a found place, marked. @param {FoundPlace} item */
export function placeLine(item) {
  const own = new Set(item.name.split(/[\s,()]+/));
  const around = withMarks(
    placeDetail(item),
    item.matched.filter((word) => !own.has(word)),
  );
  return html`${placeKind(item)}${placeDetail(item) ? html` · ${around}` : ""}`;
}

/**
 * A text with the words marked that were typed.
 * @param {string} text
 * @param {string[]} [marked]
 */
export function withMarks(text, marked = []) {
  const set = new Set(marked);
  return text.split(/([\s,()]+)/).map((piece) => (set.has(piece) ? html`<mark>${piece}</mark>` : piece));
}
