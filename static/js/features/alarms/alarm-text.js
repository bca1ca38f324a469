/** Alarms in words: what each is about, how pressing it is, and the groups of a list. */
import { html, nothing } from "lit-html";
import { incidentWords } from "../../components/incidents.js";
import { missingNeeds, needsText } from "../../components/needs.js";
import { priorityMark } from "../../components/priority.js";
import { numberText } from "../../core/phone-numbers.js";
import { lengthText } from "../../core/time.js";
import { fill, isolated, nameOf, names, words } from "../../core/words.js";

/** @typedef {import("./alarm-groups.js").Group} Group */

/** Codes of the reasons, under the digits 1 to 6 in this order. */
export const REASONS = Object.keys(names.alarm_reasons ?? {});

/** The rules that an incident raises while units are missing. */
const MISSING_RULES = new Set([2, 3, 4]);

/**
 * Whom an alarm is about: the units that are missing now, a unit, an agency, a caller's number; "" where its rule says
 * it all.
 * @param {Api.AlarmForm} alarm @param {import("../../core/store.js").Store} store
 */
export function aboutAlarm(alarm, store) {
  const [prefix, id] = alarm.subject.split(":", 2);
  if (prefix === "call") {
    const number = store.things.calls.get(id)?.number;
    return number ? numberText(number) : words.number_withheld;
  }
  if (prefix === "incident" && MISSING_RULES.has(alarm.rule)) {
    const incident = store.things.incidents.get(id);
    return needsText(incident ? missingNeeds(incident) : []);
  }
  if (prefix === "unit") return store.things.units.get(id)?.callsign ?? alarm.params.callsign ?? "";
  if (prefix === "assignment") return alarm.params.callsign ?? "";
  return prefix === "task" ? (alarm.params.agency ?? "") : (alarm.params.callsign ?? sourceText(alarm.params));
}

/** A source by its kind and name; a workstation without a desk has no name. @param {any} params of an alarm */
function sourceText({ source, source_kind: kind }) {
  if (kind === "workstation" && !source) return words["source.no_desk"];
  return source ? fill(words[`source.${kind}`] ?? "{name}", { name: source }) : "";
}

/** A level as three bars. @param {number} level */
export function levelBars(level) {
  return html`<span class="bars l${Math.min(3, level)}"><i></i><i></i><i></i><span class="sr">${fill(words.level_n, { level })}</span></span>`;
}

