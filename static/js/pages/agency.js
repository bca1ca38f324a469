/**
 * An agency's page: its tasks, the selected one in full, its own units for it, and the bar with what can be done for
 * it.
 */
import { html, render } from "lit-html";
import { askAgency } from "../components/agency-prompt.js";
import { mountSounds } from "../components/sounds.js";
import { endTalk } from "../components/status-keys.js";
import { openWarn } from "../components/warning-form.js";
import { get } from "../core/api.js";
import { bindFocused, bindKeys } from "../core/keys.js";
import { place, Screen } from "../core/screen.js";
import { SecondPress } from "../core/second-press.js";
import { say, undoLast } from "../core/toast.js";
import { fill, nameOf, words } from "../core/words.js";
import { actionBar, mainText, open } from "../features/agency/action-bar.js";
import { Desk } from "../features/agency/desk.js";
import { fleetPart } from "../features/agency/fleet.js";
import { openNew } from "../features/agency/new-incident.js";
import { OwnUnits } from "../features/agency/own-units.js";
import { Chosen } from "../features/agency/selected-task.js";
import { entriesOf, tasksPart } from "../features/agency/task-list.js";
import { taskPart } from "../features/agency/task-pane.js";
import { mountAlarms } from "../features/alarms/index.js";
import { Details } from "../features/field/incident-details.js";
import { Ringer } from "../features/field/job-alert.js";
import { table } from "../features/field/page-data.js";
import { Crews } from "../features/field/sign-on.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";

/** @typedef {import("../features/agency/task-list.js").Entry} Entry */

const screen = new Screen(place("agency"));
const { store } = screen;
const details = new Details(screen);
const desk = new Desk(screen);
const crews = new Crews(screen);
// The tasks are this page's list, loud until answered: their alarms are not said a second time.
const alarms = mountAlarms(screen, {
  filter: (group) => group.kind === "emergency",
  openIncident: (id) => chosen.choose(id, true),
});
const sounds = mountSounds(screen, { kinds: ["emergency", "trouble"] });
const ringer = new Ringer(() => !sounds.muted());

const ownUnits = () => store.all("units").filter((unit) => unit.agency === table.agency);
const entries = () => entriesOf(store.all("incidents"));
const fleet = new OwnUnits(screen, ownUnits);
/** Enter acts on what has been shown for a moment; where the units have changed since, it shows them again. */
const press = new SecondPress();
const chosen = new Chosen({
  changed: () => {
    timeline = null;
    timelineOpen = false;
    press.forget();
  },
  draw: () => screen.draw(),
});

/** @type {Api.TimelineItem[] | null} */
let timeline = null;
let timelineOpen = false;
let timelineStale = true;
/** A restricted incident is read once the selection has stood still: each reading is logged. */
const RESTRICTED_MS = 800;

async function readTimeline() {
  const { id } = chosen;
  if (!id || !timelineOpen || !timelineStale) return;
  timelineStale = false;
  const answer = await get(`incidents/${id}/timeline`).catch(() => null);
  if (answer && id === chosen.id) timeline = answer.items;
  screen.draw();
}

/** Whether the focus is where keys act. */
const keysAct = () => Boolean(document.activeElement?.closest("#desk, #action-bar, #bar, #sheet"));
/** The selected entry. @returns {Entry | null} */
const selected = () => entries().find((entry) => entry.incident.id === chosen.id) ?? null;
/** The alarm of a task, in its row. @param {Api.TaskEntry | null} task @returns {Api.AlarmForm | null} */
const alarmOf = (task) => (task && store.all("alarms").find((alarm) => alarm.subject === `task:${task.id}`)) ?? null;
/** The alarm of a unit's assignment, in the unit's row. @param {Api.UnitForm} unit @returns {Api.AlarmForm | null} */
const unitAlarm = (unit) =>
  store.all("alarms").find((alarm) => alarm.subject.startsWith("assignment:") && alarm.params.unit === unit.id) ?? null;

/** @param {Entry} entry @returns {Record<string, () => unknown>} */
function waysOf(entry) {
  const { incident } = entry;
  return {
    main: () => {
      press.forget();
      return sendTicked(entry);
    },
    accept: () => desk.acceptAndSend(entry, []),
    refuse: () => desk.refuse(entry),
    done: () => desk.done(entry),
    note: () => desk.note(incident, () => details.again(incident.id)),
    task: () => askAgency(incident),
    warn: () => {
      const { lat, lng, text } = incident.location;
      if (lat !== null && lng !== null) openWarn(screen, { lat, lng, text });
    },
  };
}

/** @param {Entry} entry */
async function sendTicked(entry) {
  await desk.acceptAndSend(entry, OwnUnits.ticked(fleet.rows(entry.incident)));
  fleet.sent();
}

