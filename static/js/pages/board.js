/** The live board: wires the parts to the store. Clocks run on by the server's time. */
import { html, render } from "lit-html";
import { attentionOf } from "../components/attention.js";
import { callsLine, callsPart } from "../components/calls.js";
import { Grid } from "../components/grid.js";
import { openDetails } from "../components/incident-dialog.js";
import { incidentCells, incidentHead } from "../components/incidents.js";
import { missingNeeds, needChips } from "../components/needs.js";
import { mountSounds } from "../components/sounds.js";
import { inEmergency, unitsPart } from "../components/units.js";
import { get, patch, post } from "../core/api.js";
import { bindFocused, bindKeys } from "../core/keys.js";
import { place, Screen, write } from "../core/screen.js";
import { lengthText } from "../core/time.js";
import { say, sayProblem, undoLast } from "../core/toast.js";
import { fill, words } from "../core/words.js";
import { alarmsLine, mountAlarms } from "../features/alarms/index.js";
import { Filters } from "../features/board/filters.js";
import {
  allWaitingLong,
  freeCapabilities,
  GROUPS,
  grouped,
  heading,
  lateCount,
  pastTarget,
  waitingLine,
} from "../features/board/groups.js";
import { Peek } from "../features/board/side-panel.js";
import { callTiles, incidentsTile, peopleTile, unitsTile, waitingTile } from "../features/board/tiles.js";
import { mountCommand } from "../features/command/index.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";
import { mountMap } from "../features/map/index.js";
import { mountWarnings } from "../features/warnings/approval.js";

const screen = new Screen(place("board"));
const { store } = screen;
const may = new Set((screen.root.dataset.may ?? "").split(" "));
const centre = screen.root.classList.contains("centre");
const filter = /** @type {HTMLInputElement} */ (place("filter"));
filter.placeholder = words.filter_hint;
const alarms = mountAlarms(screen, {
  panel: place("alarms"),
  openIncident: open,
  focusOn: (lat, lng) => map.focus(lat, lng),
  openCall: may.has("console") ? (id) => location.assign(`/console/?call=${id}`) : undefined,
});
const NEED_LETTERS = 24; // of the missing units that one line has room for
const DENSE = 30; // with more open incidents than these a row has one line
const CHIPS = may.has("own") ? ["all", "no_unit", "late", "mine"] : ["all", "no_unit", "late"];

/** How the list is shown: its order, whether the incidents that wait long are listed, and what the reader has seen. */
const view = { sort: "", waiting: false, known: /** @type {Set<string> | null} */ (null) };
const filters = new Filters(place("chips"), filter, refilter);

/** Callsigns of units whose crew is in an emergency. @type {Set<string>} */
let emergency = new Set();

/** @param {Api.IncidentForm} incident */
const missing = (incident) => needChips(missingNeeds(incident), grid.dense ? NEED_LETTERS : Infinity);

const grid = new Grid(place("incidents"), {
  name: "incident",
  label: words.incidents_list,
  head: incidentHead(),
  columns: 6,
  tail: html`<td class="agencies"></td>`,
  cells: (incident, now) =>
    incidentCells(incident, now, {
      attention: attentionOf(store, incident, now),
      missing: missing(incident),
      unseen: unseen(incident),
      emergency,
      dense: grid.dense,
    }),
  look: (incident, now) =>
    `attention-${attentionOf(store, incident, now)} ${incident.assignments.some((/** @type {Api.AssignmentEntry} */ part) => emergency.has(part.callsign)) ? "emergency" : ""}`,
  empty: () =>
    store.things.incidents.size
      ? html`${words.no_incidents_shown} <button type="button" @click=${() => filters.clear()}>${words.filter_clear}</button>`
      : words.no_incidents,
  onChoose(incident) {
    map.highlight(incident?.id ?? null);
    peek.show(incident?.id ?? null);
    if (incident) view.known?.add(incident.id);
    place("board").classList.toggle("peeking", Boolean(incident));
    screen.draw();
  },
  onOpen: (incident) => open(incident.id),
  onHeld: held,
  onView: below,
});

const peek = new Peek(place("peek"), screen, {
  recommends: may.has("console"),
  close: () => grid.choose(null),
  acts: () => [
    {
      label: may.has("console") ? words.open_in_console : words.open_details,
      key: "Enter",
      main: true,
      act: () => grid.item && open(grid.item.id),
    },
    ...(may.has("own") ? [{ label: words.own, key: "O", act: () => void own() }] : []),
    { label: words.show_on_map, key: "M", act: showOnMap },
  ],
});

const map = mountMap(place("map"), {
  screen,
  onPick(pick) {
    if (pick.kind !== "incident") return;
    grid.choose(pick.id);
    grid.focus();
  },
});

function showOnMap() {
  const at = grid.item?.location;
  if (!at || at.lat === null) return say(words.place_not_on_map, { tone: "bad" });
  if (place("map").offsetParent === null) grid.choose(null); // the panel lies where the map is
  map.focus(at.lat, at.lng);
}

/** Whether it came while the page was open and was not looked at. @param {Api.IncidentForm} incident */
function unseen(incident) {
  return Boolean(view.known && !view.known.has(incident.id));
}

/** @param {string} id of an incident */
function open(id) {
  if (may.has("console")) location.assign(`/console/?incident=${id}`);
  else void openDetails(screen, id);
}

