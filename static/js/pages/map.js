/** The map's page: the map, its filters, and beside it lists of the very same incidents and units in words. */
import { html, render } from "lit-html";
import { Grid } from "../components/grid.js";
import { openDetails } from "../components/incident-dialog.js";
import { incidentWords, inOrder, placeWords } from "../components/incidents.js";
import { priorityMark } from "../components/priority.js";
import { mountSounds } from "../components/sounds.js";
import { GROUPS, lookOf, staleFix } from "../components/status-classes.js";
import { unitChip } from "../components/units.js";
import { bindKeys } from "../core/keys.js";
import { place, Screen, write } from "../core/screen.js";
import { lengthText } from "../core/time.js";
import { undoLast } from "../core/toast.js";
import { fill, nameOf, words } from "../core/words.js";
import { mountAlarms } from "../features/alarms/index.js";
import { mountCommand } from "../features/command/index.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";
import { mountMap } from "../features/map/index.js";

const screen = new Screen(place("map-page"));
const { store } = screen;
const chosen = { agency: "", look: "on", priorities: new Set([1, 2, 3, 4, 5]) };

const alarms = mountAlarms(screen, {
  focusOn: (lat, lng) => map.focus(lat, lng),
  openIncident(id) {
    incidents.choose(id);
    void openDetails(screen, id);
  },
});
/** What the address names: a unit or an incident to show. */
const asked = new URLSearchParams(location.search);

/** @param {Api.IncidentForm} incident */
function incidentShown(incident) {
  if (!chosen.priorities.has(incident.priority)) return false;
  return (
    !chosen.agency ||
    incident.tasks.some((task) => task.agency === chosen.agency) ||
    incident.assignments.some((part) => store.things.units.get(part.unit)?.agency === chosen.agency)
  );
}

/** @param {Api.UnitForm} unit */
function unitShown(unit) {
  if (chosen.agency && unit.agency !== chosen.agency) return false;
  const look = lookOf(unit.status);
  return !chosen.look || (chosen.look === "on" ? look !== "off" : look === chosen.look);
}

const map = mountMap(place("map"), {
  screen,
  show: { incidents: incidentShown, units: unitShown },
  onPick(pick) {
    if (pick.kind === "incident") incidents.choose(pick.id);
    else if (pick.kind === "unit")
      units.choose(store.all("units").find((unit) => unit.callsign === pick.callsign)?.id ?? null);
  },
});

const incidents = new Grid(place("incidents"), {
  name: "incident",
  label: words.incidents_list,
  head: html`<th>${words.number}</th><th>${words.what}</th>`,
  cells: (
    incident,
  ) => html`<td class="num">${priorityMark(incident.priority)} <b>${incident.number}</b></td><td><b>${incidentWords(incident)}</b><small
    class="soft">${placeWords(incident)}${incident.location.lat === null ? ` · ${words.no_place}` : ""}</small></td>`,
  empty: () => (store.things.incidents.size ? words.no_incidents_shown : words.no_incidents),
  onChoose(incident) {
    map.highlight(incident?.id ?? null);
    if (incident && incident.location.lat !== null) map.focus(incident.location.lat, incident.location.lng);
  },
  onOpen: (incident) => openDetails(screen, incident.id),
});

const units = new Grid(place("units"), {
  name: "unit",
  label: words.units_list,
  head: html`<th>${words.unit}</th><th>${words.state}</th>`,
  cells: (unit, now) =>
    html`<td>${unitChip(unit.callsign, unit.status, unit.fms)}</td><td>${nameOf("statuses", unit.status)}${
      unit.incident ? html` · <b class="num">${unit.incident.number}</b>` : ""
    }<small class="soft">${unit.agency} · ${fixWords(unit, now)}</small></td>`,
  empty: () => words.no_units_shown,
  onChoose(unit) {
    const position = unit && store.positions.get(unit.callsign);
    if (position) map.focus(position[1], position[2]);
  },
});

/** @param {Api.UnitForm} unit @param {number} now */
function fixWords(unit, now) {
  const position = store.positions.get(unit.callsign);
  if (!position) return words.no_fix;
  const age = now - Date.parse(position[5]);
  return fill(staleFix(unit.status, age) ? words.fix_stale : words.fix_age, { age: lengthText(age, words.days) });
}

function filters() {
  const agencies = [...new Set(store.all("units").map((unit) => unit.agency))].sort();
  const changed = () => {
    map.redraw();
    screen.draw();
  };
  return html`<label>${words.agency} <select id="filter-agency" @change=${(/** @type {any} */ event) => {
    chosen.agency = event.target.value;
    changed();
  }}><option value="">${words.all_agencies}</option>${agencies.map((agency) => html`<option value=${agency}>${agency}</option>`)}</select></label>
  <label>${words.units} <select @change=${(/** @type {any} */ event) => {
    chosen.look = event.target.value;
    changed();
  }}><option value="on">${words.on_duty}</option><option value="">${words.all_statuses}</option>${[
    ...GROUPS,
    "off",
  ].map((look) => html`<option value=${look}>${words[`units_${look}`]}</option>`)}</select></label>
  <span role="group" aria-label=${words.priority_head}>${[1, 2, 3, 4, 5].map(
    (priority) =>
      html`<button class="toggle" aria-pressed=${chosen.priorities.has(priority) ? "true" : "false"} @click=${() => {
        if (!chosen.priorities.delete(priority)) chosen.priorities.add(priority);
        changed();
      }}>${priorityMark(priority)}</button>`,
  )}</span>`;
}

screen.onDraw((now, marked) => {
  render(filters(), place("filters"));
  const shown = inOrder(store.all("incidents").filter(incidentShown));
  const fleet = store
    .all("units")
    .filter(unitShown)
    .sort((one, other) => one.callsign.localeCompare(other.callsign, "id", { numeric: true }));
  incidents.show(shown, now, marked);
  units.show(fleet, now, marked);
  showAsked();
  write("incidents-count", fill(words.incidents_count, { count: shown.length }));
  write("units-count", fill(words.units_count, { count: fleet.length }));
});

/** Show what the address names, once. */
function showAsked() {
  const [callsign, incident] = [asked.get("unit"), asked.get("incident")];
  asked.delete("unit");
  asked.delete("incident");
  if (callsign) units.choose(store.all("units").find((unit) => unit.callsign === callsign)?.id ?? null);
  if (incident) incidents.choose(incident);
}

mountCommand(screen, place("command"));
const sounds = mountSounds(screen, { kinds: ["emergency", "p1", "alarm", "trouble"] });
bindKeys({
  help: toggleHelp,
  undo: undoLast,
  alarms: alarms.open,
  sound: sounds.toggle,
  incidents: () => incidents.focus(),
  filter: () => place("filter-agency").focus(),
});
watchLeaving(screen);
screen.start();
