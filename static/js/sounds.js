/**
 * Five sounds, no more (ring, new P1, unit emergency, alarm, system trouble), each with a visible twin in the top bar.
 *
 * Made of tones, without files. A browser stays silent until somebody has pressed something on the page: then the button
 * says so. On or off is remembered for each person in this browser. The page gives `#signal` and `#sound`
 * (templates/parts/sound.html).
 */
import { html, render } from "lit-html";
import { waitingCalls } from "./parts/calls.js";
import { fill, words } from "./parts/words.js";

/**
 * @typedef {"emergency" | "p1" | "alarm" | "ring" | "trouble"} Kind
 * @typedef {[hertz: number, seconds: number, shape?: OscillatorType]} Tone 0 hertz is a rest
 */

/** The most pressing first. @type {Record<Kind, Tone[]>} */
const TONES = {
  emergency: [[960, 0.18, "sawtooth"], [700, 0.18, "sawtooth"], [960, 0.18, "sawtooth"], [700, 0.18, "sawtooth"], [960, 0.18, "sawtooth"], [700, 0.3, "sawtooth"]],
  p1: [[660, 0.11], [880, 0.11], [1175, 0.22], [0, 0.09], [660, 0.11], [880, 0.11], [1175, 0.3]],
  alarm: [[520, 0.14, "square"], [0, 0.08], [520, 0.14, "square"]],
  ring: [[440, 0.35], [0, 0.12], [480, 0.35]],
  trouble: [[330, 0.3, "triangle"], [247, 0.5, "triangle"]],
};
/** How soon a cause that lasts sounds again. @type {Partial<Record<Kind, number>>} */
const AGAIN_MS = { emergency: 4000, alarm: 30000, ring: 3500, trouble: 30000 };
const SHOWN_MS = 10000;
const EVERY_MS = 250;
const LOUDNESS = 0.22;

/**
 * @param {import("./screen.js").Screen} screen
 * @param {{kinds?: Kind[], rings?: () => boolean}} [options] kinds: those this screen has. rings: whether a waiting call
 *   rings here now (a console rings for who is ready).
 * @returns {{toggle: () => void}}
 */
