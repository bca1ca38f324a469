/** Changing what is known of an incident; where somebody else changed the same field, both are shown to choose from. */
import { html, nothing } from "lit-html";
import { openBar } from "../../components/choice-bar.js";
import { findTypes, typeDetail, typeLabel } from "../../components/incident-types.js";
import { distanceText, farText, placeLine, withMarks } from "../../components/place-results.js";
import { openAsk } from "../../components/prompt-bar.js";
import { get, Problem, patch } from "../../core/api.js";
import { WAIT_MS } from "../../core/second-press.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../core/store.js").Form} Form */

/**
 * Send changes as of the version that is shown; a collision asks which of the two stands.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {Form} changes
 */
async function change(desk, incident, changes, version = incident.version) {
  try {
    await patch(`incidents/${incident.id}`, { version, ...changes });
    say(fill(words.changed, incident), { seconds: 3 });
    desk.fetch();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "version_conflict") return sayProblem(error);
    collide(desk, incident, changes, error);
  }
}

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {Form} changes @param {Problem} problem */
function collide(desk, incident, changes, problem) {
  const [first] = problem.members.conflicts;
  openBar({
    title: fill(words.conflict, {
      by: nameOfActor(desk, first.by),
      time: desk.screen.timeText(first.at),
      theirs: valueText(first.field, first.theirs),
      yours: valueText(first.field, first.yours),
    }),
    choices: [
      { key: "1", label: words.conflict_theirs, act: () => desk.fetch() },
      { key: "2", label: words.conflict_mine, act: () => change(desk, incident, changes, problem.members.version) },
    ],
  });
}

/** Who "user:UUID" is, among those at their desks. @param {Desk} desk @param {string} ref */
function nameOfActor(desk, ref) {
  return (
    desk.store.things.operators.get(ref.replace("user:", ""))?.name ??
    desk.known?.timeline.findLast((item) => item.actor.ref === ref)?.actor.name ??
    words.unknown
  );
}

/** @param {string} field @param {any} value @returns {string} */
function valueText(field, value) {
  if (value === null || value === undefined) return words.unknown;
  if (field === "type") return nameOf("types", value);
  if (field === "priority") return `P${value}`;
  if (field === "location") return value.text ?? words.unknown;
  return String(value);
}

/** @param {Desk} desk @param {Api.IncidentForm} incident */
export function askPriority(desk, incident) {
  openBar({
    title: fill(words.priority_bar, incident),
    choices: [1, 2, 3, 4, 5].map((priority) => ({
      key: String(priority),
      label: fill(words.priority, { priority }),
      act: () => change(desk, incident, { priority }),
    })),
  });
}

/** @param {Desk} desk @param {Api.IncidentForm} incident */
export function askType(desk, incident) {
  openAsk({
    title: fill(words.type_field, incident),
    hint: words.type_hint,
    // As in the call form: what is not sure to be meant is taken by arrow and Enter only.
    options: async (typed) =>
      (await findTypes(typed)).map((found) => ({
        value: found.code,
        unsure: !found.preselect,
        label: typeLabel(found),
        detail: typeDetail(found),
      })),
    accept: (_typed, type) => {
      if (!type) return words.no_type_fits;
      change(desk, incident, { type });
    },
  });
}

/**
 * A place that is not sure to be meant is taken by arrow and Enter only; one on another island, or beyond the area, by
 * a second Enter.
 * @param {Desk} desk @param {Api.IncidentForm} incident
 */
export function askPlace(desk, incident) {
  const second = { id: "", at: 0 };
  openAsk({
    title: fill(words.place_field, incident),
    hint: words.place_hint,
    value: incident.location.text,
    options: async (typed) => {
      second.id = "";
      if (typed.length < 2 || typed === incident.location.text) return [];
      try {
        const near = incident.location.lat === null ? "" : `&map=${incident.location.lat},${incident.location.lng}`;
        const found = await get(`places?q=${encodeURIComponent(typed)}${near}`);
        return found.items.map((/** @type {import("../../components/place-results.js").FoundPlace} */ place) => ({
          value: place,
          unsure: !place.confident,
          label: html`<b>${withMarks(place.name, place.matched)}</b>`,
          detail: html`${placeLine(place)} ${farText(place) ? html`<b class="soon">${farText(place)}</b>` : nothing}
            ${place.distance_metres === null ? "" : distanceText(place.distance_metres)}`,
        }));
      } catch (error) {
        if (error instanceof Problem) return [];
        throw error;
      }
    },
    accept: (typed, place) => {
      if (place && (place.outside || place.other_island)) {
        const again = second.id === place.id && performance.now() - second.at >= WAIT_MS;
        if (second.id !== place.id) Object.assign(second, { id: place.id, at: performance.now() });
        const where = place.outside ? words.outside : (place.island_name ?? words.mainland);
        if (!again) return fill(place.outside ? words.enter_again_outside : words.enter_again_island, { where });
      }
      change(desk, incident, {
        location: place
          ? { text: place.label ?? place.name, lat: place.lat, lng: place.lng, verified: false }
          : { text: typed },
      });
    },
  });
}

/** The place was read back to the caller. @param {Desk} desk @param {Api.IncidentForm} incident */
export function confirmPlace(desk, incident) {
  change(desk, incident, { location: { verified: true } });
}
