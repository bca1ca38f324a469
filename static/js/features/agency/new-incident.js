/** An agency opens an incident of its own: what, where, in what words. Half-written it is there again. */
import { html, nothing } from "lit-html";
import { findTypes, typeDetail, typeLabel } from "../../components/incident-types.js";
import { closeSheet, openSheet } from "../../components/sheet.js";
import { get, newId, Problem, post } from "../../core/api.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

const WAIT_MS = 250;
const blank = () => ({
  id: newId(),
  type: "",
  what: "",
  text: "",
  narrative: "",
  spot: /** @type {{lat: number, lng: number, label: string} | null} */ (null),
});
let draft = blank();

/** @param {import("../../core/screen.js").Screen} screen @param {(incident: Api.IncidentForm) => void} then */
export function openNew(screen, then) {
  let wrong = "";
  let busy = false;
  let turn = 0;
  let timer = 0;
  /** @type {Api.FoundPlace[]} */
  let found = [];
  /** @type {import("../../components/incident-types.js").Found[]} */
  let kinds = [];
  let kindTurn = 0;
  let kindTimer = 0;

  const searchKinds = async () => {
    const mine = ++kindTurn;
    const answer = draft.what.trim() && !draft.type ? await findTypes(draft.what) : [];
    if (mine !== kindTurn) return;
    kinds = answer.slice(0, 5);
    draw();
  };
  const search = async () => {
    const mine = ++turn;
    const answer =
      draft.text.trim().length < 2
        ? { items: [] }
        : await get(`places?q=${encodeURIComponent(draft.text.trim())}`).catch(() => ({ items: [] }));
    if (mine !== turn) return;
    found = answer.items.slice(0, 5);
    draw();
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    draw();
    try {
      const incident = await post("incidents", {
        id: draft.id,
        type: draft.type || null,
        location: { text: draft.text.trim(), lat: draft.spot?.lat ?? null, lng: draft.spot?.lng ?? null },
        // What was typed as the kind and not chosen from the list is sent as text.
        narrative: [draft.type ? "" : draft.what.trim(), draft.narrative.trim()].filter(Boolean).join("\n") || null,
        at: screen.stamp(),
      });
      draft = blank();
      closeSheet();
      say(fill(words.new_opened, { number: incident.number }), { undo: () => post(`incidents/${incident.id}/undo`) });
      then(incident);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      wrong = error.message;
      busy = false;
      draw();
    }
  };
  const draw = () =>
    openSheet(
      words.new_title,
      html`<form class="note-form new-form" @submit=${submit}>
    <p class="soft">${words.new_hint}</p>
    <label>${words.new_kind}<input name="what" maxlength="200" autocomplete="off" .value=${draft.what} aria-describedby="new-kind-hint"
      @input=${(/** @type {InputEvent} */ event) => {
        draft.what = /** @type {HTMLInputElement} */ (event.target).value;
        draft.type = "";
        kinds = [];
        clearTimeout(kindTimer);
        kindTimer = setTimeout(searchKinds, WAIT_MS);
        draw();
      }} @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || draft.type || !draft.what.trim()) return;
        event.preventDefault(); // the words are no type yet: what they found is chosen first
        /** @type {HTMLElement | null} */ (document.querySelector("#sheet .kinds button"))?.focus();
      }}></label>
    <p class="soft small" id="new-kind-hint" role="status">${draft.type ? html`✓ ${draft.type} ${nameOf("types", draft.type)}` : draft.what.trim() ? words.new_kind_choose : words.new_kind_unknown}</p>
    ${
      kinds.length
        ? html`<div class="taps kinds">${kinds.map(
            (one) =>
              html`<button type="button" class="tap" @click=${() => {
                draft.type = one.code;
                draft.what = one.name;
                kinds = [];
                draw();
                /** @type {HTMLElement | null} */ (document.querySelector("#sheet [name=place]"))?.focus();
              }}><span>${typeLabel(one)} <small class="soft">${typeDetail(one)}</small></span></button>`,
          )}</div>`
        : nothing
    }
    <label>${words.new_place}<input name="place" required maxlength="500" autocomplete="off" .value=${draft.text} aria-describedby="new-place-hint"
      @input=${(/** @type {InputEvent} */ event) => {
        draft.text = /** @type {HTMLInputElement} */ (event.target).value;
        draft.spot = null;
        clearTimeout(timer);
        timer = setTimeout(search, WAIT_MS);
      }}></label>
    <p class="soft small" id="new-place-hint" role="status">${
      draft.spot
        ? fill(words.new_place_found, { place: draft.spot.label })
        : draft.text
          ? words.new_place_none
          : words.new_place_hint
    }</p>
    ${
      found.length
        ? html`<div class="taps">${found.map(
            (one) =>
              html`<button type="button" class="tap" @click=${() => {
                draft.text = one.label;
                draft.spot = { lat: one.lat, lng: one.lng, label: one.label };
                found = [];
                draw();
              }}>${[one.label, one.island_name && !one.label.includes(one.island_name) ? one.island_name : "", one.outside ? words.outside : ""].filter(Boolean).join(" · ")}</button>`,
          )}</div>`
        : nothing
    }
    <label>${words.new_words}<textarea name="narrative" autocomplete="off" rows="3" maxlength="4000" .value=${draft.narrative}
      @input=${(/** @type {InputEvent} */ event) => (draft.narrative = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    ${wrong ? html`<p class="late" role="alert">${wrong}</p>` : nothing}
    <button class="tap wide go-small" ?disabled=${busy}>${busy ? words.sending : words.new_send}</button></form>`,
    );
  draw();
  /** @type {HTMLElement | null} */ (document.querySelector("#sheet [name=what]"))?.focus();
}
