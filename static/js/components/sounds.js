/**
 * Five sounds, no more (ring, new P1, unit emergency, alarm, system trouble), each with a visible twin in the top bar.
 *
 * Made of tones, without files. A browser stays silent until somebody has pressed something on the page: then the
 * button says so. Muting lasts for one sign-in and never silences a ring or a crew's emergency; the volume is
 * remembered for each person in this browser. The page gives `#signal` and `#sound` (templates/parts/sound.html).
 */
import { html, render } from "lit-html";
import { fill, words } from "../core/words.js";
import { waitingCalls } from "./calls.js";
import { acknowledges, EMERGENCY_RULE, emergenciesOf } from "./emergencies.js";

/**
 * @typedef {"emergency" | "p1" | "alarm" | "ring" | "trouble"} Kind
 * @typedef {[hertz: number, seconds: number, shape?: OscillatorType]} Tone 0 hertz is a rest
 * @typedef {{toggle: () => void, muted: () => boolean, awake: () => boolean, wake: () => Promise<boolean>, test: () =>
 *   void, volume: () => number, setVolume: (volume: number) => void}} Sounds wake: whether the browser plays sound now;
 *   volume: 1 to 3
 */

/** The most pressing first. @type {Record<Kind, Tone[]>} */
const TONES = {
  emergency: [
    [960, 0.18, "sawtooth"],
    [700, 0.18, "sawtooth"],
    [960, 0.18, "sawtooth"],
    [700, 0.18, "sawtooth"],
    [960, 0.18, "sawtooth"],
    [700, 0.3, "sawtooth"],
  ],
  p1: [
    [660, 0.11],
    [880, 0.11],
    [1175, 0.22],
    [0, 0.09],
    [660, 0.11],
    [880, 0.11],
    [1175, 0.3],
  ],
  alarm: [
    [520, 0.14, "square"],
    [0, 0.08],
    [520, 0.14, "square"],
  ],
  ring: [
    [440, 0.35],
    [0, 0.12],
    [480, 0.35],
  ],
  trouble: [
    [330, 0.3, "triangle"],
    [247, 0.5, "triangle"],
  ],
};
/** How soon a cause that lasts sounds again. @type {Partial<Record<Kind, number>>} */
const AGAIN_MS = { emergency: 4000, alarm: 30000, ring: 3500, trouble: 30000 };
const SHOWN_MS = 10000;
const EVERY_MS = 250;
const WAKE_MS = 400;
const MODIFIERS = new Set(["Alt", "Control", "Meta", "Shift"]);
const LOUDNESS = 0.22;
/** Never muted. @type {Set<Kind>} */
const ALWAYS = new Set(/** @type {Kind[]} */ (["ring", "emergency"]));
/** The share of the full loudness, by volume. */
const VOLUMES = [0.3, 0.6, 1];
const SOFT = 0.2; // a ring while one talks

/**
 * @param {import("../core/screen.js").Screen} screen
 * @param {{kinds?: Kind[], rings?: (call: Api.CallForm) => "loud" | "soft" | ""}} [options] kinds:
 *   those this screen has. rings: how a waiting call rings here now (a console rings for who is ready; one soft tone
 *   for who talks).
 * @returns {Sounds}
 */
