/** What is recommended for the open incident, with the reason in words, what is short, and who was not sent and why. */
import { html, nothing } from "lit-html";
import { unitChip } from "../../components/units.js";
import { comboFor } from "../../core/keys.js";
import { fill, nameOf, words } from "../../core/words.js";
import { askShortfall, sendRecommended, sendUnits } from "./sending.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** States in which nobody is sent any more. */
export const OVER = new Set(["resolved", "closed", "cancelled", "merged"]);

/** The need that a pick meets, in words. @param {Api.RecommendedNeed[]} needs @param {string} id */
function needText(needs, id) {
  const need = needs.find((one) => one.id === id);
  return need ? nameOf("capabilities", need.capability) : "";
}

/** @param {Desk} desk @param {Api.IncidentForm} incident */
function missedPart(desk, incident) {
  const missed = desk.missed.get(incident.id);
  if (!missed?.length) return nothing;
  return html`<div class="missed" role="alert">${missed.map((one) => html`<p><b>${fill(words.missed, one)}</b></p>`)}
    <button @click=${() => {
      desk.missed.delete(incident.id);
      desk.screen.draw();
    }}>${words.dismiss}</button></div>`;
}

/**
 * @param {Desk} desk
 * @param {Api.IncidentForm} incident
 */
export function recommendedPart(desk, incident) {
  const known = desk.known;
  const missed = missedPart(desk, incident);
  if (!known || !desk.dispatches || OVER.has(incident.state)) return missed;
  const title =
    known.alarm > 1
      ? known.alarm === 2
        ? words.second_alarm
        : fill(words.alarm_number, { number: known.alarm })
      : words.recommended;
  if (known.recommendWrong && !known.recommendation) {
    return html`${missed}<section class="part"><h3>${title}</h3><p class="soon">${fill(words.recommend_failed, { why: known.recommendWrong.message })}</p></section>`;
  }
  if (!known.recommendation)
    return html`${missed}<section class="part"><h3>${title}</h3><p class="soft">${words.recommend_wait}</p></section>`;
  const { needs, passed_over, shortfall } = known.recommendation;
  const picks = desk.picked;
  const going = desk.sending.get(incident.id);
  const nothingToDo = !picks.length && !shortfall.length;
  const callsigns = picks.map((pick) => pick.callsign).join(", ");
  return html`${missed}<section class="part recommended ${picks.length ? "wants" : ""}">
    <header><h3>${title}</h3><span class="soft cut">${needsText(needs)}</span><span class="grow"></span>${going?.size ? html`<b class="accent">${words.sending}: ${[...going].join(", ")}</b>` : nothing}</header>
    ${nothingToDo && !going?.size ? html`<p class="soft">${needs.length ? words.nothing_needed : words.no_plan}</p>` : nothing}
    ${picks.length ? html`<ul class="picks">${picks.map((pick) => pickLine(desk, incident, needs, pick, Boolean(going?.has(pick.callsign))))}</ul>` : nothing}
    ${passed_over.length ? html`<ul class="passed" aria-label=${words.passed_over}>${passed_over.map((one) => passedLine(desk, one))}</ul>` : nothing}
    ${shortfall.map(
      (
        short,
      ) => html`<p class="short"><span class="need">${fill(words.need_count, { count: short.missing, what: needText(needs, short.need).toLowerCase() })}</span>
      <span class="soft">${short.reasons.join(" · ")}</span></p>`,
    )}
    ${shortfall.length ? html`<p class="short"><button @click=${() => askShortfall(desk)}>${words.shortfall_accept} <kbd>${comboFor("shortfall")}</kbd></button></p>` : nothing}
    ${
      picks.length
        ? html`<div class="send"><button class="main" ?disabled=${Boolean(going?.size)} @click=${() => sendRecommended(desk)}>${fill(words.send_these, { callsigns })} <kbd>${comboFor("open")}</kbd> <kbd>${comboFor("open")}</kbd></button>
      <span class="mute">${words.send_hint}</span></div>`
        : nothing
    }
  </section>`;
}

/** What the plan asks for, in words. @param {Api.RecommendedNeed[]} needs */
function needsText(needs) {
  return needs
    .map((need) =>
      fill(words.need_count, { count: need.count, what: nameOf("capabilities", need.capability).toLowerCase() }),
    )
    .join(", ");
}

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {Api.RecommendedNeed[]} needs @param {Api.Pick} pick @param {boolean} going */
function pickLine(desk, incident, needs, pick, going) {
  const unit = desk.store.things.units.get(pick.unit);
  const way = pick.method && pick.travel_seconds && pick.method !== "sea" ? words[`way_${pick.method}`] : "";
  const why = (way ? pick.reasons.slice(1) : pick.reasons).join(" · ");
  return html`<li class="unit-pick" title=${pick.reasons.join(" · ")}><span class="ok" aria-hidden="true">✓</span><span>${unitChip(pick.callsign, unit?.status ?? "available_station", unit?.fms ?? null)}</span>
    <b class="num">${pick.travel_seconds ? fill(words.minutes_short, { count: Math.max(1, Math.round(pick.travel_seconds / 60)) }) : "–"}</b>
    <span class="cut">${needText(needs, pick.need)}</span><span class="cut soft">${[way, why].filter(Boolean).join(" · ")}</span>
    <button class="quiet" ?disabled=${going} @click=${() => sendUnits(desk, incident, [pick.callsign])}>${words.send}<span class="sr"> ${pick.callsign}</span></button></li>`;
}

/** A unit that is near and is not recommended, with the reason. @param {Desk} desk @param {Api.PassedOver} one */
function passedLine(desk, one) {
  const unit = desk.store.things.units.get(one.unit);
  return html`<li class="unit-pick" title=${one.reasons.join(" · ")}><span aria-hidden="true">–</span><span>${unitChip(one.callsign, unit?.status ?? "off_duty", unit?.fms ?? null)}</span>
    <span>–</span><span class="cut">${unit ? nameOf("capabilities", unit.kind) : ""}</span><span class="cut">${one.reasons.join(" · ")}</span></li>`;
}
