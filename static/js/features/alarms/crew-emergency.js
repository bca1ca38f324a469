/**
 * What people do about a crew's emergency: read it, show it on the map, telephone the crew, end it after voice contact.
 */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { openBar } from "../../components/choice-bar.js";
import { acknowledges, emergenciesOf } from "../../components/emergencies.js";
import { incidentWords } from "../../components/incidents.js";
import { openAsk } from "../../components/prompt-bar.js";
import { staleFix } from "../../components/status-classes.js";
import { unitChip } from "../../components/units.js";
import { get, post } from "../../core/api.js";
import { bindFocused } from "../../core/keys.js";
import { numberText } from "../../core/phone-numbers.js";
import { lengthText } from "../../core/time.js";
import { say } from "../../core/toast.js";
import { fill, isolated, nameOf, names, words } from "../../core/words.js";
import { alarmGroups } from "./alarm-groups.js";

/**
 * @typedef {import("../../components/emergencies.js").Emergency} Emergency
 */

const MAP_WINDOW = "sigap-map";
const PLACE_DIGITS = 3; // degrees: a place's name is asked for anew after some hundred metres

/** Whether the reader may end an emergency. */
export const mayEnd = () => "end_emergency" in (names.rights ?? {});

export class CrewEmergencies {
  /**
   * @param {import("../../core/screen.js").Screen} screen
   * @param {{focusOn?: (lat: number, lng: number) => unknown, openIncident?: (id: string) => unknown, acknowledge: (id:
   *   string) => unknown}} ways focusOn: shows a point on this page's own map. acknowledge: stops the sound at this
   *   desk.
   */
  constructor(screen, ways) {
    this.screen = screen;
    this.ways = ways;
    /** Names of each unit's crew. @type {Map<string, string[]> | null} */
    this.riders = null;
    /** Counts the openings of the dialog: it is drawn by its last one alone. */
    this.turn = 0;
    /** Names of places by rounded coordinates; null while one is fetched. @type {Map<string, string | null>} */
    this.places = new Map();
    screen.onChange((subject) => subject === "crews" && this.riders && void this.readCrews());
  }

  /** @param {string} id of a unit @returns {Emergency | undefined} */
  of(id) {
    return emergenciesOf(this.screen.store).find((one) => one.id === id);
  }

  async readCrews() {
    this.riders ??= new Map();
    const answer = await get("crews").catch(() => null); // without it the line has no names
    if (!answer) return;
    this.riders = new Map(
      answer.items.map((/** @type {Api.CrewForm} */ item) => [item.id, item.people.map((one) => one.name)]),
    );
    this.screen.draw();
  }

  /**
   * Where it is: the incident's place, else what stands at the last position.
   * @param {Emergency} emergency
   * @returns {string}
   */
  placeOf({ incident, position }) {
    if (incident) {
      const { text, kecamatan } = incident.location;
      return [isolated(text || words.place_unknown), kecamatan && nameOf("kecamatan", kecamatan)]
        .filter(Boolean)
        .join(" · ");
    }
    if (!position) return words.place_unknown;
    const [lat, lng] = [position[1].toFixed(PLACE_DIGITS), position[2].toFixed(PLACE_DIGITS)];
    const key = `${lat},${lng}`;
    if (!this.places.has(key)) void this.readPlace(key, lat, lng);
    return this.places.get(key) ?? fill(words.at_point, { lat, lng });
  }

  /** @param {string} key @param {string} lat @param {string} lng */
  async readPlace(key, lat, lng) {
    this.places.set(key, null);
    const found = await get(`places/at?lat=${lat}&lng=${lng}`).catch(() => null);
    const named = [found?.desa?.name, found?.kecamatan?.name, found?.island?.name].filter(Boolean).join(" · ");
    if (named) this.places.set(key, fill(words.near_place, { place: named }));
    this.screen.draw();
  }

  /** Agency, crew, incident and status, in one line. @param {Emergency} emergency */
  factsOf(emergency) {
    const { unit, incident } = emergency;
    if (!this.riders) void this.readCrews();
    const people = this.riders?.get(emergency.id) ?? [];
    const agency = unit?.agency ?? emergency.alarm?.params.agency ?? "";
    const crew = people.length
      ? people.join(", ")
      : unit?.crew == null
        ? ""
        : fill(words.emergency_crew_count, { count: unit.crew });
    const number = incident?.number ?? unit?.incident?.number;
    const on = number
      ? [fill(words.at_incident, { number }), incident && incidentWords(incident)].filter(Boolean).join(" ")
      : words.no_incident_now;
    return [agency, crew, on, unit && nameOf("statuses", unit.status)].filter(Boolean).join(" · ");
  }

  /** How old its position is. @param {Emergency} emergency @param {number} now */
  positionText({ position, unit }, now) {
    if (!position) return words.position_missing;
    const age = now - Date.parse(position[5]);
    return fill(staleFix(unit?.status ?? "", age) ? words.position_stale : words.position_since, {
      age: lengthText(age, words.days),
    });
  }