export function mountSounds(screen, { kinds = ["emergency", "p1", "alarm", "ring", "trouble"], rings = () => true } = {}) {
  const { store } = screen;
  const key = `sigap-sound-${document.body.dataset.user ?? ""}`;
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("sound"));
  const signal = /** @type {HTMLElement} */ (document.getElementById("signal"));
  const has = new Set(kinds);
  /** @type {AudioContext | null} */
  let audio = null;
  let on = localStorage.getItem(key) === "on";
  /** When each kind last sounded. @type {Map<Kind, number>} */
  const sounded = new Map();
  let busyUntil = 0;
  let heardAt = -Infinity;
  /** What was there already is no news. @type {Set<string> | null} */
  let known = null;
  /** @type {Map<string, number>} */
  let levels = new Map();
  /** @type {{kind: Kind, text: string, until: number} | null} */
  let shown = null;

  const awake = () => audio?.state === "running";

  async function wake() {
    if (!on) return;
    audio ??= new AudioContext();
    if (audio.state === "suspended") await audio.resume().catch(() => {});
    draw();
  }

  function toggle() {
    if (on && audio && !awake()) return void wake();
    on = !on;
    localStorage.setItem(key, on ? "on" : "off");
    if (on) void wake().then(() => play("alarm", true));
    else {
      void audio?.close();
      audio = null;
      busyUntil = 0;
    }
    draw();
  }

  /** @param {Kind} kind */
  function play(kind, force = false) {
    const now = performance.now();
    if (!has.has(kind) || !audio || !awake() || (now < busyUntil && !force)) return;
    sounded.set(kind, now);
    let at = audio.currentTime + 0.02;
    for (const [hertz, seconds, shape = "sine"] of TONES[kind]) {
      if (hertz) tone(audio, hertz, at, seconds, shape);
      at += seconds;
    }
    busyUntil = now + (at - audio.currentTime) * 1000;
  }

  /** Something has just happened: shown for a while, sounded once. @param {Kind} kind @param {string} text */
  function tell(kind, text) {
    if (!has.has(kind)) return;
    if (!shown || rank(kind) <= rank(shown.kind) || shown.until < performance.now()) shown = { kind, text, until: performance.now() + SHOWN_MS };
    play(kind);
  }

  /** Sounds again while its cause lasts. @param {Kind} kind */
  function keepOn(kind) {
    if (performance.now() - (sounded.get(kind) ?? -Infinity) >= (AGAIN_MS[kind] ?? Infinity)) play(kind);
  }

  function listen() {
    if (performance.now() - heardAt < EVERY_MS) return;
    heardAt = performance.now();
    const alarms = store.all("alarms");
    const emergencies = store.all("units").filter((unit) => unit.flags.emergency);
    const unheard = alarms.filter((alarm) => alarm.state === "open" && !alarm.acknowledged);
    const now = new Map(alarms.map((alarm) => [alarm.id, alarm.acknowledged ? 0 : alarm.level]));
    const ids = new Set([...store.things.incidents.keys(), ...emergencies.map((unit) => unit.id + unit.flags.emergency)]);
    if (known && store.seq !== null) {
      for (const unit of emergencies) if (!known.has(unit.id + unit.flags.emergency)) tell("emergency", `${words.emergency} ${unit.callsign}`);
      for (const incident of store.things.incidents.values()) {
        if (incident.priority === 1 && !known.has(incident.id)) tell("p1", fill(words.signal_p1, { number: incident.number }));
      }
      for (const alarm of unheard) {
        if ((levels.get(alarm.id) ?? 0) < alarm.level) tell("alarm", fill(words.signal_alarm, { level: alarm.level }));
      }
    }
    if (store.seq !== null) [known, levels] = [ids, now];
    const stale = screen.feed.condition === "stale" || screen.feed.condition === "refused";
    if (emergencies.some((unit) => alarms.every((alarm) => alarm.subject !== `unit:${unit.id}` || !alarm.acknowledged))) keepOn("emergency");
    if (waitingCalls(store.all("calls")).length && rings()) keepOn("ring");
    if (unheard.length) keepOn("alarm");
    if (stale || unheard.some((alarm) => alarm.rule === 16)) keepOn("trouble");
    draw();
  }

  function draw() {
    button.hidden = false;
    button.setAttribute("aria-pressed", on ? "true" : "false");
    button.classList.toggle("soon", on && !awake());
    render(html`${on ? (awake() ? words.sound_on : words.sound_asleep) : words.sound_off} <kbd>Alt+Y</kbd>`, button);
    if (shown && shown.until < performance.now()) shown = null;
    signal.className = `signal ${shown?.kind ?? ""}`;
    if (signal.textContent !== (shown?.text ?? "")) signal.textContent = shown?.text ?? "";
  }

  /** Each sound of this screen once, the least pressing first; switches the sound on. */
  async function test() {
    if (!on) toggle();
    await wake();
    let wait = 0;
    for (const kind of kinds.toReversed()) {
      setTimeout(() => play(kind, true), wait);
      wait += 300 + TONES[kind].reduce((sum, [, seconds]) => sum + seconds * 1000, 0);
    }
  }

  const tester = document.getElementById("sound-test");
  if (tester) tester.hidden = false;
  tester?.addEventListener("click", () => void test());
  button.addEventListener("click", toggle);
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => on && !awake() && void wake(), { capture: true });
  screen.onDraw(listen);
  // A board that is gone is not drawn, and that is the trouble.
  setInterval(() => screen.feed.condition === "live" || listen(), 1000);
  draw();
  return { toggle };
}

/** @param {Kind} kind */
const rank = (kind) => Object.keys(TONES).indexOf(kind);

/** @param {AudioContext} audio @param {number} hertz @param {number} at @param {number} seconds @param {OscillatorType} shape */
function tone(audio, hertz, at, seconds, shape) {
  const [source, volume] = [audio.createOscillator(), audio.createGain()];
  source.type = shape;
  source.frequency.value = hertz;
  // Soft edges: a bare start clicks.
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(shape === "sine" || shape === "triangle" ? LOUDNESS : LOUDNESS / 2, at + 0.012);
  volume.gain.setValueAtTime(shape === "sine" || shape === "triangle" ? LOUDNESS : LOUDNESS / 2, at + seconds - 0.02);
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + seconds);
}
