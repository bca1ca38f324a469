/** An agency's desk: its tasks, loud until answered; what it may read of them; its units; its alarms. */
import { html, render } from "lit-html";
import { get } from "../api.js";
import { bindFocused, bindKeys } from "../keys.js";
import { mountAlarms } from "../parts/acknowledge.js";
import { askAgency } from "../parts/asking.js";
import { endTalk } from "../parts/status_keys.js";
import { openWarn } from "../parts/warn.js";
import { fill, words } from "../parts/words.js";
import { Screen, place } from "../screen.js";
import { mountSounds } from "../sounds.js";
import { undoLast } from "../undo.js";
import { Ringer } from "../field/call.js";
import { Desk } from "../field/desk.js";
import { Details } from "../field/details.js";
import { fleetPart } from "../field/fleet.js";
import { openNew } from "../field/opening.js";
import { Crews } from "../field/riding.js";
import { taskPart } from "../field/task.js";
import { entriesOf, tasksPart } from "../field/tasks.js";
import { table } from "../field/table.js";

/** @typedef {import("../store.js").Form} Form */
/** @typedef {import("../field/tasks.js").Entry} Entry */

const screen = new Screen(place("agency"));
const { store } = screen;
const details = new Details(screen);
const desk = new Desk(screen);
const crews = new Crews(screen);
// The tasks are this page's list, loud until answered: their alarms are not said a second time.
const alarms = mountAlarms(screen, { filter: (group) => group.kind === "emergency", openIncident: (id) => choose(id) });
const sounds = mountSounds(screen, { kinds: ["emergency", "trouble"] });
const ringer = new Ringer(() => !sounds.muted());

/** The incident that is read. @type {string | null} */
let chosen = new URLSearchParams(location.search).get("incident");
/** @type {Form[] | null} */
let timeline = null;
let timelineOpen = false;
let timelineStale = true;

const ownUnits = () => store.all("units").filter((unit) => unit.agency === table.agency);
const entries = () => entriesOf(store.all("incidents"));

/** @param {string | null} id */
function choose(id) {
  if (id === chosen) return;
  chosen = id;
  timeline = null;
  timelineOpen = false;
  history.replaceState(null, "", id ? `?incident=${id}` : location.pathname);
  screen.draw();
}

async function readTimeline() {
  const id = chosen;
  if (!id || !timelineOpen || !timelineStale) return;
  timelineStale = false;
  const answer = await get(`incidents/${id}/timeline`).catch(() => null);
  if (answer && id === chosen) timeline = answer.items;
  screen.draw();
}

/** @param {Entry} entry */
const ways = (entry) => ({
  accept: () => {
    choose(entry.incident.id);
    desk.accept(entry);
  },
  refuse: () => desk.refuse(entry),
  done: () => desk.done(entry),
  send: () => desk.sendUnit(entry.incident, ownUnits()),
  note: () => desk.note(entry.incident, () => details.again(entry.incident.id)),
  task: () => askAgency(entry.incident),
  warn: () => openWarn(screen, entry.incident.location),
});

/** @param {number} now @param {Entry | undefined} entry */
function paneOf(entry, now) {
  if (!entry) return html`<p class="empty">${words.choose}</p>`;
  const { incident, task } = entry;
  const { read, why } = details.of(incident);
  return taskPart(entry, { read, why }, {
    ...ways(entry),
    now,
    busy: desk.busy(task?.id),
    timeText: (moment) => screen.timeText(moment),
    timeline,
    timelineOpen,
    own: (part) => store.things.units.has(part.unit),
    callOff: (part) => desk.callOff(part),
    back: () => choose(null),
    onTimeline: (open) => {
      if (open === timelineOpen) return;
      timelineOpen = open;
      timelineStale = true;
      readTimeline();
    },
  });
}