  /** @param {string} id */
  showUnit(id) {
    const emergency = this.of(id);
    if (!emergency) return;
    const at =
      emergency.position ??
      (emergency.incident?.location.lat == null
        ? null
        : ["", emergency.incident.location.lat, emergency.incident.location.lng]);
    if (!at) say(words.position_missing, { tone: "bad" });
    else if (this.ways.focusOn) this.ways.focusOn(Number(at[1]), Number(at[2]));
    else window.open(`/map/?unit=${encodeURIComponent(emergency.callsign)}`, MAP_WINDOW);
  }

  /** @param {string} id */
  async telephone(id) {
    const emergency = this.of(id);
    if (!emergency) return;
    const { callsign } = emergency;
    const ended = mayEnd() ? [{ key: "X", label: words.end_emergency, act: () => this.end(id) }] : [];
    const unit = await get(`units/${encodeURIComponent(callsign)}`).catch(() => null);
    if (!unit?.phone)
      return openBar({
        title: fill(words.no_phone, { callsign }),
        choices: [...ended, { key: "0", label: words.close, act: () => {} }],
      });
    const number = numberText(unit.phone);
    openBar({
      title: fill(words.telephone_of, { callsign, number }),
      choices: [
        { key: "T", label: fill(words.dial, { number }), act: () => location.assign(`tel:${unit.phone}`) },
        ...ended,
      ],
    });
  }

  /** Ask with whom of the crew somebody has spoken, then end it. @param {string} id */
  end(id) {
    const emergency = this.of(id);
    if (!emergency) return;
    const { callsign } = emergency;
    if (!mayEnd()) return say(words.end_by_centre, { tone: "bad" });
    if (!this.riders) void this.readCrews();
    const path = `units/${encodeURIComponent(callsign)}/emergency`;
    openAsk({
      title: fill(words.spoken_with, { callsign }),
      hint: words.spoken_with_hint,
      tone: "bad",
      keep: `emergency ${id}`,
      options: (typed) =>
        (this.riders?.get(id) ?? [])
          .filter((name) => name.toLowerCase().includes(typed.toLowerCase()))
          .map((name) => ({ value: name, label: name })),
      accept: async (typed, chosen) => {
        await post(path, { active: false, spoken_with: chosen ?? typed });
        say(fill(words.emergency_ended, { callsign }), { undo: () => post(path, { active: true }) });
      },
    });
  }

  /** The unit in a dialog: what is known, and what can be done, each with its key. @param {string} id */
  open(id) {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("crew-emergency") ?? made());
    const leave = (/** @type {() => unknown} */ then) => () => {
      dialog.close();
      then();
    };
    const incident = () => this.of(id)?.unit?.incident?.id;
    /** @type {Record<string, () => void>} */
    const keys = {
      1: leave(() => this.ways.acknowledge(id)),
      M: leave(() => this.showUnit(id)),
      T: leave(() => void this.telephone(id)),
      X: leave(() => this.end(id)),
      I: leave(() => incident() && this.ways.openIncident?.(/** @type {string} */ (incident()))),
    };
    const draw = () => {
      const emergency = this.of(id);
      if (!emergency) {
        if (dialog.open) dialog.close();
        return;
      }
      const { unit, alarm, withdrawn, callsign } = emergency;
      const now = this.screen.now();
      const button = (/** @type {string} */ key, /** @type {string} */ label, main = false) =>
        html`<button type="button" class=${main ? "main" : ""} @click=${keys[key]}>${label} <kbd>${key}</kbd></button>`;
      render(
        html`<h2 id="crew-emergency-head"><b class="bang">!</b> ${fill(words.emergency_of, { callsign })} <span class="num">${lengthText(now - emergency.since, words.days)}</span></h2>
        ${withdrawn ? html`<p class="withdrawn">${fill(words.withdrawn_at, { at: this.screen.timeText(withdrawn, true) })}</p>` : nothing}
        <dl><dt>${words.unit}</dt><dd>${unit ? html`${unitChip(callsign, unit.status, unit.fms)} ${nameOf("statuses", unit.status)}` : callsign}</dd>
          <dt>${words.emergency_crew}</dt><dd>${this.factsOf(emergency)}</dd><dt>${words.emergency_place}</dt><dd>${this.placeOf(emergency)} · ${this.positionText(emergency, now)}</dd>
          <dt>${words.emergency_pressed}</dt><dd class="num">${this.screen.timeText(emergency.since, true)}</dd>
          <dt>${words.emergency_answered}</dt><dd>${alarm?.acknowledged ? `${alarm.acknowledged.by} · ${nameOf("alarm_reasons", alarm.acknowledged.reason)}` : words.emergency_unknown}</dd></dl>
        <p class="soft">${words.end_rule}</p>
        <div class="buttons">${!emergency.quiet && acknowledges(9) ? button("1", words.acknowledge_here, true) : nothing}${button("M", words.on_map)}${button("T", fill(words.telephone, { callsign }))}
          ${unit?.incident && this.ways.openIncident ? button("I", fill(words.open_incident, { number: unit.incident.number })) : nothing}${mayEnd() ? button("X", words.end_emergency) : nothing}
          <button type="button" @click=${() => dialog.close()}>${words.close} <kbd>Esc</kbd></button></div>`,
        dialog,
      );
      dialog.onkeydown = (event) => {
        const act = keys[event.key.toUpperCase()];
        if (!act || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      };
    };
    draw();
    if (!this.of(id)) return;
    if (!dialog.open) dialog.showModal();
    const turn = ++this.turn;
    const tick = () => {
      if (!dialog.open || turn !== this.turn) return; // closed, or another unit's by now
      draw();
      setTimeout(tick, 500);
    };
    tick();
  }
}

