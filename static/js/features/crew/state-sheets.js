/** The phone page's sheets: other states with their reasons, and the question before an emergency. */
import { html, nothing } from "lit-html";
import { askReason, closeSheet, openSheet } from "../../components/sheet.js";
import { nameOf, words } from "../../core/words.js";
import { table } from "../field/page-data.js";

/**
 * The states beside the big button's, a refusal and a note.
 * @param {{status: string, onJob: boolean, note: (() => void) | null, report: (status: string, reason?: string) =>
 *   void, change: () => void}} options
 */
export function openMore({ status, onJob, note, report, change }) {
  const refusable = onJob && ["dispatched", "acknowledged", "en_route"].includes(status);
  const steps = (table.steps[status] ?? []).filter(
    (/** @type {string} */ step) => step !== table.next[status] && !(refusable && step.startsWith("available_")),
  );
  const act = (/** @type {string} */ step) => {
    closeSheet();
    if (step === "out_of_service") askReason(words.out_why, table.out_of_service, (reason) => report(step, reason));
    else report(step);
  };
  const writeNote = () => {
    closeSheet();
    note?.();
  };
  const changeUnit = () => {
    closeSheet();
    change();
  };
  const refuse = () => {
    closeSheet();
    askReason(words.refuse_why, table.refusals, (reason) => report("refused", reason));
  };
  openSheet(
    words.more_title,
    html`<div class="choices-list">
    ${note ? html`<button class="tap" @click=${writeNote}>${words.write_note}</button>` : nothing}
    ${steps.map(
      (/** @type {string} */ step) =>
        html`<button class="tap" @click=${() => act(step)}>${
          step === "on_scene" && !onJob ? words.job_here : (words[`next.${step}`] ?? nameOf("statuses", step))
        }</button>`,
    )}
    ${refusable ? html`<button class="tap bad" @click=${refuse}>${words.refuse}</button>` : nothing}
    <button class="tap" id="ride" @click=${changeUnit}>${words.ride_change}</button></div>`,
  );
}

/** @param {() => void} send */
export function askEmergency(send) {
  openSheet(
    words.emergency_hold,
    html`<p>${words.emergency_sure}</p><button class="tap wide sos" @click=${() => {
      closeSheet();
      send();
    }}>${words.emergency_send}</button>`,
  );
}
