/** All units in one table: arrows select, digits set the status by FMS, flags are ended by their buttons. */
import { html } from "lit-html";
import { Grid } from "../components/grid.js";
import { mountSounds } from "../components/sounds.js";
import { lookOf, staleFix } from "../components/status-classes.js";
import { endTalk, setStatus } from "../components/status-keys.js";
import { FREE, unitChip } from "../components/units.js";
import { get } from "../core/api.js";
import { bindFocused, bindKeys } from "../core/keys.js";
import { place, Screen, write } from "../core/screen.js";
import { lengthText } from "../core/time.js";
import { say, undoLast } from "../core/toast.js";
import { fill, nameOf, names, words } from "../core/words.js";
import { mountAlarms } from "../features/alarms/index.js";
import { mountCommand } from "../features/command/index.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";
import { UnitCard } from "../features/units/unit-card.js";

/** @typedef {import("../components/grid.js").Heading} Heading */

/** @type {Record<string, {name: string, kecamatan: string} | undefined>} */
const stations = /** @type {any} */ (names.stations ?? {});

const POLL_MS = 5000;
const screen = new Screen(place("units-page"));
const { store } = screen;
const may = new Set((screen.root.dataset.may ?? "").split(" "));
const filter = /** @type {HTMLInputElement} */ (place("filter"));
filter.placeholder = words.filter_hint;

const alarms = mountAlarms(screen, {
  openIncident: may.has("console") ? (id) => location.assign(`/console/?incident=${id}`) : undefined,
});
const sounds = may.has("board") ? mountSounds(screen, { kinds: ["emergency", "p1", "alarm", "trouble"] }) : null;

/** Who is signed on to which unit, in names. @type {Map<string, string>} */
let riders = new Map();

async function readRiders() {
  const answer = await get("crews").catch(() => null); // without it the table is whole but for the names
  if (!answer) return;
  riders = new Map(
    answer.items.map((/** @type {Api.CrewForm} */ item) => [item.id, item.people.map((one) => one.name).join(", ")]),
  );
  screen.draw();
}
screen.onChange((subject) => subject === "crews" && readRiders());
void readRiders();

const grid = new Grid(place("units"), {
  name: "unit",
  label: words.units_list,
  head: "",
  columns: 10,
  cells: (
    unit,
    now,
  ) => html`<td>${unitChip(unit.callsign, unit.status, unit.fms)}</td><td>${unit.agency}</td><td title=${stationOf(unit)}>${stationOf(unit)}</td>
    <td>${nameOf("statuses", unit.status)}</td><td class="num">${lengthText(now - Date.parse(unit.status_at), words.days)}</td>
    <td class="num">${incidentPart(unit)}</td><td title=${riders.get(unit.id) ?? ""}><span class="num">${unit.crew ?? words.unknown}</span> <span class="soft">${riders.get(unit.id) ?? ""}</span></td><td class="soft" title=${abilities(unit)}>${abilities(unit)}</td>
    <td class="num">${fixPart(unit, now)}</td><td>${flagsPart(unit, now)}</td>`,
  look: (unit) => `${unit.flags.emergency ? "emergency" : ""} ${lookOf(unit.status)}`,
  empty: () => (store.things.units.size ? words.no_units_shown : words.no_units),
  onHeld: (waiting) => {
    write("units-held", waiting.length ? fill(words.order_held, { count: waiting.length }) : "");
  },
  onChoose: (unit) => {
    card.show(unit?.id ?? null);
    place("units-page").classList.toggle("peeking", Boolean(unit));
  },
  onOpen(unit) {
    if (unit.incident && may.has("console")) location.assign(`/console/?incident=${unit.incident.id}`);
  },
});

const card = new UnitCard(place("unit-card"), screen, {
  parts: {
    station: stationOf,
    abilities,
    incident: incidentPart,
    fix: fixPart,
    flags: flagsPart,
    people: (unit) => riders.get(unit.id) ?? "",
  },
  timeline: may.has("timeline"),
  close: () => grid.choose(null),
});

/** @param {Api.UnitForm} unit */
function stationOf(unit) {
  return unit.station ? (stations[unit.station]?.name ?? unit.station) : words.unknown;
}

/** @param {Api.UnitForm} unit */
function abilities(unit) {
  return unit.capabilities.map((/** @type {string} */ code) => nameOf("capabilities", code)).join(", ");
}

/** @param {Api.UnitForm} unit */
function incidentPart(unit) {
  const then = unit.stacked.map((one) => one.number).join(", ");
  if (!unit.incident && !then) return "";
  const number =
    unit.incident &&
    (may.has("console")
      ? html`<a href="/console/?incident=${unit.incident.id}" tabindex="-1">${unit.incident.number}</a>`
      : html`<b>${unit.incident.number}</b>`);
  return html`${number ?? ""}${then ? html` <span class="soft">${fill(words.stacked, { numbers: then })}</span>` : ""}`;
}

