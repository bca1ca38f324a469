/** The alarms, the most pressing first and selected; a digit acknowledges the selected one with that reason. */
import { html, nothing, render } from "lit-html";
import { post } from "../api.js";
import { closeBar } from "../bar.js";
import { comboOf } from "../keys.js";
import { say, sayProblem } from "../undo.js";
import { aboutAlarm } from "./alarms.js";
import { lengthText } from "./time.js";
import { fill, nameOf, names, words } from "./words.js";

/** Codes that travel; their words come with the page (names.alarm_reasons), in this order under the digits 1 to 6. */
const REASONS = Object.keys(names.alarm_reasons ?? {});

/** Alarms that somebody should look at now: not acknowledged, by level, priority of the subject, age.
 * @param {import("../store.js").Store} store */
export function pressingAlarms(store) {
  const priority = (/** @type {import("../store.js").Form} */ alarm) => {
    const [kind, id] = alarm.subject.split(":", 2);
    return kind === "incident" ? (store.things.incidents.get(id)?.priority ?? 9) : (alarm.params.priority ?? 9);
  };
  return store.all("alarms").sort((one, other) =>
    Number(Boolean(one.acknowledged)) - Number(Boolean(other.acknowledged)) || other.level - one.level ||
    priority(one) - priority(other) || one.opened_at.localeCompare(other.opened_at));
}

/**
 * Open the bar of alarms; Esc leaves it.
 * @param {import("../screen.js").Screen} screen
 * @param {string} [first] the alarm to select; the most pressing by default
 */
export function openAlarms(screen, first) {
  closeBar();
  const { store } = screen;
  const root = /** @type {HTMLElement} */ (document.getElementById("bar"));
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  /** Kept for as long as the bar is open: nothing moves under the finger. */
  let order = pressingAlarms(store).map((alarm) => alarm.id);
  if (!order.length) return say(words.no_alarms, { seconds: 3 });
  let chosen = first && order.includes(first) ? first : order[0];
  let open = true;

  const leave = (giveBack = true) => {
    if (!open) return;
    open = false;
    render(nothing, root);
    root.hidden = true;
    if (giveBack && before?.isConnected) before.focus();
  };
  const acknowledge = async (/** @type {string} */ reason) => {
    const alarm = store.things.alarms.get(chosen);
    if (!alarm) return;
    const next = order.find((id) => id !== chosen && !store.things.alarms.get(id)?.acknowledged && store.things.alarms.has(id));
    if (next) {
      order = order.filter((id) => id !== chosen);
      chosen = next;
      draw();
    } else leave();
    try {
      await post(`alarms/${alarm.id}/acknowledge`, { reason });
      say(fill(words.alarm_acknowledged, { alarm: nameOf("rules", alarm.rule), about: aboutAlarm(alarm, store), reason: nameOf("alarm_reasons", reason) }));
    } catch (error) {
      sayProblem(error);
    }
  };
  const move = (/** @type {number} */ by) => {
    const here = order.filter((id) => store.things.alarms.has(id));
    const at = here.indexOf(chosen);
    chosen = here[(at + by + here.length) % here.length] ?? chosen;
    draw();
    root.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const combo = comboOf(event);
    if (event.repeat) return;
    if (combo === "Escape") leave();
    else if (combo === "ArrowDown") move(1);
    else if (combo === "ArrowUp") move(-1);
    else if (REASONS[Number(combo) - 1]) acknowledge(REASONS[Number(combo) - 1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const draw = () => {
    if (open && root.firstElementChild && !root.querySelector(".alarm-bar")) open = false; // another bar has taken its place
    if (!open) return;
    const now = screen.now();
    const shown = order.map((id) => store.things.alarms.get(id)).filter((alarm) => alarm !== undefined);
    if (!shown.length) return leave();
    // The selected one is over: a digit that is under way must not acknowledge its neighbour.
    if (!store.things.alarms.has(chosen)) chosen = "";
    render(html`<div class="bar alarm-bar" @keydown=${press} @focusout=${(/** @type {FocusEvent} */ event) => {
      if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) leave(false);
    }}>
      <ul class="ask-options" role="listbox" tabindex="0" aria-label=${words.alarms} aria-activedescendant=${chosen ? `alarm-${chosen}` : nothing}>${shown.map((alarm) => html`<li
        role="option" id="alarm-${alarm.id}" class="row ${alarm.state}" aria-selected=${alarm.id === chosen ? "true" : "false"} @click=${() => { chosen = alarm.id; draw(); }}>
        <span><b class="level l${alarm.level}">${words.level}${alarm.level}</b></span><b>${nameOf("rules", alarm.rule)}</b>
        <span class="soft">${aboutAlarm(alarm, store)}${alarm.acknowledged ? html` · ${fill(words.acknowledged_by, alarm.acknowledged)} · ${
          nameOf("alarm_reasons", alarm.acknowledged.reason)}` : ""}</span>
        <span class="num ${alarm.acknowledged ? "soft" : "late"}">${lengthText(now - Date.parse(alarm.opened_at), words.days)}</span></li>`)}</ul>
      <div class="reasons"><b>${words.alarm_reason}</b>${REASONS.map((reason, at) => html`<button @click=${() => acknowledge(reason)}><kbd>${at + 1}</kbd>
        ${nameOf("alarm_reasons", reason)}</button>`)}<span class="grow"></span><button @click=${() => leave()}>${words.close} <kbd>Esc</kbd></button></div></div>`, root);
  };
  root.hidden = false;
  draw();
  /** @type {HTMLElement | null} */ (root.querySelector("[role=listbox]"))?.focus();
  const tick = () => {
    if (!open) return;
    draw();
    setTimeout(tick, 500);
  };
  setTimeout(tick, 500);
}
