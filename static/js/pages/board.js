/** The live board: wires the parts to the store. Clocks run on by the server's time. */
import { html, render } from "lit-html";
import { bindKeys } from "../keys.js";
import { alarmsPart } from "../parts/alarms.js";
import { callsLine, callsPart, waitingCalls, waitLook } from "../parts/calls.js";
import { incidentsPart, incidentsTile } from "../parts/incidents.js";
import { operatorsPart } from "../parts/operators.js";
import { lengthText } from "../parts/time.js";
import { unitsPart, unitsTile } from "../parts/units.js";
import { fill, words } from "../parts/words.js";
import { Screen, place } from "../screen.js";
import { undoLast } from "../undo.js";

const screen = new Screen(place("board"));
const { store } = screen;

/** @param {number | null | undefined} share */
function percent(share) {
  return share === null || share === undefined ? html`<span class="unknown">${words.unknown}</span>` : `${Math.round(share * 100)} %`;
}

/** @param {number} now */
function tiles(now) {
  const waiting = waitingCalls(store.all("calls"));
  const waited = waiting.length ? now - Date.parse(waiting[0].started_at) : 0;
  return html`
    <section class="tile ${waitLook(waited)}"><h2>${words.waiting}</h2><p class="big num">${waiting.length}
      ${waiting.length ? html`<small>${words.longest} <b class=${waitLook(waited)}>${lengthText(waited, words.days)}</b></small>` : ""}</p></section>
    ${store.kpis ? html`<section class="tile"><h2>${words.in_10_s}</h2><p class="big num">${percent(store.kpis.in_10_s_hour)}
      <small>${words.today} ${percent(store.kpis.in_10_s_today)}</small></p></section>
    <section class="tile"><h2>${words.emergencies_today}</h2><p class="big num">${store.kpis.emergencies_today}
      <small>${fill(words.of_calls, { count: store.kpis.calls_today })}</small></p></section>` : ""}
    <section class="tile">${incidentsTile(store.all("incidents"))}</section>
    <section class="tile wide">${unitsTile(store.all("units"))}</section>`;
}

screen.onDraw((now, marked) => {
  render(tiles(now), place("tiles"));
  render(incidentsPart(store.all("incidents"), now, marked), place("incidents"));
  render(callsPart(store.all("calls"), now), place("calls"));
  render(callsLine(store.all("calls")), place("calls-line"));
  render(alarmsPart(store, now), place("alarms"));
  render(operatorsPart(store.all("operators"), now), place("operators"));
  render(unitsPart(store.all("units")), place("units"));
});
bindKeys({ undo: undoLast });
screen.start();