/** @param {Api.UnitForm} unit @param {number} now */
function fixPart(unit, now) {
  const position = store.positions.get(unit.callsign);
  if (!position) return html`<span class="mute">${words.no_fix}</span>`;
  const age = now - Date.parse(position[5]);
  const stale = staleFix(unit.status, age);
  return html`<span class=${stale ? "soon" : ""}>${fill(stale ? words.fix_stale : words.fix_age, { age: lengthText(age, words.days) })}</span>`;
}

/** @param {Api.UnitForm} unit @param {number} now */
function flagsPart(unit, now) {
  const { emergency, talk_request: talk } = unit.flags;
  return html`${
    emergency
      ? html`<b class="late">${unit.flags.emergency_withdrawn ? words.confirm_by_voice : words.emergency} <span class="num">${lengthText(now - Date.parse(emergency), words.days)}</span></b>
    ${may.has("end_emergency") ? html`<button tabindex="-1" title=${words.end_emergency} @click=${() => alarms.crews.end(unit.id)}><span class="sr">${words.end_emergency}</span><kbd>X</kbd></button>` : ""}`
      : ""
  }
    ${
      talk
        ? html`<span class="soon">${words.talk} <span class="num">${lengthText(now - Date.parse(talk), words.days)}</span></span>
    ${may.has("status") ? html`<button tabindex="-1" @click=${() => endTalk(unit)}>${words.end_talk} <kbd>K</kbd></button>` : ""}`
        : ""
    }`;
}

/** Every word of the filter must be in it. @param {Api.UnitForm} unit @param {string[]} wanted */
function has(unit, wanted) {
  const text = [
    unit.callsign,
    unit.agency,
    stationOf(unit),
    nameOf("statuses", unit.status),
    abilities(unit),
    unit.incident?.number ?? "",
    unit.fms ?? "",
  ]
    .join(" ")
    .toLowerCase();
  return wanted.every((word) => text.includes(word));
}

// One collator for all: localeCompare makes a new one each time.
const { compare } = new Intl.Collator("id", { numeric: true });
/** The order of statuses: who calls for help and who works stands before who is free, who is off last. */
const RANK = Object.fromEntries(
  ["sent", "en-route", "on-scene", "moving", "free", "off"].map((look, at) => [look, at]),
);
/** The orders that a reader may choose, by column. @type {Record<string, (one: Api.UnitForm, other: Api.UnitForm) => number>} */
const SORTS = {
  unit: () => 0,
  agency: (one, other) => compare(one.agency, other.agency),
  station: (one, other) => compare(stationOf(one), stationOf(other)),
  state: (one, other) =>
    RANK[lookOf(one.status)] - RANK[lookOf(other.status)] ||
    compare(nameOf("statuses", one.status), nameOf("statuses", other.status)),
  since: (one, other) => one.status_at.localeCompare(other.status_at),
  incident: (one, other) =>
    Number(Boolean(other.incident)) - Number(Boolean(one.incident)) ||
    compare(one.incident?.number ?? "", other.incident?.number ?? ""),
  position: (one, other) =>
    (store.positions.get(other.callsign)?.[5] ?? "").localeCompare(store.positions.get(one.callsign)?.[5] ?? ""),
};
const SORTED_BY = ["unit", "agency", "station", "state", "since", "incident", "position"];
/** What the units may be grouped by. @type {Record<string, (unit: Api.UnitForm) => string>} */
const GROUPS = {
  agency: (unit) => `${unit.agency} · ${nameOf("agencies", unit.agency)}`,
  area: (unit) => nameOf("kecamatan", stationKecamatan(unit)) || words.area_unknown,
  none: () => "",
};
const view = { sort: "unit", group: "agency" };

/** @param {Api.UnitForm} unit */
function stationKecamatan(unit) {
  return unit.station ? (stations[unit.station]?.kecamatan ?? null) : null;
}

/** Emergencies first, then talk requests, then as chosen, then by callsign. @param {Api.UnitForm} one @param {Api.UnitForm} other */
function order(one, other) {
  return (
    Number(Boolean(other.flags.emergency)) - Number(Boolean(one.flags.emergency)) ||
    Number(Boolean(other.flags.talk_request)) - Number(Boolean(one.flags.talk_request)) ||
    SORTS[view.sort](one, other) ||
    compare(one.callsign, other.callsign)
  );
}

/** The head: a column's name sorts by it. */
function head() {
  const button = (/** @type {string} */ name) =>
    html`<button type="button" class="sort" tabindex="-1" data-sort=${name}>${words[name]}${view.sort === name ? " ↓" : ""}</button>`;
  return html`${["unit", "agency", "station", "state", "since", "incident", "crew", "can", "position", "flags"].map(
    (name) => html`<th
    aria-sort=${view.sort === name ? "ascending" : "none"}>${SORTED_BY.includes(name) ? button(name) : words[name]}</th>`,
  )}`;
}