/** @param {Api.IncidentForm[]} waiting those that wait at the foot while somebody looks */
function held(waiting) {
  const button = place("incidents-held");
  button.hidden = !waiting.length;
  if (!waiting.length) return;
  button.classList.toggle(
    "loud",
    waiting.some((incident) => incident.priority === 1),
  );
  write(
    "incidents-held",
    fill(words.order_held, {
      count: waiting.length,
      numbers: waiting
        .slice(0, 5)
        .map((one) => `P${one.priority} ${one.number}`)
        .join(", "),
    }),
  );
}

/** @param {Api.CallForm} call */
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

/** @param {Api.IncidentForm[]} incidents those below the visible part of the list */
function below(incidents) {
  const line = place("incidents-below");
  line.hidden = !incidents.length;
  if (!incidents.length) return;
  const late = pastTarget(store, incidents, screen.now());
  write(
    "incidents-below",
    `↓ ${fill(words.more_below, { count: incidents.length })} · ${late ? fill(words.group_late, { count: late }) : words.all_in_time}`,
  );
}

/** The rows in their groups, worked out again when an incident, an alarm, the choice or the second has changed. */
let listed = {
  of: "",
  rows: /** @type {(Api.IncidentForm | import("../components/grid.js").Heading)[]} */ ([]),
  shown: 0,
  waiting: /** @type {Api.IncidentForm[]} */ ([]),
  summary: filters.summary(store, [], 0),
};

/** @param {number} now */
function list(now) {
  const key = `${store.seq} ${store.things.incidents.size} ${filters.key} ${view.sort} ${view.waiting} ${Math.floor(now / 1000)}`;
  if (listed.of === key) return listed;
  const all = store.all("incidents");
  const incidents = filters.apply(store, all, now);
  const free = freeCapabilities(store);
  const groups = grouped(store, incidents, now, view.sort, free);
  const rows = GROUPS.flatMap((group) =>
    groups[group].length && (group !== "waiting_long" || view.waiting)
      ? [
          { id: `group-${group}`, heading: heading(group, groups[group], lateCount(store, groups[group], now)) },
          ...groups[group],
        ]
      : [],
  );
  listed = {
    of: key,
    rows,
    shown: incidents.length,
    waiting: allWaitingLong(store, all, now, free),
    summary: filters.summary(store, all, now),
  };
  return listed;
}

/** @param {boolean} show whether the incidents that wait long are listed */
function listWaiting(show) {
  if (view.waiting === show || (show && !listed.waiting.length)) return false;
  view.waiting = show;
  grid.release();
  screen.draw();
  if (!show && !grid.rows.length) place("waiting-long").focus();
  const first = show && grid.items.find((item) => listed.waiting.includes(item));
  if (first) {
    grid.choose(first.id);
    grid.focus();
  }
  return true;
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
  return newest
    ? fill(words.positions_age, { age: lengthText(now - Date.parse(newest), words.days) })
    : words.positions_none;
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
  const all = store.all("incidents");
  view.known ??= new Set(all.map((incident) => incident.id));
  emergency = new Set(inEmergency.keys());
  const dense = all.length > DENSE;
  if (place("incidents").classList.toggle("dense", dense) !== grid.dense) {
    grid.dense = dense;
    grid.remeasure();
  }
  const { rows, shown, waiting, summary } = list(now);
  grid.show(rows, now, marked);
  filters.draw(summary, CHIPS);
  const hidden = all.length - shown;
  screen.root.classList.toggle("filtered", hidden > 0);
  write("incidents-line", fill(hidden ? words.incidents_shown : words.incidents_line, { shown, count: all.length }));
  const line = place("waiting-long");
  line.hidden = !waiting.length;
  if (waiting.length)
    render(
      waitingLine(store, waiting, now, view.waiting, (moment) => screen.timeText(moment)),
      line,
    );
  peek.draw(now, grid.item ? needChips(missingNeeds(grid.item)) : []);
  render(tiles(now), place("tiles"));
  write("alarms-line", alarmsLine(store));
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
const warnings = mountWarnings(screen);
place("waiting-long").addEventListener("click", () => listWaiting(!view.waiting));
bindFocused(place("waiting-long"), { ArrowRight: () => listWaiting(true), ArrowLeft: () => listWaiting(false) });
place("incidents-below").addEventListener("click", () => {
  grid.focus();
  grid.step(Infinity);
});
place("incidents").addEventListener("click", (event) => {
  const button =
    event.target instanceof Element
      ? /** @type {HTMLElement | null} */ (event.target.closest("button[data-sort]"))
      : null;
  if (!button) return;
  view.sort = view.sort === button.dataset.sort ? "" : (button.dataset.sort ?? "");
  grid.options.head = incidentHead(view.sort);
  refilter();
});
// Paper shows all of it.
let listedBefore = false;
addEventListener("beforeprint", () => {
  listedBefore = view.waiting;
  listWaiting(true);
});
addEventListener("afterprint", () => listWaiting(listedBefore));
bindFocused(place("incidents"), {
  O: own,
  M: showOnMap,
  ArrowRight: () => listWaiting(true),
  ArrowLeft: () => listWaiting(false),
  Escape: () => (grid.item ? grid.choose(null) : false),
});
const sounds = mountSounds(screen, { kinds: ["emergency", "p1", "alarm", "trouble"] });
if (may.has("console")) mountCommand(screen, place("command"));
bindKeys({
  help: toggleHelp,
  undo: undoLast,
  alarms: alarms.open,
  warnings,
  // Where all of them wait long, their line has the focus.
  incidents: () => (grid.rows.length ? grid.focus() : place("waiting-long").focus()),
  filter() {
    filter.focus();
    filter.select();
  },
  sound: sounds.toggle,
  calls: () => /** @type {HTMLElement | null} */ (document.querySelector("#calls button"))?.focus(),
});
watchLeaving(screen);
screen.start();