export function mountSounds(
  screen,
  { kinds = ["emergency", "p1", "alarm", "ring", "trouble"], rings = () => "loud" } = {},
) {
  const { store } = screen;
  const key = `sigap-muted-${screen.root.dataset.feed ?? ""}`; // the feed's name is that of the sign-in
  const volumeKey = `sigap-volume-${document.body.dataset.user ?? ""}`;
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("sound"));
  const signal = /** @type {HTMLElement} */ (document.getElementById("signal"));
  const has = new Set(kinds);
  /** @type {AudioContext | null} */
  let audio = null;
  let on = sessionStorage.getItem(key) === null;
  let volume = Math.min(VOLUMES.length, Math.max(1, Number(localStorage.getItem(volumeKey)) || VOLUMES.length));
  /** Whether the press that is under way has woken the sound: it turns nothing off. */
  let woke = false;
  /** The waiting calls that have sounded softly. @type {Set<string>} */
  const softly = new Set();
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
    audio ??= new AudioContext();
    // A browser that blocks sound leaves this unanswered.
    if (audio.state === "suspended")
      await Promise.race([audio.resume().catch(() => {}), new Promise((late) => setTimeout(late, WAKE_MS))]);
    draw();
    return awake();
  }

  function toggle() {
    if (!awake() || woke) return void wake();
    on = !on;
    if (on) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, "muted");
    if (on) play("alarm", true);
    else busyUntil = 0;
    draw();
  }

  /** @param {number} wanted */
  function setVolume(wanted) {
    volume = wanted;
    localStorage.setItem(volumeKey, String(wanted));
    void wake().then(() => play("ring", true));
  }

  /**
   * @param {Kind} kind
   * @param {boolean} [force] over whatever sounds now
   * @param {boolean} [soft]
   * @returns {boolean} whether it sounds
   */
  function play(kind, force = false, soft = false) {
    const now = performance.now();
    if (!has.has(kind) || !audio || !awake() || (!on && !ALWAYS.has(kind)) || (now < busyUntil && !force)) return false;
    sounded.set(kind, now);
    let at = audio.currentTime + 0.02;
    for (const [hertz, seconds, shape = "sine"] of soft ? TONES[kind].slice(0, 1) : TONES[kind]) {
      if (hertz) tone(audio, hertz, at, seconds, shape, soft ? SOFT : VOLUMES[volume - 1]);
      at += seconds;
    }
    busyUntil = now + (at - audio.currentTime) * 1000;
    return true;
  }

  /** A ring: over and over for who is ready, one soft tone for each call for who talks. */
  function ring() {
    for (const call of waitingCalls(store.all("calls"))) {
      const how = rings(call);
      if (how === "loud") keepOn("ring");
      if (how === "loud" || (how === "soft" && !softly.has(call.id) && play("ring", false, true))) softly.add(call.id);
    }
    for (const id of softly) if (!store.things.calls.has(id)) softly.delete(id);
  }

  /** Something has just happened: shown for a while, sounded once. @param {Kind} kind @param {string} text */
  function tell(kind, text) {
    if (!has.has(kind)) return;
    if (!shown || rank(kind) <= rank(shown.kind) || shown.until < performance.now())
      shown = { kind, text, until: performance.now() + SHOWN_MS };
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
    const emergencies = emergenciesOf(store);
    // Alarms sound for who may acknowledge them; a crew's emergency has a sound of its own, at each desk.
    const unheard = alarms.filter(
      (alarm) =>
        alarm.state === "open" && !alarm.acknowledged && alarm.rule !== EMERGENCY_RULE && acknowledges(alarm.rule),
    );
    const now = new Map(alarms.map((alarm) => [alarm.id, alarm.acknowledged ? 0 : alarm.level]));
    const ids = new Set([...store.things.incidents.keys(), ...emergencies.map((one) => `${one.id} ${one.since}`)]);
    if (known && store.seq !== null) {
      for (const one of emergencies) if (!known.has(`${one.id} ${one.since}`)) play("emergency"); // the banner says it
      for (const incident of store.things.incidents.values()) {
        if (incident.priority === 1 && !known.has(incident.id))
          tell("p1", fill(words.signal_p1, { number: incident.number }));
      }
      for (const alarm of unheard) {
        if ((levels.get(alarm.id) ?? 0) < alarm.level) tell("alarm", fill(words.signal_alarm, { level: alarm.level }));
      }
    }
    if (store.seq !== null) [known, levels] = [ids, now];
    const stale = screen.feed.condition === "stale" || screen.feed.condition === "refused";
    if (emergencies.some((one) => !one.quiet)) keepOn("emergency");
    ring();
    if (unheard.length) keepOn("alarm");
    if (stale || unheard.some((alarm) => alarm.rule === 16)) keepOn("trouble");
    draw();
  }

  function draw() {
    button.hidden = false;
    button.setAttribute("aria-pressed", on ? "true" : "false");
    button.classList.toggle("soon", !awake() || !on);
    render(html`${awake() ? (on ? words.sound_on : words.sound_off) : words.sound_asleep} <kbd>Alt+Y</kbd>`, button);
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
  /** Whether a press begins with this event: a letter with Alt is part of the press that Alt began. @param {Event} event */
  const begins = (event) =>
    !(event instanceof KeyboardEvent) || MODIFIERS.has(event.key) || !(event.altKey || event.ctrlKey || event.metaKey);
  /** @param {Event} event */
  const gesture = (event) => {
    if (awake()) {
      // The end of the press before may still wait for its turn.
      if (begins(event)) woke = false;
      return;
    }
    woke = true;
    void wake();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, gesture, { capture: true });
  for (const kind of ["click", "keyup"])
    addEventListener(kind, () => setTimeout(() => (woke = false)), { capture: true });
  screen.onDraw(listen);
  // A board that is gone is not drawn, and that is the trouble.
  setInterval(() => screen.feed.condition === "live" || listen(), 1000);
  draw();
  return {
    toggle,
    muted: () => !on,
    awake,
    wake,
    setVolume,
    volume: () => volume,
    test: () => {
      if (!on) toggle();
      void wake().then(() => play("ring", true));
    },
  };
}

/** @param {Kind} kind */
const rank = (kind) => Object.keys(TONES).indexOf(kind);

/**
 * @param {AudioContext} audio
 * @param {number} hertz
 * @param {number} at
 * @param {number} seconds
 * @param {OscillatorType} shape
 * @param {number} share of the full loudness
 */
function tone(audio, hertz, at, seconds, shape, share) {
  const loudness = share * (shape === "sine" || shape === "triangle" ? LOUDNESS : LOUDNESS / 2);
  const [source, volume] = [audio.createOscillator(), audio.createGain()];
  source.type = shape;
  source.frequency.value = hertz;
  // Soft edges: a bare start clicks.
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(loudness, at + 0.012);
  volume.gain.setValueAtTime(loudness, at + seconds - 0.02);
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + seconds);
}