/**
 * The rows with the headings of their groups; a unit that calls for help stands above all groups.
 * @param {Api.UnitForm[]} units sorted
 */
function rowsOf(units) {
  const urgent = units.filter((unit) => unit.flags.emergency || unit.flags.talk_request);
  /** @type {Map<string, Api.UnitForm[]>} */
  const groups = new Map();
  for (const unit of units) {
    if (urgent.includes(unit)) continue;
    const name = GROUPS[view.group](unit);
    const group = groups.get(name);
    if (group) group.push(unit);
    else groups.set(name, [unit]);
  }
  /** @type {(Api.UnitForm | Heading)[]} */
  const rows = [...urgent];
  for (const name of [...groups.keys()].sort(compare)) {
    const group = groups.get(name) ?? [];
    if (name) rows.push({ id: `group-${name}`, heading: headingOf(name, group) });
    rows.push(...group);
  }
  return rows;
}

/** @param {string} name @param {Api.UnitForm[]} group */
function headingOf(name, group) {
  const free = group.filter((unit) => FREE.has(unit.status)).length;
  return html`<div class="group-heading"><b>${name}</b> <b class="num">${group.length}</b> <span class="mute num">${fill(words.group_free, { count: free })}</span></div>`;
}

/** The rows as sorted last, and what they were sorted from. */
let sorted = { of: "", rows: /** @type {(Api.UnitForm | Heading)[]} */ ([]), shown: 0 };

screen.onDraw((now, marked) => {
  const all = store.all("units");
  const key = `${store.seq} ${filter.value} ${view.sort} ${view.group} ${document.documentElement.lang}`;
  if (sorted.of !== key) {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const units = all.filter((unit) => has(unit, wanted)).sort(order);
    sorted = { of: key, rows: rowsOf(units), shown: units.length };
  }
  grid.options.head = head();
  grid.show(sorted.rows, now, marked);
  card.draw(now);
  write(
    "units-line",
    fill(words.units_line, {
      shown: sorted.shown,
      all: all.length,
      free: all.filter((unit) => FREE.has(unit.status)).length,
    }),
  );
});

const group = /** @type {HTMLSelectElement} */ (place("group"));
group.addEventListener("change", () => {
  view.group = group.value;
  grid.release();
  screen.draw();
});
place("units").addEventListener("click", (event) => {
  const button =
    event.target instanceof Element
      ? /** @type {HTMLElement | null} */ (event.target.closest("button[data-sort]"))
      : null;
  if (!button) return;
  view.sort = button.dataset.sort ?? "unit";
  grid.release();
  screen.draw();
});

/** @param {string} digit */
function press(digit) {
  const unit = grid.item;
  if (!unit) return false;
  if (!may.has("status")) say(words.may_not, { tone: "bad" });
  else void setStatus(unit, digit, { mayForce: may.has("force") });
  return true;
}

bindFocused(place("units"), {
  ...Object.fromEntries([..."012345678"].map((digit) => [digit, () => press(digit)])),
  K: () => (grid.item?.flags.talk_request && may.has("status") ? endTalk(grid.item) : false),
  Escape: () => (grid.item ? grid.choose(null) : false),
  X: () => (grid.item?.flags.emergency && may.has("end_emergency") ? alarms.crews.end(grid.item.id) : false),
});
place("units-hint").textContent = may.has("status") ? words.status_keys : "";
filter.addEventListener("input", () => {
  grid.release();
  screen.draw();
});
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && filter.value) {
    filter.value = "";
    grid.release();
    screen.draw();
    event.preventDefault();
  } else if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "Escape") {
    grid.focus();
    event.preventDefault();
  }
});
bindKeys({
  help: toggleHelp,
  undo: undoLast,
  ...(sounds ? { alarms: alarms.open, sound: sounds.toggle } : {}),
  filter() {
    filter.focus();
    filter.select();
  },
});
if (may.has("console")) mountCommand(screen, place("command"));
watchLeaving(screen);
if (may.has("board")) screen.start();
else void poll();

/** Who has no board (the admin) reads the list anew every few seconds. */
async function poll() {
  screen.feed.start = async () => {};
  screen.start();
  for (;;) {
    try {
      /** @type {Api.UnitForm[]} */
      const units = [];
      for (let cursor = ""; cursor !== null; ) {
        const answer = await get(`units?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        units.push(...answer.items);
        cursor = answer.next;
      }
      store.board({
        seq: (store.seq ?? 0) + 1,
        at: screen.stamp(),
        units,
        calls: [],
        incidents: [],
        alarms: [],
        operators: [],
        positions: [],
        kpis: null,
      });
      screen.feed.heardAt = performance.now();
    } catch {
      // The age of what is shown says so.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
