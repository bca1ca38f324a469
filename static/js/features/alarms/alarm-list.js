/**
 * The list of alarms, grouped: arrows select a group, which opens; one digit acknowledges what it shows with that
 * reason.
 *
 * While the focus is in it the order stays: nothing moves under the finger, new groups wait below, but for a crew's
 * emergency. A digit covers the alarms that were drawn before it was pressed, at the level that was drawn.
 */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { askFurther, furtherAgencies } from "../../components/agency-prompt.js";
import { acknowledges } from "../../components/emergencies.js";
import { post } from "../../core/api.js";
import { bindFocused } from "../../core/keys.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { alarmGroups, covered } from "./alarm-groups.js";
import { alarmLine, groupPart, groupTitle, REASONS } from "./alarm-text.js";

/** @typedef {import("./alarm-groups.js").Group} Group */

const EVERY_MS = 250;

/**
 * openIncident: opens an incident by id. openUnit: opens a unit in an emergency by id. filter: which groups this page
 * lists. showUnit, telephone, end: what M, T and X do with a crew's emergency. leaveFirst: called before T opens a bar.
 * @typedef {{openIncident?: (id: string) => unknown, openCall?: (id: string) => unknown, openUnit: (id: string) =>
 *   unknown, showUnit: (id: string) => unknown, telephone: (id: string) => unknown, end: (id: string) => unknown,
 *   filter?: (group: Group) => boolean, leaveFirst?: () => void}} Ways
 */

export class AlarmList {
  /**
   * @param {HTMLElement} root
   * @param {import("../../core/screen.js").Screen} screen
   * @param {Ways} ways
   * @param {{onLeave?: () => void, foot?: HTMLElement | null}} [options] foot: where those out of sight are counted
   */
  constructor(root, screen, ways, { onLeave, foot = null } = {}) {
    this.root = root;
    this.screen = screen;
    this.ways = ways;
    this.foot = foot;
    /** The key of the selected group; "" for none. */
    this.chosen = "";
    /** The keys in the order shown. @type {string[]} */
    this.order = [];
    /** What was drawn of each group: the level of each alarm. @type {Map<string, Map<string, number>>} */
    this.shown = new Map();
    this.drawnAt = -Infinity;
    bindFocused(root, {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      Enter: () => this.enter(this.group),
      M: () => this.unit(this.ways.showUnit),
      T: () => (this.group?.emergency ? this.unit(this.ways.telephone) : this.further()),
      X: () => this.unit(this.ways.end),
      ...Object.fromEntries(
        REASONS.map((reason, at) => [
          String(at + 1),
          (/** @type {KeyboardEvent} */ event) => event.repeat || void this.acknowledge(reason),
        ]),
      ),
      ...(onLeave ? { Escape: onLeave } : {}),
    });
    root.addEventListener("scroll", () => this.countBelow(), { passive: true });
    root.addEventListener("focusin", () => this.draw());
    root.addEventListener("focusout", () => setTimeout(() => this.draw()));
  }

  get focused() {
    return this.root.contains(document.activeElement);
  }

  /** The groups in the order shown. @returns {Group[]} */
  get groups() {
    const { filter } = this.ways;
    const groups = alarmGroups(this.screen.store).filter((group) => filter?.(group) ?? true);
    if (!this.focused) return groups;
    const place = new Map(this.order.map((key, at) => [key, at]));
    const at = (/** @type {Group} */ group) =>
      group.kind === "emergency" && !place.has(group.key) ? -1 : (place.get(group.key) ?? Infinity);
    return [...groups].sort((one, other) => (at(one) === at(other) ? 0 : at(one) - at(other)));
  }

  /** The selected group. */
  get group() {
    return this.groups.find((group) => group.key === this.chosen) ?? null;
  }

  /** Take the focus; the most pressing group is selected, or that of an incident. @param {string} [key] */
  focus(key) {
    const groups = this.groups;
    const wanted = groups.find((group) => group.key === key) ?? groups[0];
    this.chosen = wanted?.key ?? "";
    this.draw();
    /** @type {HTMLElement | null} */ (this.root.querySelector("[role=listbox]"))?.focus();
    this.draw();
    this.reveal();
  }

  /** @param {number} by */
  step(by) {
    const groups = this.groups;
    const at = groups.findIndex((group) => group.key === this.chosen);
    const to = at < 0 ? 0 : Math.max(0, Math.min(groups.length - 1, at + by));
    this.choose(groups[to]?.key ?? "");
  }

  /** @param {string} key */
  choose(key) {
    this.chosen = key;
    this.draw();
    this.reveal();
  }

