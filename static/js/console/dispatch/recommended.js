/** What is recommended for the open incident, with the reason in words, what is short, and who was not sent and why. */
import { html, nothing } from "lit-html";
import { comboFor } from "../../keys.js";
import { unitChip } from "../../parts/units.js";
import { fill, nameOf, words } from "../../parts/words.js";
import { sendRecommended, sendUnits } from "./sending.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../store.js").Form} Form */

/** States in which nobody is sent any more. */
export const OVER = new Set(["resolved", "closed", "cancelled", "merged"]);

/** The need that a pick meets, in words. @param {Form[]} needs @param {string} id */
function needText(needs, id) {
  const need = needs.find((one) => one.id === id);
  return need ? nameOf("capabilities", need.capability) : "";
}

/** @param {Desk} desk @param {Form} incident */
function missedPart(desk, incident) {
  const missed = desk.missed.get(incident.id);
  if (!missed?.length) return nothing;
  return html`<div class="missed" role="alert">${missed.map((one) => html`<p><b>${fill(words.missed, one)}</b></p>`)}
    <button @click=${() => { desk.missed.delete(incident.id); desk.screen.draw(); }}>${words.dismiss}</button></div>`;
}

/**
 * @param {Desk} desk
 * @param {Form} incident
 */
export function recommendedPart(desk, incident) {
  const known = desk.known;
  const missed = missedPart(desk, incident);
  if (!known || !desk.dispatches || OVER.has(incident.state)) return missed;
  const title = known.alarm > 1 ? (known.alarm === 2 ? words.second_alarm : fill(words.alarm_number, { number: known.alarm })) : words.recommended;
  if (known.recommendWrong && !known.recommendation) {
    return html`${missed}<section class="part"><h3>${title}</h3><p class="soon">${fill(words.recommend_failed, { why: known.recommendWrong.message })}</p></section>`;
  }
  if (!known.recommendation) return html`${missed}<section class="part"><h3>${title}</h3><p class="soft">${words.recommend_wait}</p></section>`;
  const { needs, picks, passed_over, shortfall } = known.recommendation;
  const going = desk.sending.get(incident.id);
  const nothingToDo = !picks.length && !shortfall.length;
  return html`${missed}<section class="part recommended ${picks.length ? "wants" : ""}">
    <header><h3>${title}</h3>${going?.size ? html`<b class="accent">${words.sending}: ${[...going].join(", ")}</b>` : nothing}<span class="grow"></span>
      ${picks.length ? html`<button class="main" ?disabled=${Boolean(going?.size)} @click=${() => sendRecommended(desk)}>${words.send_all} <kbd>${comboFor("open")}</kbd></button>` : nothing}</header>
    ${nothingToDo && !going?.size ? html`<p class="soft">${needs.length ? words.nothing_needed : words.no_plan}</p>` : nothing}
    ${picks.length ? html`<ul class="picks">${picks.map((/** @type {Form} */ pick) => {
      const unit = desk.store.things.units.get(pick.unit);
      return html`<li><span>${unitChip(pick.callsign, unit?.status ?? "available_station", unit?.fms ?? null)}</span>
        <span><b>${needText(needs, pick.need)}</b> <span class="mute">${unit?.agency ?? ""}</span><small>${pick.reasons.join(" · ")}</small></span>
        <button ?disabled=${Boolean(going?.has(pick.callsign))} @click=${() => sendUnits(desk, incident, [pick.callsign])}>${words.send}<span class="sr"> ${pick.callsign}</span></button></li>`;
    })}</ul>` : nothing}
    ${shortfall.map((/** @type {Form} */ short) => html`<p class="short"><b class="soon">${fill(words.short_of, { missing: short.missing, what: needText(needs, short.need) })}</b>
      <span class="soft">${short.reasons.join(" · ")}</span></p>`)}
    ${passed_over.length ? html`<details><summary>${words.passed_over} <span class="num">${passed_over.length}</span></summary><ul class="passed">${
      passed_over.map((/** @type {Form} */ one) => html`<li><b>${one.callsign}</b> <span class="soft">${one.reasons.join(" · ")}</span></li>`)}</ul></details>` : nothing}
  </section>`;
}
