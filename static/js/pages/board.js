/** The live board: wires the parts to the store. Clocks run on by the server's time. */
import { html, render } from "lit-html";
import { get, patch, post } from "../api.js";
import { mountCommand } from "../command/index.js";
import { bindFocused, bindKeys } from "../keys.js";
import { openAlarms } from "../parts/acknowledge.js";
import { mountAlarmBadge } from "../parts/alarm_badge.js";
import { alarmsPart } from "../parts/alarms.js";
import { callsLine, callsPart } from "../parts/calls.js";
import { openDetails } from "../parts/details.js";
import { Grid } from "../parts/grid.js";
import { incidentCells, incidentHas, incidentHead, incidentLook, inOrder } from "../parts/incidents.js";
import { mountMap } from "../parts/map.js";
import { callTiles, incidentsTile, peopleTile, unitsTile, waitingTile } from "../parts/tiles.js";
import { lengthText } from "../parts/time.js";
import { unitsPart } from "../parts/units.js";
import { mountWarnings } from "../parts/warnings.js";
import { fill, words } from "../parts/words.js";
import { Screen, place, write } from "../screen.js";
import { mountSounds } from "../sounds.js";
import { say, sayProblem, undoLast } from "../undo.js";

/** @typedef {import("../store.js").Form} Form */

const screen = new Screen(place("board"));
const { store } = screen;
const may = new Set((screen.root.dataset.may ?? "").split(" "));
const centre = screen.root.classList.contains("centre");
const filter = /** @type {HTMLInputElement} */ (place("filter"));
filter.placeholder = words.filter_hint;

const grid = new Grid(place("incidents"), {
  name: "incident", label: words.incidents_list, head: incidentHead(), cells: incidentCells, look: incidentLook,
  empty: () => (store.things.incidents.size ? words.no_incidents_shown : words.no_incidents),
  onChoose: (incident) => map.highlight(incident?.id ?? null),
  onOpen: (incident) => open(incident.id),
  onHeld: held,
});

const map = mountMap(place("map"), {
  screen,
  onPick(pick) {
    if (pick.kind !== "incident") return;
    grid.choose(pick.id);
    grid.focus();
  },
});

/** @param {string} id of an incident */
function open(id) {
  if (may.has("console")) location.assign(`/console/?incident=${id}`);
  else void openDetails(screen, id);
}

/** @param {Form[]} waiting those that wait at the foot while somebody looks */
function held(waiting) {
  const button = place("incidents-held");
  button.hidden = !waiting.length;
  if (!waiting.length) return;
  button.classList.toggle("loud", waiting.some((incident) => incident.priority === 1));
  write("incidents-held", fill(words.order_held, { count: waiting.length, numbers: waiting.slice(0, 5).map((one) => `P${one.priority} ${one.number}`).join(", ") }));
}

/** @param {Form} call */
async function takeOver(call) {
  try {
    await post(`calls/${call.id}/answer`, { take_over: true });
    say(words.call_taken_over);
    location.assign(`/console/?call=${call.id}`);
  } catch (error) {
    sayProblem(error);
  }
}

async function own() {
  const incident = grid.item;
  const me = document.body.dataset.user;
  if (!incident || !may.has("own") || !me) return;
  const { number } = incident;
  if (incident.owner?.id === me) return say(fill(words.owned_already, { number }));
  const before = incident.owner?.id ?? null;
  const path = `incidents/${incident.id}`;
  try {
    const now = await patch(path, { version: (await get(path)).version, owner: me });
    // As of the version that it made: whom somebody has given it to since keeps it.
    say(fill(words.owned, { number }), { undo: () => patch(path, { version: now.version, owner: before }) });
  } catch (error) {
    sayProblem(error);
  }
}

/** The incidents in their order, worked out anew only when one has changed. */
let sorted = { of: "", incidents: /** @type {Form[]} */ ([]) };

function ordered() {
  const key = `${store.seq} ${store.things.incidents.size} ${filter.value}`;
  if (sorted.of !== key) {
    const wanted = filter.value.trim().toLowerCase();
    sorted = { of: key, incidents: inOrder(store.all("incidents").filter((incident) => incidentHas(incident, wanted))) };
  }
  return sorted.incidents;
}

/** @param {number} now */
function tiles(now) {
  const { kpis } = store;
  return html`${centre ? waitingTile(store.all("calls"), now) : ""}${kpis ? callTiles(kpis, store.all("calls")) : ""}
    ${centre ? peopleTile(store.all("operators"), now) : ""}${incidentsTile(store.all("incidents"))}${fleet.tile}`;
}

/** @param {number} now */
function mapLine(now) {
  let newest = "";
  for (const position of store.positions.values()) if (position[5] > newest) newest = position[5];
  return newest ? fill(words.positions_age, { age: lengthText(now - Date.parse(newest), words.days) }) : words.positions_none;
}

/** Tiles and chips of units: drawn anew when a unit has changed, at most once a second. */
const fleet = { changed: true, at: -Infinity, of: /** @type {unknown} */ (null), tile: /** @type {unknown} */ ("") };
const FLEET_MS = 1000;
screen.onChange((subject) => {
  if (subject.startsWith("unit:")) fleet.changed = true;
});

function drawFleet() {
  if (fleet.of === store.things.units && (!fleet.changed || performance.now() - fleet.at < FLEET_MS)) return;
  Object.assign(fleet, { changed: false, at: performance.now(), of: store.things.units });
  const units = store.all("units");
  fleet.tile = unitsTile(units, centre);
  render(unitsPart(units), place("units"));
}

screen.onDraw((now, marked) => {
  drawFleet();
  const incidents = ordered();
  grid.show(incidents, now, marked);
  const all = store.things.incidents.size;
  write("incidents-line", fill(incidents.length === all ? words.incidents_line : words.incidents_shown, { shown: incidents.length, count: all }));
  render(tiles(now), place("tiles"));
  const alarms = store.things.alarms.size;
  render(alarmsPart(store, now, may.has("acknowledge") ? (alarm) => openAlarms(screen, alarm) : undefined), place("alarms"));
  write("alarms-line", fill(words.alarms_line, { count: alarms }));
  if (centre) {
    render(callsPart(store.all("calls"), now, may.has("take_over") ? { takeOver } : {}), place("calls"));
    render(callsLine(store.all("calls")), place("calls-line"));
  }
  write("map-line", mapLine(now));
});

function refilter() {
  grid.release();
  screen.draw();
}
filter.addEventListener("input", refilter);
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && filter.value) {
    filter.value = "";
    refilter();
  } else if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "Escape") grid.focus();
  else return;
  event.preventDefault();
});
place("incidents-held").addEventListener("click", refilter);
mountAlarmBadge(screen);
const warnings = mountWarnings(screen);
bindFocused(place("incidents"), { O: own });
const sounds = mountSounds(screen, { kinds: ["emergency", "p1", "alarm", "trouble"] });
if (may.has("console")) mountCommand(screen, place("command"));
bindKeys({
  undo: undoLast,
  alarms: () => openAlarms(screen),
  warnings,
  incidents: () => grid.focus(),
  filter() {
    filter.focus();
    filter.select();
  },
  sound: sounds.toggle,
  calls: () => /** @type {HTMLElement | null} */ (document.querySelector("#calls button"))?.focus(),
});
screen.start();