function made() {
  const dialog = document.createElement("dialog");
  dialog.id = "crew-emergency";
  dialog.className = "crew-emergency";
  dialog.setAttribute("aria-labelledby", "crew-emergency-head");
  document.body.append(dialog);
  return dialog;
}

/**
 * The banner of those that make a sound here, and the chips of those that were acknowledged.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {CrewEmergencies} crews
 * @param {{acknowledge: (id: string) => unknown}} ways
 */
export function mountBanner(screen, crews, { acknowledge }) {
  const banner = document.createElement("section");
  banner.id = "emergencies";
  banner.setAttribute("aria-label", words.emergencies);
  banner.hidden = true;
  document.querySelector("main")?.before(banner);
  const chips = document.createElement("span");
  chips.id = "emergency-chips";
  document.getElementById("live")?.before(chips);
  const focused = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest(".sosbar"))?.dataset.unit;
  const at = (/** @type {(id: string) => unknown} */ act) => () => {
    const id = focused();
    if (!id) return false;
    act(id);
  };
  bindFocused(banner, { M: at((id) => crews.showUnit(id)), T: at((id) => crews.telephone(id)), 1: at(acknowledge) });
  screen.onDraw((now) => {
    const all = emergenciesOf(screen.store);
    const loud = all.filter((one) => !one.quiet);
    banner.hidden = !loud.length;
    document.body.classList.toggle("in-emergency", all.length > 0);
    const listed = alarmGroups(screen.store).map((group) => group.key);
    const chosen = document.activeElement?.getAttribute("aria-activedescendant");
    render(
      repeat(
        loud,
        (one) => one.id,
        (one) => line(one, now, listed.indexOf(`unit:${one.id}`), chosen === `alarm-unit-${one.id}`),
      ),
      banner,
    );
    render(
      repeat(
        all.filter((one) => one.quiet),
        (one) => one.id,
        (one) => html`<button type="button" class="emergency-chip" @click=${() => crews.open(one.id)}>◆ ${one.callsign}
      <span class="word">${one.withdrawn ? words.confirm_by_voice : words.emergency_chip}</span> <span class="num">${lengthText(now - one.since, words.days)}</span></button>`,
      ),
      chips,
    );
  });

  /**
   * A key is printed only where it acts on this line's unit: M and T once the line or its group in the list is
   * selected.
   * @param {Emergency} one @param {number} now @param {number} below its place in the list of alarms
   * @param {boolean} chosen whether its group is selected there
   */
  function line(one, now, below, chosen) {
    const { callsign, id } = one;
    const place = crews.placeOf(one);
    return html`<div class="sosbar ${chosen ? "chosen" : ""}" data-unit=${id}>
      <span class="sr" role="alert">${words.crew_emergency} ${callsign}, ${place}</span>
      <button type="button" class="sos-unit" @click=${() => crews.open(id)}><span class="bang" aria-hidden="true">!</span><span><b><span class="long">${words.crew_emergency}</span><span class="short">${words.emergency_chip}</span></b><span class="callsign">${callsign}</span></span></button>
      <b class="num run">${lengthText(now - one.since, words.days)}</b>
      <p class="sos-where"><b>${place}</b><span>${one.withdrawn ? html`<b>${fill(words.withdrawn_at, { at: screen.timeText(one.withdrawn, true) })}</b>` : crews.factsOf(one)}</span></p>
      <p class="sos-when"><span>${words.pressed} <b class="num">${screen.timeText(one.since, true)}</b></span><span>${crews.positionText(one, now)}</span></p>
      <span class="grow"></span>
      <button type="button" class="sb" @click=${() => crews.showUnit(id)}>${words.on_map} <kbd class="own">M</kbd></button>
      <button type="button" class="sb" @click=${() => void crews.telephone(id)}>${fill(words.telephone, { callsign })} <kbd class="own">T</kbd></button>
      ${acknowledges(9) ? html`<button type="button" class="sb main" @click=${() => acknowledge(id)}><span class="long">${words.acknowledge_here}</span><span class="short">${words.acknowledge_short}</span> <span class="from-afar"><kbd>Alt+J</kbd> ${below > 0 ? html`<kbd>${"↓".repeat(below)}</kbd> ` : nothing}</span><kbd>1</kbd></button>` : nothing}</div>`;
  }
}