/** @param {Entry | null} entry @param {number} now */
function paneOf(entry, now) {
  if (!entry)
    return html`<p class="empty">${chosen.gone ? fill(words.task_gone, { number: chosen.gone }) : words.choose}</p>`;
  const { incident, task } = entry;
  const wait = incident.restricted && performance.now() - chosen.since < RESTRICTED_MS;
  const { read, why } = wait ? { read: null, why: null } : details.of(incident);
  return taskPart(
    entry,
    { read, why },
    {
      now,
      alarm: alarmOf(task),
      timeText: (moment) => screen.timeText(moment),
      timeline,
      timelineOpen,
      own: (part) => store.things.units.has(part.unit),
      callOff: (part) => desk.callOff(part),
      back: () => chosen.choose(chosen.id, false),
      onTimeline: (isOpen) => {
        if (isOpen === timelineOpen) return;
        timelineOpen = isOpen;
        timelineStale = true;
        readTimeline();
      },
    },
  );
}

screen.onChange((subject) => {
  if (subject !== `incident:${chosen.id}`) return;
  timelineStale = true;
  // Each reading of a restricted one is logged: its timeline is read when it is opened.
  if (!store.things.incidents.get(chosen.id ?? "")?.restricted) readTimeline();
});
screen.onDraw((now, marked) => {
  const all = entries();
  const offered = all.filter((entry) => entry.group === "offered");
  const units = ownUnits();
  render(
    [
      offered.length ? html`<b>${fill(words.offered_count, { count: offered.length })}</b> · ` : "",
      fill(words.running_count, { count: all.filter((entry) => entry.group === "accepted").length }),
      " · ",
      fill(words.free_count, { count: units.filter((unit) => table.free.includes(unit.status)).length }),
    ],
    place("counts"),
  );
  const focusedRow = rowFocused();
  const entry = chosen.among(all, keysAct());
  fleet.of(entry?.incident ?? null, Boolean(entry && open(entry)));
  const rows = fleet.rows(entry?.incident ?? null);
  const ticked = OwnUnits.ticked(rows);
  if (entry && fleet.recommended && mainText(entry, ticked)) press.shows(entry.incident.id, mainText(entry, ticked));
  render(
    tasksPart(all, {
      now,
      marked,
      chosen: chosen.id,
      alarmOf,
      busyOf: (task) => desk.busy(task?.id),
      open: (one) => chosen.choose(one.incident.id, true),
      accept: (one) => {
        chosen.choose(one.incident.id, true);
        desk.acceptAndSend(one, []);
      },
      refuse: (one) => desk.refuse(one),
    }),
    place("tasks"),
  );
  // it went to another group, or left
  if (focusedRow && !place("tasks").contains(document.activeElement)) (rowOf(focusedRow) ?? place("tasks")).focus();
  place("agency").classList.toggle("reading", Boolean(entry) && chosen.reading);
  render(paneOf(entry, now), place("task-body"));
  render(entry && open(entry) ? needsText(entry.incident) : "", place("fleet-line"));
  render(
    fleetPart(rows, {
      now,
      marked,
      alarmOf: unitAlarm,
      busyOf: (unit) => desk.busy(unit.id),
      people: (unit) => crews.namesOf(unit),
      tick: (unit) => tick(unit.id),
      crew: (unit) => void crews.open(unit),
      choose: (unit) => desk.chooseStatus(unit),
      talked: (unit) => endTalk(unit),
    }),
    place("fleet"),
  );
  render(
    actionBar(entry, { busy: desk.busy(entry?.task?.id), ticked, gone: chosen.gone, ways: entry ? waysOf(entry) : {} }),
    place("action-bar"),
  );
  const ringing = offered.find((one) => !desk.busy(one.task?.id));
  if (ringing?.task) ringer.ring(`${ringing.task.id} ${ringing.task.at}`, words.new_task_title);
  else if (ringer.subject) ringer.stop();
});

/** What the plan still asks of this agency, in words. @param {Api.IncidentForm} incident */
function needsText({ number }) {
  if (!fleet.recommended) return words.units_looking;
  const needs = fleet.wanted.map((need) =>
    fill(words.need_count, { count: need.count, what: nameOf("capabilities", need.capability).toLowerCase() }),
  );
  return fill(needs.length ? words.units_for : words.units_for_none, { number, needs: needs.join(", ") });
}

/** The incident of the row that has the focus. @returns {string | undefined} */
function rowFocused() {
  const row = document.activeElement?.closest(".task-row")?.querySelector(".open");
  return /** @type {HTMLElement | null | undefined} */ (row)?.dataset.incident;
}

