/** Alarms on a live page: how many in the header, the list (in a panel of the page or in a bar), crew emergencies. */
import { html, nothing, render } from "lit-html";
import { closeBar, holdBar } from "../../components/choice-bar.js";
import { emergenciesOf } from "../../components/emergencies.js";
import { inEmergency } from "../../components/units.js";
import { post } from "../../core/api.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";
import { alarmGroups, countOf } from "./alarm-groups.js";
import { AlarmList } from "./alarm-list.js";
import { REASONS } from "./alarm-text.js";
import { CrewEmergencies, mountBanner } from "./crew-emergency.js";

/**
 * @param {import("../../core/screen.js").Screen} screen
 * @param {{panel?: HTMLElement, openIncident?: (id: string) => unknown, openCall?: (id: string) => unknown,
 *   focusOn?: (lat: number, lng: number) => unknown, filter?: (group: import("./alarm-groups.js").Group) => boolean}}
 *   [options] panel: where the page itself lists them; without one a key opens a bar. focusOn: shows a point on the
 *   page's map. filter: which groups this page lists.
 */
export function mountAlarms(screen, { panel, openIncident, openCall, focusOn, filter } = {}) {
  const { store } = screen;
  const acknowledge = async (/** @type {string} */ id) => {
    const emergency = emergenciesOf(store).find((one) => one.id === id);
    if (!emergency?.alarm) return;
    try {
      await post(`alarms/${emergency.alarm.id}/acknowledge`, { reason: REASONS[0] });
      say(fill(words.emergency_taken, { title: fill(words.emergency_of, emergency) }));
    } catch (error) {
      sayProblem(error);
    }
  };
  const crews = new CrewEmergencies(screen, { focusOn, openIncident, acknowledge });
  const ways = {
    openIncident,
    openCall,
    filter,
    openUnit: (/** @type {string} */ id) => crews.open(id),
    showUnit: (/** @type {string} */ id) => crews.showUnit(id),
    telephone: (/** @type {string} */ id) => crews.telephone(id),
    end: (/** @type {string} */ id) => crews.end(id),
  };
  const list = panel ? new AlarmList(panel, screen, ways, { foot: document.getElementById("alarms-below") }) : null;
  const groups = () => alarmGroups(store).filter((group) => filter?.(group) ?? true);
  const badge = document.getElementById("alarms-top");
  const open = () => {
    if (!groups().length) return say(words.no_alarms, { seconds: 3 });
    // what lies below it takes no focus
    for (const dialog of document.querySelectorAll("dialog:modal")) /** @type {HTMLDialogElement} */ (dialog).close();
    // A panel that lies under something else has no size: the bar is always in sight.
    if (list && panel?.offsetHeight) list.focus();
    else openBarOf(screen, ways);
  };

  // Before the painters of rows: a unit's chip says it wherever it stands.
  screen.onDraw(() => {
    inEmergency.clear();
    for (const one of emergenciesOf(store)) inEmergency.set(one.callsign, one.incident?.number ?? "");
  });
  mountBanner(screen, crews, { acknowledge });
  screen.onDraw(() => {
    list?.soon();
    if (!badge) return;
    const { incidents, others, alarms } = countOf(groups());
    badge.hidden = !alarms;
    badge.classList.toggle(
      "known",
      groups().every((group) => !group.open.length),
    );
    if (alarms)
      render(
        html`▲ ${fill(incidents ? words.alarms_top : words.alarms_other, { count: incidents || others })} <kbd>Alt+J</kbd>`,
        badge,
      );
  });
  badge?.addEventListener("click", open);
  return { open, crews };
}

/**
 * How many incidents and alarms the list has, for the head of its panel.
 * @param {import("../../core/store.js").Store} store
 */
export function alarmsLine(store) {
  const { incidents, others, alarms } = countOf(alarmGroups(store));
  return alarms
    ? [
        fill(words.alarms_incidents, { count: incidents }),
        others ? fill(words.alarms_other, { count: others }) : "",
        fill(words.alarms_count, { count: alarms }),
      ]
        .filter(Boolean)
        .join(" · ")
    : "";
}

/**
 * The list in a bar at the foot; Esc leaves it.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {import("./alarm-list.js").Ways} ways
 */
function openBarOf(screen, ways) {
  closeBar();
  const root = /** @type {HTMLElement} */ (document.getElementById("bar"));
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  let open = true;
  const leave = (giveBack = true) => {
    if (!open) return;
    open = false;
    if (root.querySelector(".alarm-bar")) {
      render(nothing, root);
      root.hidden = true;
    }
    if (giveBack && before?.isConnected) before.focus();
  };
  root.hidden = false;
  render(
    html`<div class="bar alarm-bar" @focusout=${(/** @type {FocusEvent} */ event) => {
      if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) leave(false);
    }}><div class="alarm-holder"></div><p class="soft">${words.alarm_keys} <button type="button" @click=${() => leave()}>${words.close} <kbd>Esc</kbd></button></p></div>`,
    root,
  );
  const left = (/** @type {((id: string) => unknown) | undefined} */ way) =>
    way &&
    ((/** @type {string} */ id) => {
      leave();
      return way(id);
    });
  const list = new AlarmList(
    /** @type {HTMLElement} */ (root.querySelector(".alarm-holder")),
    screen,
    {
      ...ways,
      openIncident: left(ways.openIncident),
      openCall: left(ways.openCall),
      openUnit: /** @type {any} */ (left(ways.openUnit)),
      showUnit: /** @type {any} */ (left(ways.showUnit)),
      telephone: /** @type {any} */ (left(ways.telephone)),
      end: /** @type {any} */ (left(ways.end)),
      leaveFirst: () => leave(),
    },
    { onLeave: () => leave() },
  );
  holdBar(leave);
  list.focus();
  const tick = () => {
    if (open && !root.querySelector(".alarm-bar")) open = false; // another bar has taken its place
    if (!open) return;
    if (list.groups.length) list.draw();
    else return leave();
    setTimeout(tick, 500);
  };
  setTimeout(tick, 500);
}
