/** All units in one table: arrows select, digits set the status by FMS, flags are ended by their buttons. */
import { html } from "lit-html";
import { get } from "../api.js";
import { mountCommand } from "../command/index.js";
import { bindFocused, bindKeys } from "../keys.js";
import { openAlarms } from "../parts/acknowledge.js";
import { Grid } from "../parts/grid.js";
import { lookOf, staleFix } from "../parts/looks.js";
import { lengthText } from "../parts/time.js";
import { endEmergency, endTalk, setStatus } from "../parts/status_keys.js";
import { FREE, unitChip } from "../parts/units.js";
import { fill, nameOf, names, words } from "../parts/words.js";
import { Screen, place, write } from "../screen.js";
import { say, undoLast } from "../undo.js";

/** @typedef {import("../store.js").Form} Form */

const POLL_MS = 5000;
const screen = new Screen(place("units-page"));
const { store } = screen;
const may = new Set((screen.root.dataset.may ?? "").split(" "));
const filter = /** @type {HTMLInputElement} */ (place("filter"));
filter.placeholder = words.filter_hint;

/** Who is signed on to which unit, in names. @type {Map<string, string>} */
let riders = new Map();

async function readRiders() {
  const answer = await get("crews").catch(() => null); // without it the table is whole but for the names
  if (!answer) return;
  riders = new Map(answer.items.map((/** @type {Form} */ item) => [item.id, item.people.map((/** @type {Form} */ one) => one.name).join(", ")]));
  screen.draw();
}
screen.onChange((subject) => subject === "crews" && readRiders());
void readRiders();

const grid = new Grid(place("units"), {
  name: "unit", label: words.units_list,
  head: html`<th>${words.unit}</th><th>${words.agency}</th><th>${words.station}</th><th>${words.state}</th><th>${words.since}</th><th>${words.incident}</th>
    <th>${words.crew}</th><th>${words.can}</th><th>${words.position}</th><th>${words.flags}</th>`,
  cells: (unit, now) => html`<td>${unitChip(unit.callsign, unit.status, unit.fms)}</td><td>${unit.agency}</td><td title=${stationOf(unit)}>${stationOf(unit)}</td>
    <td>${nameOf("statuses", unit.status)}</td><td class="num">${lengthText(now - Date.parse(unit.status_at), words.days)}</td>
    <td class="num">${incidentPart(unit)}</td><td title=${riders.get(unit.id) ?? ""}><span class="num">${unit.crew ?? words.unknown}</span> <span class="soft">${riders.get(unit.id) ?? ""}</span></td><td class="soft" title=${abilities(unit)}>${abilities(unit)}</td>
    <td class="num">${fixPart(unit, now)}</td><td>${flagsPart(unit, now)}</td>`,
  look: (unit) => `${unit.flags.emergency ? "emergency" : ""} ${lookOf(unit.status)}`,
  empty: () => (store.things.units.size ? words.no_units_shown : words.no_units),
  onHeld: (waiting) => {
    write("units-held", waiting.length ? fill(words.order_held, { count: waiting.length }) : "");
  },
  onOpen(unit) {
    if (unit.incident && may.has("console")) location.assign(`/console/?incident=${unit.incident.id}`);
  },
});

/** @param {Form} unit */
function stationOf(unit) {
  return unit.station ? (/** @type {any} */ (names.stations)?.[unit.station]?.name ?? unit.station) : words.unknown;
}

/** @param {Form} unit */
function abilities(unit) {
  return unit.capabilities.map((/** @type {string} */ code) => nameOf("capabilities", code)).join(", ");
}

/** @param {Form} unit */
function incidentPart(unit) {
  const then = unit.stacked.map((/** @type {any} */ one) => one.number).join(", ");
  if (!unit.incident && !then) return "";
  const number = unit.incident && (may.has("console")
    ? html`<a href="/console/?incident=${unit.incident.id}" tabindex="-1">${unit.incident.number}</a>` : html`<b>${unit.incident.number}</b>`);
  return html`${number ?? ""}${then ? html` <span class="soft">${fill(words.stacked, { numbers: then })}</span>` : ""}`;
}