/** What a group is, in one line. @param {Group} group */
export function groupTitle(group) {
  if (group.emergency) {
    return [
      fill(words.emergency_of, group.emergency),
      group.number && fill(words.at_incident, { number: group.number }),
    ]
      .filter(Boolean)
      .join(" · ");
  }
  if (group.kind === "rule") return nameOf("rules", group.worst.rule);
  return [
    `${group.number} ${group.incident ? incidentWords(group.incident) : nameOf("types", group.worst.params.type ?? "")}`,
    isolated(group.incident?.location.text ?? ""),
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * What to know before acting: whom to telephone, which other agencies have the same capability, that nobody is on duty,
 * that it was entered late.
 * @param {Api.AlarmForm} alarm
 */
function adviceOf(alarm) {
  const { contact, telephone, others: capable, nobody_on_duty: nobody, offset_seconds: seconds } = alarm.params;
  return [
    seconds && fill(words.clock_off, { seconds }),
    telephone && alarm.level > 1 && fill(words.telephone_agency, { contact, telephone }),
    capable?.length && alarm.level > 1 && fill(words.others_capable, { agencies: capable.join(", ") }),
    nobody && words.nobody_on_duty,
    alarm.late && words.alarm_late,
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * The rule, whom it is about and what to know.
 * @param {Api.AlarmForm} alarm
 * @param {import("../../core/store.js").Store} store
 */
export function alarmLine(alarm, store) {
  return [nameOf("rules", alarm.rule), aboutAlarm(alarm, store), adviceOf(alarm)].filter(Boolean).join(" · ");
}

/**
 * What stands below a group's title: the worst alarm; a group without an incident has the rule's name as its title.
 * @param {Group} group
 * @param {import("../../core/store.js").Store} store
 */
function worstLine({ kind, worst }, store) {
  if (kind !== "rule") return alarmLine(worst, store);
  return [aboutAlarm(worst, store), adviceOf(worst)].filter(Boolean).join(" · ");
}

/**
 * The group's other alarms by rule: "Task not accepted: DAMKAR, PLN".
 * @param {Group} group
 * @param {import("../../core/store.js").Store} store
 */
function others(group, store) {
  /** @type {Map<number, string[]>} */
  const rules = new Map();
  for (const alarm of group.alarms.slice(1))
    rules.set(alarm.rule, [...(rules.get(alarm.rule) ?? []), aboutAlarm(alarm, store)]);
  return [...rules]
    .map(([rule, about]) => {
      const named = about.filter(Boolean);
      return named.length ? `${nameOf("rules", rule)}: ${named.join(", ")}` : nameOf("rules", rule);
    })
    .join(" · ");
}

/** @param {Api.AlarmForm} alarm @param {number} now */
const age = (alarm, now) => lengthText(now - Date.parse(alarm.base_at), words.days);

/**
 * A group as a row of the list; open, it shows each alarm and the reasons.
 * @param {Group} group
 * @param {{store: import("../../core/store.js").Store, now: number, open: boolean, chosen: boolean, fresh: boolean,
 *   label: string, timeText: (moment: string) => string, choose: () => void, enter: () => void, acknowledge: ((reason:
 *   string) => void) | null, unanswered: {alarm: Api.AlarmForm, agencies: string[]} | null, further: () => void}} options
 *   unanswered: a task for which further agencies can be asked
 */
export function groupPart(
  group,
  { store, now, open, chosen, fresh, label, timeText, choose, enter, acknowledge, unanswered, further },
) {
  const { worst, emergency } = group;
  const known = !group.open.length;
  return html`<li role="option" id="alarm-${group.key.replace(":", "-")}" data-key=${group.key} aria-selected=${chosen ? "true" : "false"} @click=${choose} @dblclick=${enter}
    class="alarm-group ${emergency ? "sos" : ""} ${known ? "known" : ""} ${fresh ? "fresh" : ""}">
    <span class="sr">${label}</span>
    <div class="alarm-head" aria-hidden="true"><span>${emergency ? html`<b class="bang">!</b>` : group.kind === "rule" ? html`<b class="bang plain">▲</b>` : priorityMark(group.priority)}</span>
      <div><h3>${group.now && !emergency ? html`<b class="now-mark">${words.now}</b> ` : nothing}${groupTitle(group)}</h3>
        <p><b>${emergency ? (emergency.withdrawn ? words.confirm_by_voice : known ? words.emergency_known : words.emergency_unknown) : worstLine(group, store)}</b>
          <b class="num age">${emergency ? lengthText(now - emergency.since, words.days) : age(worst, now)}</b> ${levelBars(worst.level)}</p>
        ${
          open
            ? nothing
            : html`<p class="rest">${
                emergency
                  ? worst.next_at
                    ? fill(words.next_level, { level: worst.level + 1, at: timeText(worst.next_at) })
                    : ""
                  : known && worst.acknowledged
                    ? acknowledgedText(worst)
                    : others(group, store)
              }</p>`
        }</div>
      <span class="count num">${group.alarms.length}</span></div>
    ${
      open
        ? html`<div class="alarm-lines" aria-hidden="true">${group.alarms.map(
            (alarm) => html`<p class=${alarm.acknowledged ? "known" : ""}><b>${nameOf("rules", alarm.rule)}</b>
      <span class="about">${[aboutAlarm(alarm, store), adviceOf(alarm)].filter(Boolean).join(" · ")}${alarm.acknowledged ? html` <span class="soft">${acknowledgedText(alarm)}</span>` : ""}</span>
      ${levelBars(alarm.level)}<b class="num age">${age(alarm, now)}</b></p>`,
          )}</div>
      ${
        unanswered
          ? html`<div class="alarm-reasons" aria-hidden="true"><span class="reason" @click=${(
              /** @type {Event} */ event,
            ) => {
              event.stopPropagation();
              further();
            }}><kbd>T</kbd> ${fill(words.ask_further, {
              agencies: unanswered.agencies.join(", "),
              first: unanswered.alarm.params.agency,
            })}</span></div>`
          : nothing
      }
      ${
        acknowledge
          ? html`<div class="alarm-reasons" aria-hidden="true">${REASONS.map(
              (reason, at) =>
                html`<span class="reason" @click=${(/** @type {Event} */ event) => {
                  event.stopPropagation();
                  acknowledge(reason);
                }}><kbd>${at + 1}</kbd> ${nameOf("alarm_reasons", reason)}</span>`,
            )}</div>`
          : nothing
      }`
        : nothing
    }</li>`;
}

/** @param {Api.AlarmForm} alarm */
export function acknowledgedText(alarm) {
  const { by, reason } = alarm.acknowledged ?? {};
  return `${fill(words.acknowledged_by, { by })} · ${nameOf("alarm_reasons", reason ?? null)}`;
}
