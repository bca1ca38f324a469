/** The crew's phone page: one job, three big buttons; works on without a network and sends what it kept. */
import { html, nothing, render } from "lit-html";
import { askWords, openSheet } from "../components/sheet.js";
import { unitChip } from "../components/units.js";
import { bindKeys } from "../core/keys.js";
import { place, Screen } from "../core/screen.js";
import { lengthText } from "../core/time.js";
import { say, undoLast } from "../core/toast.js";
import { fill, nameOf, words } from "../core/words.js";
import { Acts } from "../features/crew/actions.js";
import { bindHold } from "../features/crew/hold-button.js";
import { bindSignOut, install, keepJob, recall } from "../features/crew/offline.js";
import { askEmergency, openMore } from "../features/crew/state-sheets.js";
import { Details } from "../features/field/incident-details.js";
import { headPart, kindOf, linesPart, othersPart, peoplePart, waysPart, wherePart } from "../features/field/job.js";
import { keepAwake, Ringer } from "../features/field/job-alert.js";
import { table } from "../features/field/page-data.js";
import { dangersPart, demand, knownDangers, markSeen, unseen } from "../features/field/place-warnings.js";
import { Positions } from "../features/field/position.js";
import { Picker } from "../features/field/sign-on.js";
import { toggleHelp } from "../features/frame/help.js";
import { watchLeaving } from "../features/frame/leaving.js";

const PATIENCE_MS = 2500; // an emergency that isn't through by then: the radio is quicker

/** @param {string} id */
const numberIn = (id) => fill(words.incident_number, { number: id });

