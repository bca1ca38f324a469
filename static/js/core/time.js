/** Lengths of time as a clock on the wall would show them, and as one would say them. */
import { html } from "lit-html";
import { fill, words } from "./words.js";

/**
 * A length of time, never negative: seen as "0:47", "12:03", "1:12:30", "3 d", read aloud as "47 seconds". In a
 * template it is both; in a sentence or an attribute it is the text.
 * @typedef {import("lit-html").TemplateResult & {toString: () => string}} Length
 */

/**
 * @param {number} milliseconds
 * @param {string} days what stands for days in the reader's language
 * @returns {Length}
 */
export function lengthText(milliseconds, days = "d") {
  const text = shortText(milliseconds, days);
  return Object.assign(
    html`<span aria-hidden="true">${text}</span><span class="sr">${lengthWords(milliseconds)}</span>`,
    { toString: () => text },
  );
}

/** @param {number} milliseconds @param {string} days */
function shortText(milliseconds, days) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} ${days}`;
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * A length for the ear: "47 seconds", "2 minutes 5 seconds", "1 hour 12 minutes", "3 days".
 * @param {number} milliseconds
 */
export function lengthWords(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  /** @param {string} unit @param {number} count */
  const part = (unit, count) => fill(words[unit] ?? "{count}", { count });
  if (hours >= 48) return part("days_long", Math.floor(hours / 24));
  if (hours) return [part("hours", hours), minutes ? part("minutes", minutes) : ""].filter(Boolean).join(" ");
  if (!minutes) return part("seconds", seconds);
  return [part("minutes", minutes), seconds % 60 ? part("seconds", seconds % 60) : ""].filter(Boolean).join(" ");
}

/**
 * A target in whole units: "45 s", "15 min", "3 h".
 * @param {number} milliseconds
 */
export function targetText(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** The share of a target from which on a clock warns (docs/decisions/0014). */
export const SOON = 0.75;

/**
 * How a running clock stands against its target.
 * @param {number} elapsed
 * @param {number} target
 * @returns {"ok" | "soon" | "late"}
 */
export function urgency(elapsed, target) {
  if (elapsed >= target) return "late";
  return elapsed >= target * SOON ? "soon" : "ok";
}

const DAY = 86_400_000;
const AHEAD = 60_000;

/**
 * How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds.
 * @param {number} moment
 * @param {string} timeZone
 */
function offsetAt(moment, timeZone) {
  const there = new Date(moment).toLocaleString("sv-SE", { timeZone }); // Swedish dates are ISO's
  return Date.parse(`${there.replace(" ", "T")}Z`) - Math.floor(moment / 1000) * 1000;
}

/**
 * The moments at which clocks of a time zone show a date and time, whatever zone the browser is set to: one as a rule,
 * none where clocks are put forward over it, two where they are put back over it, the earlier first.
 * @param {string} written "2026-11-24T22:05", as a field for a date and time has it
 * @param {string} timeZone of the site, such as "Asia/Jakarta"
 * @returns {number[]} milliseconds
 */
export function momentsAt(written, timeZone) {
  const asUtc = Date.parse(`${written}Z`);
  const offsets = new Set([offsetAt(asUtc - DAY, timeZone), offsetAt(asUtc + DAY, timeZone)]);
  return [...offsets]
    .map((offset) => asUtc - offset)
    .filter((moment) => moment + offsetAt(moment, timeZone) === asUtc)
    .sort((one, other) => one - other);
}

/**
 * As `momentsAt`, one moment in any case: of two the later one; a time that clocks leave out counts on from before.
 * @param {string} written
 * @param {string} timeZone
 * @returns {number} milliseconds
 */
export function momentAt(written, timeZone) {
  const asUtc = Date.parse(`${written}Z`);
  return momentsAt(written, timeZone).at(-1) ?? asUtc - offsetAt(asUtc - DAY, timeZone);
}

/**
 * The moment that a written time means: "14:05", "1405", "14.05" as the last such time at the site, "-5" minutes ago.
 * Of two such times (clocks were put back) the later one that is past; a time that clocks left out is none.
 * @param {string} typed
 * @param {number} now milliseconds
 * @param {string} timeZone of the site, such as "Asia/Jakarta"
 * @returns {number | null} milliseconds; null where it is no time
 */
export function momentOf(typed, now, timeZone) {
  const ago = /^-(\d{1,3})$/.exec(typed);
  if (ago) return now - Number(ago[1]) * 60_000;
  const clock = /^(\d{1,2})[:.]?(\d{2})(?:[:.](\d{2}))?$/.exec(typed);
  if (!clock) return null;
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const clockText = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}`;
  for (const day of [now, now - DAY]) {
    const date = new Date(day).toLocaleDateString("sv-SE", { timeZone });
    const moments = momentsAt(`${date}T${clockText}`, timeZone);
    const past = moments.filter((moment) => moment <= now + AHEAD).at(-1);
    if (past !== undefined) return Math.min(past, now);
    // Clocks were put forward over it today: it is no time, and yesterday's is not meant.
    if (!moments.length && clockText < new Date(now).toLocaleTimeString("sv-SE", { timeZone })) return null;
  }
  return null;
}

/** @param {number} number */
const pad = (number) => String(number).padStart(2, "0");
