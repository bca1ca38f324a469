/** The live board: wires the parts to the store, and the store to the feed. Clocks run on by the server's time. */
import { html, render } from "lit-html";
import { Feed } from "../feed.js";
import { alarmsPart } from "../parts/alarms.js";
import { callsLine, callsPart, waitingCalls, waitLook } from "../parts/calls.js";
import { incidentsPart, incidentsTile } from "../parts/incidents.js";
import { operatorsPart } from "../parts/operators.js";
import { lengthText } from "../parts/time.js";
import { unitsPart, unitsTile } from "../parts/units.js";
import { fill, words } from "../parts/words.js";
import { Store } from "../store.js";

const FRESH_MS = 4000;
const root = /** @type {HTMLElement} */ (document.getElementById("board"));
const store = new Store();
const feed = new Feed({ store, name: root.dataset.feed ?? "" });
/** Until when a changed thing is marked. @type {Map<string, number>} */
const marked = new Map();

/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

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

function draw() {
  if (store.seq === null) return;
  const now = feed.now();
  for (const subject of store.seen()) marked.set(subject, now + FRESH_MS);
  for (const [subject, until] of marked) if (until < now) marked.delete(subject);
  render(tiles(now), place("tiles"));
  render(incidentsPart(store.all("incidents"), now, new Set(marked.keys())), place("incidents"));
  render(callsPart(store.all("calls"), now), place("calls"));
  render(callsLine(store.all("calls")), place("calls-line"));
  render(alarmsPart(store, now), place("alarms"));
  render(operatorsPart(store.all("operators"), now), place("operators"));
  render(unitsPart(store.all("units")), place("units"));
  root.removeAttribute("aria-busy");
}

function drawCondition() {
  const condition = feed.condition;
  const live = place("live");
  live.classList.toggle("stale", condition !== "live");
  const age = feed.heardAt ? lengthText(feed.age, words.days) : "";
  render(html`${words[condition]} <span class="num soft">${condition === "live" ? `${(feed.age / 1000).toFixed(1)} s` : age}</span>`, live);
  const clock = new Date(feed.now());
  place("clock").textContent = clock.toLocaleTimeString(document.documentElement.lang, {
    hour12: false, timeZone: root.dataset.timeZone,
  });
  document.body.classList.toggle("stale", condition === "stale" || condition === "refused");
  const banner = place("stale");
  banner.hidden = condition === "live" || condition === "connecting";
  if (!banner.hidden) banner.textContent = condition === "refused" ? words.refused : fill(words.stale_since, { age });
}

store.subscribe(draw);
place("live").textContent = ""; // the template's own word, for who has no script
drawCondition();
setInterval(() => {
  drawCondition();
  draw();
}, 500);
feed.start();
