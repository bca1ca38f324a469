/** The board's tiles: one look says whether anything needs somebody now. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { waitingCalls, waitLook } from "../../components/calls.js";
import { priorityMark } from "../../components/priority.js";
import { GROUPS, lookOf } from "../../components/status-classes.js";
import { FREE } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, names, words } from "../../core/words.js";

const SEATS = 10; // more people than these are counted by state
/** What stands for a state in its mark; time is shown where it matters. @type {Record<string, string>} */
const SEAT_MARKS = { ready: "✓", not_ready: "‖", offline: "–", supervising: "◎", training: "T" };
/** The capabilities whose cover is watched: without one near, minutes are lost. */
const COVER = ["ambulance", "fire_engine"];

/** @param {number | null | undefined} share */
export function percent(share) {
  return share === null || share === undefined
    ? html`<span class="unknown">${words.unknown}</span>`
    : `${Math.round(share * 100)} %`;
}

/** @param {Api.CallForm[]} calls @param {number} now */
export function waitingTile(calls, now) {
  const waiting = waitingCalls(calls);
  const waited = waiting.length ? now - Date.parse(waiting[0].started_at) : 0;
  return html`<section class="tile ${waiting.length ? waitLook(waited) || "some" : ""}"><h2>${words.waiting}</h2><p class="big num">${waiting.length}
    ${waiting.length ? html`<small>${words.longest} <b class=${waitLook(waited)}>${lengthText(waited, words.days)}</b></small>` : ""}</p></section>`;
}

/**
 * Service level, and how many of today's filed calls were no emergency.
 * @param {Api.Kpis} kpis
 * @param {Api.CallForm[]} calls
 */
export function callTiles(kpis, calls) {
  const unfiled = calls.filter((call) => !call.disposition && !call.callback).length;
  const filed = Math.max(kpis.emergencies_today, kpis.calls_today - unfiled);
  const idle = filed - kpis.emergencies_today;
  return html`<section class="tile"><h2>${words.in_10_s}</h2><p class="big num">${percent(kpis.in_10_s_hour)}
      <small>${words.today} ${percent(kpis.in_10_s_today)}</small></p></section>
    <section class="tile"><h2>${words.no_emergency_today}</h2><p class="big num">${filed ? percent(idle / filed) : "–"}
      <small>${filed ? fill(words.of_calls, { part: idle, count: filed }) : words.no_calls_today}</small></p></section>`;
}

/**
 * Who sits where and does what: the clock of a talk stands in its mark.
 * @param {Api.OperatorForm[]} operators
 * @param {number} now
 */
export function peopleTile(operators, now) {
  const here = operators.filter((operator) => operator.state !== "offline");
  return html`<section class="tile people"><h2>${words.call_takers}</h2>${
    here.length > SEATS
      ? byState(here)
      : html`<ul class="seats">${
          here.length
            ? repeat(
                here.sort(
                  (one, other) =>
                    (one.desk ?? "~").localeCompare(other.desk ?? "~") || one.name.localeCompare(other.name),
                ),
                (one) => one.id,
                (one) => seat(one, now),
              )
            : html`<li class="soft">${words.no_operators}</li>`
        }</ul>`
  }</section>`;
}

/** @param {Api.OperatorForm} operator @param {number} now */
function seat(operator, now) {
  const state = `${nameOf("operator_states", operator.state)}${operator.reason ? ` · ${nameOf("reasons", operator.reason)}` : ""}`;
  const since = lengthText(now - Date.parse(operator.since), words.days);
  return html`<li class="seat ${operator.state}" title="${operator.name}: ${state} ${since}"><i class="num" aria-hidden="true">${SEAT_MARKS[operator.state] ?? since}</i>
    <span>${operator.desk ?? operator.name.split(" ")[0]}</span><span class="sr">${operator.name}: ${state} ${since}</span></li>`;
}

/** @param {Api.OperatorForm[]} here */
function byState(here) {
  const states = [...new Set(here.map((operator) => operator.state))];
  return html`<p class="legend num">${states.map(
    (state) => html`<span class="seat ${state}"><b>${here.filter((one) => one.state === state).length}</b>
    ${nameOf("operator_states", state)}</span>`,
  )}</p>`;
}

/** @param {Api.IncidentForm[]} incidents */
export function incidentsTile(incidents) {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const incident of incidents) counts[incident.priority]++;
  return html`<section class="tile"><h2>${words.open_incidents}</h2><p class="big num">${incidents.length} <small class="counts">${[
    1, 2, 3, 4, 5,
  ].map((priority) =>
    counts[priority] ? html`<span>${priorityMark(priority)} <b>${counts[priority]}</b></span>` : "",
  )}</small></p></section>`;
}

/**
 * @param {Api.UnitForm[]} units
 * @param {boolean} cover whether all units are in sight, so that a district without one can be named
 */
export function unitsTile(units, cover) {
  const counts = new Map(GROUPS.map((group) => [group, 0]));
  for (const unit of units) {
    const look = lookOf(unit.status);
    if (counts.has(look)) counts.set(look, (counts.get(look) ?? 0) + 1);
  }
  const onDuty = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return html`<section class="tile wide"><h2>${fill(words.units_on_duty, { count: onDuty })}</h2>
    <div class="stack" aria-hidden="true">${GROUPS.map((group) => html`<i class="swatch ${group}" .style=${`flex:${counts.get(group)}`}></i>`)}</div>
    <p class="legend num">${GROUPS.filter((group) => counts.get(group)).map(
      (group) => html`<span class="swatch ${group}"><b>${counts.get(group)}</b> ${words[`units_${group}`]}</span>`,
    )}${cover ? gapsPart(gaps(units)) : ""}</p></section>`;
}

/** @param {{place: string, capability: string}[]} found */
function gapsPart(found) {
  if (!found.length) return "";
  const all = found.map((gap) => fill(words.cover_gap, gap)).join("\n");
  return html`<span class="soon gaps" title=${all}>${fill(words.cover_gap, found[0])}${
    found.length > 1 ? html` · ${fill(words.cover_more, { count: found.length - 1 })}` : ""
  }</span>`;
}

/**
 * Districts that have a station for a main capability and no free unit there.
 * @param {Api.UnitForm[]} units
 * @returns {{place: string, capability: string}[]}
 */
export function gaps(units) {
  const stations = /** @type {Record<string, {kecamatan: string | null}>} */ (
    /** @type {any} */ (names.stations) ?? {}
  );
  const found = [];
  for (const capability of COVER) {
    /** @type {Map<string, boolean>} */
    const free = new Map();
    for (const unit of units) {
      const district = unit.station && stations[unit.station]?.kecamatan;
      if (!district || !unit.capabilities.includes(capability)) continue;
      free.set(district, (free.get(district) ?? false) || FREE.has(unit.status));
    }
    for (const [district, covered] of free) {
      if (!covered)
        found.push({
          place: nameOf("kecamatan", district),
          capability: nameOf("capabilities", capability).toLowerCase(),
        });
    }
  }
  return found.sort((one, other) => one.place.localeCompare(other.place));
}
