/**
 * Types of incidents by everyday words, as the call form finds them: the server ranks, codes and names are what is left
 * without it.
 */
import { html, nothing } from "lit-html";
import { get, Problem } from "../core/api.js";
import { names } from "../core/words.js";
import { priorityMark } from "./priority.js";

/**
 * @typedef {{code: string, name: string, priority: number | null, matched: string[], question: string, fits: boolean,
 *   preselect: boolean}} Found
 */

const MOST = 10;

/**
 * By code or name, without the server; the letter of a restricted group is no type.
 * @param {string} typed
 * @returns {Found[]}
 */
function byName(typed) {
  const low = typed.toLowerCase();
  return Object.entries(names.types ?? {})
    .filter(([code, name]) => code.length > 1 && `${code} ${name}`.toLowerCase().includes(low))
    .slice(0, MOST)
    .map(([code, name]) => ({
      code,
      name,
      priority: null,
      matched: [],
      question: "",
      fits: false,
      preselect: code.toLowerCase() === low,
    }));
}

/**
 * The types that may be meant, the best first; without words the first of all.
 * @param {string} typed @returns {Promise<Found[]>}
 */
export async function findTypes(typed) {
  const words = typed.trim();
  if (!words) return byName("");
  try {
    return (await get(`types?q=${encodeURIComponent(words)}`)).items;
  } catch (error) {
    if (error instanceof Problem) return byName(words);
    throw error;
  }
}

/** Priority, code and name. @param {Found} found */
export const typeLabel = (found) =>
  html`${found.priority ? priorityMark(found.priority) : nothing} <b>${found.code}</b> ${found.name}`;

/** The words that were met, and the question that decides between several. @param {Found} found */
export const typeDetail = (found) =>
  [found.matched[0] ?? "", found.fits ? found.question : ""].filter(Boolean).join(" · ");