/** @param {string} id @returns {HTMLElement | null} */
const rowOf = (id) => place("tasks").querySelector(`.open[data-incident="${id}"]`);

/** Move the focus along the rows of a list. @param {string} list @param {number | "first" | "last"} by */
function move(list, by) {
  const rows = /** @type {HTMLElement[]} */ ([...place(list).querySelectorAll(".open")]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = by === "first" ? 0 : by === "last" ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[to]?.focus();
}

/** To the tasks: to the selected one, where there is one. */
function toTasks() {
  const row = chosen.id ? rowOf(chosen.id) : null;
  if (row) row.focus();
  else move("tasks", "first");
}

/** @param {string} unit */
function tick(unit) {
  const entry = selected();
  if (!entry || !fleet.toggle(entry.incident, unit)) return false;
  press.forget(); // the person has seen what they changed
}

/** Enter: the main act of the selected task, as it has been shown. @param {KeyboardEvent} event */
function enter(event) {
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.closest("#action-bar, .crew-of, .talk, .answer, .tick, #fleet, summary, a, .task :is(button)"))
    return false; // a focused button keeps its own Enter
  const entry = selected();
  if (!entry) return void say(words.key_no_task, { tone: "bad", seconds: 3 });
  if (open(entry) && !fleet.recommended) return void say(words.units_looking, { seconds: 2 });
  const what = mainText(entry, OwnUnits.ticked(fleet.rows(entry.incident)));
  if (!what || desk.busy(entry.task?.id)) return;
  const { number } = entry.incident;
  const judged = press.press(event, entry.incident.id, what);
  if (judged === "changed")
    return void say(fill(words.units_changed, { number, act: what }), { tone: "bad", seconds: 6 });
  if (judged === "second") return void sendTicked(entry);
}

/** @param {string} act @param {(entry: Entry) => boolean} may */
const onSelected = (act, may) => () => {
  const entry = selected();
  if (!entry) return void say(words.key_no_task, { tone: "bad", seconds: 3 });
  if (!may(entry))
    return void say(fill(words.key_cannot, { number: entry.incident.number }), { tone: "bad", seconds: 3 });
  waysOf(entry)[act]();
};
/** Who rides on the unit under the focus. */
function crewOfFocused() {
  const row = document.activeElement?.closest(".fleet-row")?.querySelector(".open");
  const unit = store.things.units.get(/** @type {HTMLElement | null | undefined} */ (row)?.dataset.unit ?? "");
  if (!unit) return false;
  void crews.open(unit);
}
/** @param {string} list */
const arrows = (list) => ({
  ArrowDown: () => move(list, 1),
  ArrowUp: () => move(list, -1),
  Home: () => move(list, "first"),
  End: () => move(list, "last"),
});
// The selection follows the focus in the list: there is one, and it is what every key acts on.
place("tasks").addEventListener("focusin", (event) => {
  const id = event.target instanceof HTMLElement ? event.target.closest(".task-row")?.querySelector(".open") : null;
  const incident = /** @type {HTMLElement | null | undefined} */ (id)?.dataset.incident;
  if (incident) chosen.choose(incident, chosen.reading);
});
bindFocused(place("tasks"), arrows("tasks"));
bindFocused(place("fleet"), { ...arrows("fleet"), C: crewOfFocused });
/** @type {Record<string, (event: KeyboardEvent) => unknown>} */
const taskKeys = {
  Enter: enter,
  A: onSelected("accept", ({ group }) => group === "offered"),
  R: onSelected("refuse", ({ group }) => group === "offered"),
  N: onSelected("note", () => true),
  T: onSelected("task", ({ group }) => group === "accepted"),
  W: onSelected("warn", ({ incident }) => incident.location.lat !== null),
  D: onSelected("done", ({ group }) => group === "accepted"),
};
for (const digit of "123456789") {
  taskKeys[digit] = (event) => {
    const entry = selected();
    const row = entry && fleet.rows(entry.incident).find((one) => one.digit === digit);
    return event.repeat || (row ? tick(row.unit.id) : undefined);
  };
}
bindFocused(place("desk"), taskKeys);
bindFocused(place("action-bar"), taskKeys);
const openOwn = () => openNew(screen, (incident) => chosen.choose(incident.id, true));
place("new-incident").addEventListener("click", openOwn);
bindKeys({
  help: toggleHelp,
  undo: undoLast,
  sound: sounds.toggle,
  new_incident: openOwn,
  alarms: alarms.open,
  incidents: toTasks,
  leave: () => (chosen.reading || !keysAct() ? chosen.choose(chosen.id, false) : toTasks()),
});
watchLeaving(screen);
screen.start();