  reveal() {
    this.root.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** Open what the group is about. @param {Group | null} group */
  enter(group) {
    if (!group) return false;
    if (group.emergency) return this.ways.openUnit(group.emergency.id);
    if (group.kind === "incident") return this.ways.openIncident?.(group.key.slice("incident:".length)) ?? true;
    const [kind, id] = group.worst.subject.split(":", 2);
    if (kind === "call") this.ways.openCall?.(id);
  }

  /** @param {(id: string) => unknown} way */
  unit(way) {
    const emergency = this.group?.emergency;
    if (!emergency) return false;
    way(emergency.id);
  }

  /**
   * The alarm of a task that nobody accepts, with the agencies that can be asked in addition.
   * @param {Group | null} group
   */
  unanswered(group) {
    for (const alarm of group?.alarms ?? []) {
      const agencies = furtherAgencies(alarm, group?.incident ?? null);
      if (agencies.length) return { alarm, agencies };
    }
    return null;
  }

  /** Ask an agency in addition; the first offer stays. */
  further() {
    const found = this.unanswered(this.group);
    if (!found) return false;
    if (found.agencies.length > 1) this.ways.leaveFirst?.();
    void askFurther(found.alarm, found.agencies);
  }

  /** @param {string} reason */
  async acknowledge(reason) {
    const group = this.group;
    if (!group) return;
    const shown = this.shown.get(group.key) ?? new Map();
    const wanted = covered(group).filter((alarm) => shown.has(alarm.id));
    if (!wanted.length)
      return say(group.open.some((alarm) => !acknowledges(alarm.rule)) ? words.alarm_not_yours : words.alarm_known, {
        seconds: 4,
      });
    const title = groupTitle(group);
    try {
      let rest = [];
      let count = wanted.length;
      if (group.kind === "incident" && (wanted.length > 1 || wanted[0].rule !== 2)) {
        const answer = await post(`incidents/${group.key.slice("incident:".length)}/alarms/acknowledge`, {
          reason,
          seen: wanted.map((alarm) => alarm.id),
          levels: Object.fromEntries(wanted.map((alarm) => [alarm.id, shown.get(alarm.id)])),
        });
        rest = answer.rest;
        count = answer.acknowledged.length;
      } else for (const alarm of wanted) await post(`alarms/${alarm.id}/acknowledge`, { reason });
      const left = rest.map((/** @type {Api.AlarmForm} */ alarm) => alarmLine(alarm, this.screen.store)).join(", ");
      const text = fill(group.emergency ? words.emergency_taken : words.group_acknowledged, {
        title,
        count,
        reason: nameOf("alarm_reasons", reason),
      });
      say(left ? `${text} ${fill(words.group_left, { left })}` : text);
    } catch (error) {
      sayProblem(error);
    }
  }

  /** Draw it with the screen, not more often than anybody reads. */
  soon() {
    if (performance.now() - this.drawnAt >= EVERY_MS) this.draw();
  }

  draw() {
    this.drawnAt = performance.now();
    const { store } = this.screen;
    if (store.seq === null) return;
    const groups = this.groups;
    const now = this.screen.now();
    const before = new Set(this.order);
    this.order = groups.map((group) => group.key);
    if (this.chosen && !this.order.includes(this.chosen)) this.chosen = ""; // a digit must not meet its neighbour
    const open = this.focused ? this.chosen : "";
    this.shown = new Map(
      groups.map((group) => [group.key, new Map(group.alarms.map((alarm) => [alarm.id, alarm.level]))]),
    );
    if (!groups.length) {
      if (this.foot) this.foot.hidden = true;
      return render(html`<p class="empty">${words.no_alarms}</p>`, this.root);
    }
    const active = this.chosen ? `alarm-${this.chosen.replace(":", "-")}` : nothing;
    render(
      html`<ul class="alarm-groups" role="listbox" tabindex="0" aria-label=${words.alarms} aria-activedescendant=${active}>${repeat(
        groups,
        (group) => group.key,
        (group) =>
          groupPart(group, {
            store,
            now,
            open: group.key === open,
            chosen: group.key === this.chosen,
            fresh: this.focused && before.size > 0 && !before.has(group.key),
            label: fill(words.group_label, {
              title: groupTitle(group),
              alarm: alarmLine(group.worst, store),
              level: group.worst.level,
              count: group.alarms.length,
            }),
            timeText: (moment) => this.screen.timeText(moment, true),
            choose: () => this.choose(group.key),
            enter: () => this.enter(group),
            acknowledge: covered(group).length ? (reason) => void this.acknowledge(reason) : null,
            unanswered: this.unanswered(group),
            further: () => this.further(),
          }),
      )}</ul>`,
      this.root,
    );
    if (this.foot) requestAnimationFrame(() => this.countBelow());
  }

  /** Say how many groups lie below what is in sight, and how pressing they are. */
  countBelow() {
    if (!this.foot) return;
    const end = this.root.getBoundingClientRect().bottom;
    const hidden = new Set(
      [...this.root.querySelectorAll("[data-key]")]
        .filter((row) => row.getBoundingClientRect().top > end - 20)
        .map((row) => /** @type {HTMLElement} */ (row).dataset.key),
    );
    const below = this.groups.filter((group) => hidden.has(group.key));
    this.foot.hidden = !below.length;
    if (!below.length) return;
    /** @type {Map<string, number>} */
    const priorities = new Map();
    for (const group of below) {
      const name = group.kind === "rule" ? "–" : `P${group.priority}`;
      priorities.set(name, (priorities.get(name) ?? 0) + 1);
    }
    const text = `↓ ${fill(words.alarms_below, {
      count: below.length,
      priorities: [...priorities]
        .sort()
        .map(([name, count]) => `${name} ${count}`)
        .join(" · "),
      level: Math.max(...below.map((group) => group.worst.level)),
    })}`;
    if (this.foot.textContent !== text) this.foot.textContent = text;
  }
}