/** The page of a crew that is signed on. @param {{id: string, callsign: string}} mine its unit */
function begin(mine) {
  const screen = new Screen(place("crew"));
  const { store, feed } = screen;
  const last = recall();
  const kept = last?.unit?.id === mine.id ? last : null; // another unit's job is not shown
  const details = new Details(screen);
  const ringer = new Ringer();
  /** An act that waits for a warning to be seen. @type {import("../features/crew/actions.js").Act | null} */
  let held = null;
  const acts = new Acts(screen, {
    onWarnings: (act, warnings) => {
      held = act;
      const job = theJob();
      const entry = job && details.of(job);
      // The page didn't know of them yet: they are shown now, and the act goes out once they are seen.
      if (entry?.read) entry.read = { ...entry.read, place_warnings: warnings };
      demand(warnings);
      screen.draw();
    },
  });
  const positions = new Positions(screen, mine.callsign, () => {
    const unit = theUnit();
    return unit ? acts.status(unit) : "";
  });

  /** @returns {Api.UnitForm | null} */
  const theUnit = () => store.things.units.get(mine.id) ?? null;
  /** The incident the unit is on, as far as its crew has not left it. @returns {Api.IncidentForm | null} */
  const theJob = () => {
    const unit = theUnit();
    if (!unit?.incident || !table.assigned.includes(acts.status(unit))) return null;
    return store.things.incidents.get(unit.incident.id) ?? null;
  };
  const here = () => {
    const known = store.positions.get(mine.callsign);
    return positions.here ?? (known ? { lat: known[1], lng: known[2] } : null);
  };
  const timeText = (/** @type {string} */ moment) => screen.timeText(moment);

  if (kept) {
    // The page opened without a network: what was known is shown, as old as it is.
    feed.offset = kept.offset;
    feed.heardAt = performance.now() - (Date.now() - kept.at);
    for (const [id, read] of Object.entries(kept.read))
      details.entries.set(id, { read, why: null, at: 0, dirty: true, busy: false });
    const at = new Date(kept.at + kept.offset).toISOString();
    store.board({
      seq: kept.seq,
      at,
      calls: [],
      incidents: kept.incidents,
      units: [kept.unit],
      alarms: [],
      operators: [],
      positions: [],
      kpis: null,
    });
  }

  const silence = () => {
    ringer.stop();
    screen.draw();
  };

  /** @param {number} now */
  function strips(now) {
    const unit = theUnit();
    const job = theJob();
    const count = acts.kept.length;
    const offline = screen.feed.condition !== "live" || !navigator.onLine;
    const sos = acts.kept.find((act) => acts.first.items.includes(act));
    const stuck = sos && (offline || now - Date.parse(sos.at) > PATIENCE_MS);
    // The feed may be faster than the answer: what already stands is no longer being sent.
    const stands = !offline && unit?.flags.emergency && !unit.flags.emergency_withdrawn;
    return html`
      ${sos && sos.body.active !== false && !stands ? html`<p class="strip sos" role="alert">${stuck ? words.emergency_kept : words.emergency_sending}</p>` : nothing}
      ${
        unit?.flags.emergency
          ? html`<div class="strip sos"><p role="alert">${
              unit.flags.emergency_withdrawn
                ? fill(words.emergency_taken_back, { at: timeText(unit.flags.emergency_withdrawn) })
                : fill(words.emergency_stands, { at: timeText(unit.flags.emergency) })
            }</p>
        ${unit.flags.emergency_withdrawn || sos ? nothing : html`<button class="tap" id="withdraw" @click=${() => acts.withdraw(mine.callsign)}>${words.emergency_withdraw}</button>`}</div>`
          : nothing
      }
      ${
        count
          ? html`<div class="strip kept" role="status"><b>${fill(offline ? words.kept_strip : words.kept_sending, { count })}</b>
        <ol>${acts.kept.map((act) => html`<li>${fill(words.kept_act, { what: act.label, at: screen.timeText(act.at) })}</li>`)}</ol></div>`
          : nothing
      }
      ${acts.returned.part(timeText, job ? (back) => note(job, back) : null)}
      ${ringer.subject ? html`<div class="strip new"><b>${words.new_job}</b><button class="tap" @click=${silence}>${words.quiet}</button></div>` : nothing}`;
  }

  /** @param {Api.UnitForm} unit @param {number} now */
  function jobPart(unit, now) {
    const job = theJob();
    if (!job) return idlePart(unit, now);
    const { read, why } = details.of(job);
    const warnings = unseen(read, unit);
    if (warnings.length)
      return dangersPart(
        warnings,
        html`<b>${kindOf(job, read)}</b> · <bdi>${job.location.text || words.place_unknown}</bdi>`,
      );
    const part = job.assignments.find((one) => one.unit === unit.id && table.assigned.includes(one.status));
    return html`${headPart(job, read, part?.dispatched_at ?? null, now)}${wherePart(job, here())}${waysPart(job, read, Boolean(part))}
      ${peoplePart(read)}${knownDangers(read)}
      ${why && !read ? html`<p class="note">${fill(words.read_failed, { why })}</p>` : nothing}
      ${read && !read.readable ? html`<p class="note">${words.not_readable}</p>` : nothing}
      ${linesPart(job, read, timeText)}${othersPart(job, unit.callsign)}
      <button class="tap wide" @click=${() => note(job)}>${words.write_note}</button>${stackedPart(unit)}${positionPart()}`;
  }

  /** @param {Api.UnitForm} unit @param {number} now */
  function idlePart(unit, now) {
    const status = acts.status(unit);
    return html`<div class="idle"><h1>${words.no_job}</h1>
      <p class="state">${unitChip(unit.callsign, status, table.fms[status])} <b>${nameOf("statuses", status)}</b>
        <span class="soft num">${status === unit.status ? fill(words.since, { age: lengthText(now - Date.parse(unit.status_at), words.days) }) : ""}</span></p>
      <p class="soft">${words.no_job_hint}</p></div>${stackedPart(unit)}${positionPart()}`;
  }

  /** What waits for this unit after this. @param {Api.UnitForm} unit */
  function stackedPart(unit) {
    if (!unit.stacked.length) return nothing;
    return html`<section class="note"><b>${words.stacked}</b>${unit.stacked.map((ref) => {
      const incident = store.things.incidents.get(ref.id);
      return html`<p class="row"><span class="num">${numberIn(ref.number)}</span>${
        incident
          ? html` · ${kindOf(incident, null)} · <bdi>${incident.location.text || words.place_unknown}</bdi>`
          : nothing
      }</p>`;
    })}</section>`;
  }

  function positionPart() {
    if (positions.state === "ask")
      return html`<button class="tap wide" @click=${() => positions.watch()}>${words.position_ask}</button>
      <p class="soft small">${words.position_on}</p>`;
    return html`<p class="soft small">${words[`position_${positions.state}`]}</p>`;
  }

  /** @param {Api.UnitForm} unit */
  function nextPart(unit) {
    const status = acts.status(unit);
    const job = theJob();
    const warnings = job ? unseen(details.of(job).read, unit) : [];
    const next = table.next[status];
    const talking = unit.flags.talk_request;
    return html`<div class="main-row">${
      warnings.length
        ? html`<button class="go sent" id="go" @click=${() => seen(/** @type {Api.IncidentForm} */ (job), unit, warnings)}>${words.seen}</button>`
        : html`<button class="go ${next}" id="go" @click=${() => report(unit, next)}>${words[`next.${next}`] ?? nameOf("statuses", next)}</button>`
    }
      <button class="tap" id="more" @click=${() =>
        openMore({
          status,
          onJob: Boolean(job),
          note: job ? () => note(job) : null,
          report: (step, reason) => report(unit, step, reason),
          change: changeUnit,
        })}>${words.more}</button></div>
      <div class="two"><button class="tap ${talking ? "asked" : ""}" id="talk" aria-pressed=${Boolean(talking)} @click=${() => acts.talk(unit, !talking)}>
        ${talking ? html`${words.talk_asked}<small>${fill(words.talk_take_back, { at: timeText(talking) })}</small>` : words.talk}</button>
      <button class="tap sos" id="sos"><span id="sos-text">${words.emergency_hold}</span><i class="fill" aria-hidden="true"></i></button></div>`;
  }

  /** The end of the shift, or another vehicle; what waits for the line was this unit's, and goes out first. */
  function changeUnit() {
    if (acts.kept.length) return say(fill(words.ride_kept, { count: acts.kept.length }), { tone: "bad" });
    const picker = new Picker({ now: mine.id, draw: () => openSheet(words.ride_title, picker.part()) });
    picker.draw();
  }

  /** @param {Api.UnitForm} unit @param {string} status @param {string} [reason] */
  function report(unit, status, reason) {
    ringer.stop();
    acts.report(unit, status, reason);
  }

  /** @param {Api.IncidentForm} job @param {import("../features/crew/rejected-notes.js").Refused} [back] words that were refused */
  function note(job, back) {
    askWords({
      title: words.write_note,
      label: words.note_what,
      button: words.note_send,
      key: back?.id ?? job.id,
      value: back?.text,
      send: (text) => {
        if (back) acts.returned.drop(back);
        acts.note(job.id, text);
        if (navigator.onLine) say(words.note_sent);
      },
    });
  }

  /** @param {Api.IncidentForm} job @param {Api.UnitForm} unit @param {Api.IncidentWarning[]} warnings */
  function seen(job, unit, warnings) {
    ringer.stop();
    markSeen(warnings);
    acts.seen(job.id, unit.callsign);
    if (held) acts.add(held);
    held = null;
    screen.draw();
  }

  screen.onDraw((now) => {
    const unit = theUnit();
    const job = theJob();
    acts.shows(job?.id ?? null);
    render(strips(now), place("strips"));
    if (!unit) {
      render(html`<p class="note">${words.unit_gone}</p>`, place("job"));
      return;
    }
    const status = acts.status(unit);
    render(
      html`${unitChip(unit.callsign, status, table.fms[status])} <b>${nameOf("statuses", status)}</b>`,
      place("unit"),
    );
    render(jobPart(unit, now), place("job"));
    render(nextPart(unit), place("next"));
    keepAwake(Boolean(job));
    if (job && status === "dispatched") ringer.ring(`${job.id}:${unit.status_at}`, words.new_job_title);
    else if (ringer.subject) ringer.stop();
    const ids = new Set([unit.incident?.id, ...unit.stacked.map((ref) => ref.id)].filter(Boolean));
    keepJob({
      at: Date.now() - Math.min(feed.age, Date.now()),
      offset: feed.offset,
      seq: store.seq ?? 0,
      unit,
      incidents: store.all("incidents").filter((incident) => ids.has(incident.id)),
      read: Object.fromEntries(
        [...details.entries].filter(([id, entry]) => ids.has(id) && entry.read).map(([id, entry]) => [id, entry.read]),
      ),
    });
  });

  bindHold(place("next"), "#sos", {
    onHeld: () => {
      acts.emergency(mine.callsign);
      navigator.vibrate?.(300);
    },
    onShort: () => say(words.emergency_short),
    onAsk: () => askEmergency(() => acts.emergency(mine.callsign)),
    onProgress: (share) => {
      const button = document.getElementById("sos");
      button?.style.setProperty("--held", String(share));
      const text = document.getElementById("sos-text");
      if (text) text.textContent = share ? words.emergency_holding : words.emergency_hold;
    },
  });
  bindSignOut(
    () => acts.hurry(),
    (count) => confirm(fill(words.sign_out_kept, { count })),
  );
  bindKeys({ help: toggleHelp, undo: undoLast });
  watchLeaving(screen);
  screen.start();
  positions.start();
}

if (table.unit) begin(table.unit);
else {
  place("live").hidden = true;
  const picker = new Picker({
    now: null,
    draw: () =>
      render(
        html`<div class="idle"><h1>${words.no_unit_title}</h1><p>${words.no_unit_hint}</p></div>${picker.part()}`,
        place("job"),
      ),
  });
  picker.draw();
  place("crew").removeAttribute("aria-busy");
  // Signing on ends the present view: the feed says so, and the page opens anew.
  setInterval(
    async () => (await fetch("/api/v1/board", { cache: "no-store" }).catch(() => null))?.ok && location.reload(),
    15_000,
  );
}
install();