screen.onChange((subject) => {
  if (subject !== `incident:${chosen}`) return;
  timelineStale = true;
  // Each reading of a restricted one is logged: its timeline is read when it is opened.
  if (!store.things.incidents.get(chosen ?? "")?.restricted) readTimeline();
});
screen.onDraw((now, marked) => {
  const all = entries();
  const offered = all.filter((entry) => entry.group === "offered");
  const units = ownUnits();
  render([
    offered.length ? html`<b class="late">${fill(words.offered_count, { count: offered.length })}</b> · ` : "",
    fill(words.running_count, { count: all.filter((entry) => entry.group === "accepted").length }), " · ",
    fill(words.free_count, { count: units.filter((unit) => table.free.includes(unit.status)).length }),
  ], place("counts"));
  const held = rowFocused();
  render(tasksPart(all, {
    now,
    marked,
    chosen,
    busyOf: (task) => desk.busy(task?.id),
    open: (entry) => choose(entry.incident.id),
    accept: (entry) => ways(entry).accept(),
    refuse: (entry) => desk.refuse(entry),
  }), place("tasks"));
  if (held && !place("tasks").contains(document.activeElement)) rowOf(held)?.focus(); // it went to another group
  const entry = all.find((one) => one.incident.id === chosen);
  place("desk").classList.toggle("reading", Boolean(entry));
  render(paneOf(entry, now), place("task-body"));
  render(fleetPart(units, {
    now,
    marked,
    busyOf: (unit) => desk.busy(unit.id),
    people: (unit) => crews.namesOf(unit),
    crew: (unit) => void crews.open(unit),
    choose: (unit) => desk.chooseStatus(unit),
    talked: (unit) => endTalk(unit),
  }), place("fleet"));
  const ringing = offered.find((one) => !desk.busy(one.task?.id));
  if (ringing?.task) ringer.ring(`${ringing.task.id} ${ringing.task.at}`, words.new_task_title);
  else if (ringer.subject) ringer.stop();
});

/** The incident of the row that has the focus. @returns {string | undefined} */
function rowFocused() {
  const row = document.activeElement?.closest(".task-row")?.querySelector(".open");
  return /** @type {HTMLElement | null | undefined} */ (row)?.dataset.incident;
}

/** @param {string} id @returns {HTMLElement | null} */
const rowOf = (id) => place("tasks").querySelector(`.open[data-incident="${id}"]`);

/** The task under the focus. @returns {Entry | undefined} */
function focused() {
  const id = rowFocused();
  return entries().find((entry) => entry.incident.id === id);
}

/** @param {string} list @param {number | "first" | "last"} by */
function move(list, by) {
  const rows = /** @type {HTMLElement[]} */ ([...place(list).querySelectorAll(".open")]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = by === "first" ? 0 : by === "last" ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[to]?.focus();
}

/** @param {"accept" | "refuse" | "done" | "send" | "note" | "task" | "warn"} act @param {(entry: Entry) => boolean} may */
const onFocused = (act, may) => () => {
  const entry = focused();
  if (!entry || !may(entry)) return false;
  ways(entry)[act]();
};
const arrows = (/** @type {string} */ list) => ({
  ArrowDown: () => move(list, 1), ArrowUp: () => move(list, -1), Home: () => move(list, "first"), End: () => move(list, "last"),
});
const open = (/** @type {Entry} */ { group }) => group === "offered" || group === "accepted";
bindFocused(place("tasks"), {
  ...arrows("tasks"),
  A: onFocused("accept", ({ group }) => group === "offered"),
  R: onFocused("refuse", ({ group }) => group === "offered"),
  U: onFocused("send", open),
  N: onFocused("note", () => true),
  T: onFocused("task", ({ group }) => group === "accepted"),
  W: onFocused("warn", ({ incident }) => incident.location.lat !== null),
  D: onFocused("done", ({ group }) => group === "accepted"),
});
/** Who rides on the unit under the focus. */
function crewOfFocused() {
  const row = document.activeElement?.closest(".fleet-row")?.querySelector(".open");
  const unit = store.things.units.get(/** @type {HTMLElement | null | undefined} */ (row)?.dataset.unit ?? "");
  if (!unit) return false;
  void crews.open(unit);
}
bindFocused(place("fleet"), { ...arrows("fleet"), C: crewOfFocused });
const openOwn = () => openNew(screen, (incident) => choose(incident.id));
place("new-incident").addEventListener("click", openOwn);
bindKeys({
  undo: undoLast,
  sound: sounds.toggle,
  new_incident: openOwn,
  alarms: alarms.open,
  incidents: () => move("tasks", "first"),
  leave: () => (chosen ? choose(null) : false),
});
screen.start();
