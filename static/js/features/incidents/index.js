/** The dispatcher's part of the console: the open incidents, the pane of the chosen one, what stands beside it. */
import { nothing, render } from "lit-html";
import { selection } from "../../components/selection.js";
import { bindFocused, inField } from "../../core/keys.js";
import { say } from "../../core/toast.js";
import { words } from "../../core/words.js";
import { Desk } from "./desk.js";
import { followTimeline, sidePart } from "./incident-context.js";
import { IncidentList } from "./incident-list.js";
import { panePart } from "./incident-pane.js";
import { askMerge, askState } from "./incident-state.js";
import { askNote, askWarn, notesQueue } from "./notes.js";
import { OVER } from "./recommendation.js";
import { askShortfall, ownIncident, picksText, pressSend } from "./sending.js";
import { askLate, pressDigit } from "./status-reports.js";
import { askTask } from "./tasks.js";
import { askDivert, askUnit } from "./unit-choice.js";

/** @type {{desk: Desk, list: IncidentList} | null} */
let mounted = null;

/**
 * @param {import("../../core/screen.js").Screen} screen
 * @param {{left: HTMLElement, middle: HTMLElement, right: HTMLElement}} places
 */
export function mountDispatch(screen, { left, middle, right }) {
  const desk = new Desk(screen);
  const list = new IncidentList(desk, left);
  mounted = { desk, list };
  notesQueue(screen);
  const acts = actsOf(desk);
  bindIncidentKeys(desk, list.list, acts);
  bindIncidentKeys(desk, middle, acts);
  bindFocused(middle, {
    ArrowDown: () => arrows(desk, 1),
    ArrowUp: () => arrows(desk, -1),
  });
  let shownSeq = 0;
  /** A page that was opened with an incident begins on its row: the next key is for it. */
  let begins = selection.incident;
  screen.onDraw((now, marked) => {
    list.draw(now, marked);
    if (begins && list.order.includes(begins)) {
      if (begins === selection.incident && document.activeElement === document.body) list.focus();
      begins = null;
    }
    desk.showPicks(picksText(desk), selection.incident);
    const open = Boolean(selection.incident);
    middle.hidden = right.hidden = !open;
    render(open ? panePart(desk, now, acts) : nothing, middle);
    render(open ? sidePart(desk, now) : nothing, right);
    const newest = desk.known?.timeline.at(-1)?.seq ?? 0;
    if (newest !== shownSeq) {
      shownSeq = newest;
      followTimeline();
    }
  });
}

/** @param {Desk} desk @returns {Record<string, () => unknown>} */
function actsOf(desk) {
  /**
   * Open the incident that is meant, so that what is done to it is seen.
   * @param {(desk: Desk) => unknown} act
   * @param {boolean} dispatchers
   */
  const on =
    (act, dispatchers = true) =>
    () => {
      const incident = desk.meant();
      if (!incident) return;
      if (dispatchers ? !desk.dispatches : !desk.writes) return void say(words.not_yours, { tone: "bad", seconds: 4 });
      selection.chooseIncident(incident.id);
      act(desk);
    };
  /**
   * What has no bar of its own acts on the open incident only; another one is opened first.
   * @param {(desk: Desk) => unknown} act
   */
  const onShown = (act) => () => {
    if (!desk.dispatches) return desk.meant() ? void say(words.not_yours, { tone: "bad", seconds: 4 }) : undefined;
    if (desk.shown()) act(desk);
  };
  return {
    note: on(askNote, false),
    warn: on(askWarn, false),
    other_unit: on(askUnit),
    divert: on(askDivert),
    task: on(askTask),
    merge: on(askMerge),
    state: on(askState),
    own: onShown(ownIncident),
    late: on(askLate),
    second_alarm: onShown(secondAlarm),
    shortfall: onShown(askShortfall),
    history: on(showTimeline, false),
  };
}

/** The plan's needs once more; again asks for a further alarm. @param {Desk} desk */
function secondAlarm(desk) {
  const known = desk.known;
  if (!known) return;
  known.recommendation = null;
  desk.recommend(known.alarm + 1);
}

/** @param {Desk} desk */
async function showTimeline(desk) {
  if (!desk.timelineWanted) await desk.readTimeline();
  document.getElementById("timeline")?.focus();
}

/** Open the incident that is meant; again: send what is recommended. @param {Desk} desk @param {KeyboardEvent} event */
function openOrSend(desk, event) {
  const incident = desk.meant();
  if (!incident) return desk.lost ? undefined : false;
  if (selection.incident !== incident.id) {
    selection.chooseIncident(incident.id);
    desk.press.press(event, incident.id); // the first press: what comes is shown, a second one sends it
    return;
  }
  if (!desk.dispatches || OVER.has(incident.state)) return;
  if (desk.known?.recommendation) pressSend(desk, incident, event);
  else if (!desk.known?.recommendWrong) say(words.recommend_wait, { seconds: 2 }); // only what was shown is sent
}

/** @param {Desk} desk @param {number} by */
function arrows(desk, by) {
  if (document.activeElement?.closest("#timeline")) return false;
  return desk.selectPart(by);
}

/**
 * @param {Desk} desk @param {HTMLElement} element @param {Record<string, () => unknown>} acts
 */
function bindIncidentKeys(desk, element, acts) {
  /** @type {Record<string, (event: KeyboardEvent) => unknown>} */
  const handlers = {
    // A focused button keeps its own Enter.
    Enter: (event) =>
      event.target instanceof HTMLElement && event.target.closest("button, a, summary")
        ? false
        : openOrSend(desk, event),
    N: acts.note,
    W: acts.warn,
    U: acts.other_unit,
    D: acts.divert,
    T: acts.task,
    E: acts.second_alarm,
    M: acts.merge,
    S: acts.state,
    O: acts.own,
    L: acts.late,
    H: acts.history,
    K: acts.shortfall,
    ArrowLeft: () => desk.selectPart(-1),
    ArrowRight: () => desk.selectPart(1),
  };
  for (const digit of "012345678") handlers[digit] = (event) => (event.repeat ? true : pressDigit(desk, digit));
  bindFocused(element, handlers);
}

/** What its keys do, by action. @returns {Record<string, (event: KeyboardEvent) => unknown>} */
export function dispatchKeys() {
  return {
    incidents: () => mounted?.list.focus(),
    filter: () => mounted?.list.focusFilter(),
    leave: (event) => (inField(event.target) ? false : leave()),
  };
}

/** Back from the pane to the list; nothing is lost. */
function leave() {
  if (!mounted || !selection.incident) return false;
  if (mounted.list.list === document.activeElement) return false;
  mounted.list.focus();
}
