/** Proposing a place warning from an incident or a place: what crews must know there; it holds once it is approved. */
import { html, nothing, render } from "lit-html";
import { newId, Problem, post } from "../core/api.js";
import { momentAt } from "../core/time.js";
import { say } from "../core/toast.js";
import { fill, words } from "../core/words.js";

const REVIEW_DAYS = 90;
const DAY_MS = 86_400_000;
const KINDS = ["danger", "dangerous_goods", "access", "keyholder"];

/** Half-written ones, by their point. @type {Map<string, string>} */
const drafts = new Map();

/**
 * The day of the next review where the place stands, as the wire writes it.
 * @param {import("../core/screen.js").Screen} screen
 */
export const nextReview = (
  screen, // Swedish dates are ISO's
) =>
  new Date(screen.now() + REVIEW_DAYS * DAY_MS).toLocaleDateString("sv-SE", { timeZone: screen.root.dataset.timeZone });

/**
 * @param {import("../core/screen.js").Screen} screen
 * @param {{lat: number, lng: number, text: string}} spot text: what the place is called
 */
export function openWarn(screen, spot) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("warn") ?? made());
  const key = `${spot.lat} ${spot.lng}`;
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  // The event comes a moment after the dialog has closed: a focus that was put elsewhere meanwhile stays there.
  dialog.onclose = () => document.activeElement === document.body && before?.isConnected && before.focus();
  const id = newId();
  let wrong = "";
  let busy = false;
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const ends = String(fields.get("ends_at") ?? "");
    busy = true;
    draw();
    try {
      await post("places/warnings", {
        id,
        kind: fields.get("kind"),
        lat: spot.lat,
        lng: spot.lng,
        text: fields.get("text"),
        radius_metres: Number(fields.get("radius_metres")),
        review_on: fields.get("review_on"),
        ends_at: ends ? new Date(momentAt(ends, screen.root.dataset.timeZone ?? "UTC")).toISOString() : null,
      });
      drafts.delete(key);
      dialog.close();
      say(words.warn_sent, { undo: () => post(`places/warnings/${id}/end`) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      wrong = error.message;
    } finally {
      busy = false;
      if (dialog.open) draw();
    }
  };
  const draw = () =>
    render(
      html`<h2 id="warn-head">${fill(words.warn_title, { place: spot.text || words.place_unknown })}</h2>
    <p class="soft">${words.warn_hint}</p>
    <form class="warn-form" @submit=${submit}>
      <label>${words.warn_text}<textarea name="text" autocomplete="off" rows="3" maxlength="2000" required .value=${drafts.get(key) ?? ""}
        @input=${(/** @type {InputEvent} */ event) => drafts.set(key, /** @type {HTMLTextAreaElement} */ (event.target).value)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Enter" && event.ctrlKey)
            /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
        }}></textarea></label>
      <label>${words.warn_kind}<select name="kind">${KINDS.map((kind) => html`<option value=${kind}>${words[`warn_kind.${kind}`]}</option>`)}</select></label>
      <label>${words.warn_radius}<input name="radius_metres" type="number" min="1" max="5000" value="100" required></label>
      <label>${words.warn_review}<input name="review_on" type="date" value=${nextReview(screen)} required></label>
      <label>${words.warn_ends}<input name="ends_at" type="datetime-local"></label>
      ${wrong ? html`<p class="late" role="alert">${wrong}</p>` : nothing}
      <div class="warn-ways"><button class="main" ?disabled=${busy}>${busy ? words.sending : words.warn_send} <kbd>Ctrl+Enter</kbd></button>
        <button type="button" @click=${() => dialog.close()}>${words.cancel} <kbd>Esc</kbd></button></div>
    </form>`,
      dialog,
    );
  render(nothing, dialog); // nothing of the place before: its radius, its end
  draw();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("textarea")?.focus();
}

function made() {
  const dialog = document.createElement("dialog");
  dialog.id = "warn";
  dialog.className = "warn";
  dialog.setAttribute("aria-labelledby", "warn-head");
  document.body.append(dialog);
  return dialog;
}
