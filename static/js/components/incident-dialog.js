/**
 * An incident in a dialog, read only: what, where, who, and its timeline. For those who have no console, and at a
 * glance.
 */
import { html, render } from "lit-html";
import { get } from "../core/api.js";
import { fill, nameOf, words } from "../core/words.js";
import { incidentWords, placeWords } from "./incidents.js";
import { priorityMark } from "./priority.js";
import { unitChip } from "./units.js";

/**
 * Open it; Esc or the button closes it and the focus goes back.
 * @param {import("../core/screen.js").Screen} screen
 * @param {string} id of the incident
 */
export async function openDetails(screen, id) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("details") ?? made());
  const form = screen.store.things.incidents.get(id);
  if (!form) return;
  draw(dialog, form, html`<p class="soft">${words.loading}</p>`);
  if (!dialog.open) dialog.showModal();
  try {
    const [incident, timeline] = await Promise.all([get(`incidents/${id}`), get(`incidents/${id}/timeline`)]);
    draw(
      dialog,
      incident,
      html`${incident.narrative ? html`<p>${incident.narrative}</p>` : ""}
      <ol class="timeline">${timeline.items.map(
        (/** @type {any} */ item) => html`<li><span class="num soft">${screen.timeText(item.at, true)}</span>
        <span>${item.text}${item.note ? html`<small>${item.note.struck ? html`<s>${item.note.text}</s>` : item.note.text}</small>` : ""}</span>
        <span class="soft"><bdi>${item.actor.name}</bdi>${item.desk ? ` · ${item.desk}` : ""}</span></li>`,
      )}</ol>`,
    );
  } catch (error) {
    draw(
      dialog,
      form,
      html`<p class="late" role="alert">${error instanceof Error ? error.message : String(error)}</p>`,
    );
  }
}

/** @param {HTMLDialogElement} dialog @param {Api.IncidentForm} incident @param {unknown} rest */
function draw(dialog, incident, rest) {
  render(
    html`<h2 id="details-head">${fill(words.incident_number, { number: incident.number })}</h2>
    <p class="details-line">${priorityMark(incident.priority)} <b>${incidentWords(incident)}</b> <span class="soft">${nameOf("incident_states", incident.state)}</span></p>
    <p>${placeWords(incident)}</p>
    <p>${incident.assignments.map((part) => unitChip(part.callsign, part.status, part.fms))}</p>
    ${rest}
    <form method="dialog"><a href="/incidents/${incident.number}/print/" target="_blank" rel="noopener">${words.print_sheet}</a> <button class="main" autofocus>${words.close} <kbd>Esc</kbd></button></form>`,
    dialog,
  );
}

function made() {
  const dialog = document.createElement("dialog");
  dialog.id = "details";
  dialog.className = "details";
  dialog.setAttribute("aria-labelledby", "details-head");
  document.body.append(dialog);
  return dialog;
}