/** @param {Form} unit @param {number} now */
function fixPart(unit, now) {
  const position = store.positions.get(unit.callsign);
  if (!position) return html`<span class="mute">${words.no_fix}</span>`;
  const age = now - Date.parse(position[5]);
  const stale = staleFix(unit.status, age);
  return html`<span class=${stale ? "soon" : ""}>${fill(stale ? words.fix_stale : words.fix_age, { age: lengthText(age, words.days) })}</span>`;
}

/** @param {Form} unit @param {number} now */
function flagsPart(unit, now) {
  const { emergency, talk_request: talk } = unit.flags;
  return html`${emergency ? html`<b class="late">${words.emergency} <span class="num">${lengthText(now - Date.parse(emergency), words.days)}</span></b>
    ${may.has("force") ? html`<button tabindex="-1" @click=${() => endEmergency(unit)}>${words.end_emergency} <kbd>X</kbd></button>` : ""}` : ""}
    ${talk ? html`<span class="soon">${words.talk} <span class="num">${lengthText(now - Date.parse(talk), words.days)}</span></span>
    ${may.has("status") ? html`<button tabindex="-1" @click=${() => endTalk(unit)}>${words.end_talk} <kbd>K</kbd></button>` : ""}` : ""}`;
}

/** Every word of the filter must be in it. @param {Form} unit @param {string[]} wanted */
function has(unit, wanted) {
  const text = [unit.callsign, unit.agency, stationOf(unit), nameOf("statuses", unit.status), abilities(unit), unit.incident?.number ?? "", unit.fms ?? ""].join(" ").toLowerCase();
  return wanted.every((word) => text.includes(word));
}

/** Emergencies first, then talk requests, then by agency and callsign. @param {Form} one @param {Form} other */
function order(one, other) {
  return Number(Boolean(other.flags.emergency)) - Number(Boolean(one.flags.emergency)) ||
    Number(Boolean(other.flags.talk_request)) - Number(Boolean(one.flags.talk_request)) ||
    compare(one.agency, other.agency) || compare(one.callsign, other.callsign);
}

// One collator for all: localeCompare makes a new one each time.
const { compare } = new Intl.Collator("id", { numeric: true });
/** The units as sorted last, and what they were sorted from. */
let sorted = { of: "", units: /** @type {Form[]} */ ([]) };

screen.onDraw((now, marked) => {
  const all = store.all("units");
  const key = `${store.seq} ${filter.value}`;
  if (sorted.of !== key) {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    sorted = { of: key, units: all.filter((unit) => has(unit, wanted)).sort(order) };
  }
  grid.show(sorted.units, now, marked);
  write("units-line", fill(words.units_line, {
    shown: sorted.units.length, all: all.length, free: all.filter((unit) => FREE.has(unit.status)).length,
  }));
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
  X: () => (grid.item?.flags.emergency && may.has("force") ? endEmergency(grid.item) : false),
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
  } else if (event.key === "Enter" || event.key === "ArrowDown") {
    grid.focus();
    event.preventDefault();
  }
});
bindKeys({
  undo: undoLast,
  ...(may.has("board") ? { alarms: () => openAlarms(screen) } : {}),
  filter() {
    filter.focus();
    filter.select();
  },
});
if (may.has("console")) mountCommand(screen, place("command"));
if (may.has("board")) screen.start();
else void poll();

/** Who has no board (the admin) reads the list anew every few seconds. */
async function poll() {
  screen.feed.start = async () => {};
  screen.start();
  for (;;) {
    try {
      /** @type {Form[]} */
      const units = [];
      for (let cursor = ""; cursor !== null; ) {
        const answer = await get(`units?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        units.push(...answer.items);
        cursor = answer.next;
      }
      store.board({ seq: (store.seq ?? 0) + 1, at: null, units, calls: [], incidents: [], alarms: [], operators: [], positions: [], kpis: null });
      screen.feed.heardAt = performance.now();
    } catch {
      // The age of what is shown says so.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
