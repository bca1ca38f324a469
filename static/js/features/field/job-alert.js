/**
 * A new job can't be missed: a sound that repeats, a vibration, and a page that says so; and the screen stays awake.
 */

const REPEAT_MS = 4000;
const LONGEST_MS = 120_000;

/** @type {AudioContext | null} */
let audio = null;
/** A browser lets a page sound only after it was touched. */
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, () => {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume();
  });
}

/** Two rising tones, twice. */
export function chime() {
  if (audio?.state !== "running") return;
  for (const [at, pitch] of [
    [0, 660],
    [0.22, 880],
    [0.6, 660],
    [0.82, 880],
  ]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.5, audio.currentTime + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.21);
  }
}

export class Ringer {
  /** @param {() => boolean} [sounds] whether it may be heard */
  constructor(sounds = () => true) {
    this.sounds = sounds;
    /** What it rings for; null while it is quiet. @type {string | null} */
    this.subject = null;
    /** @type {Set<string>} */
    this.heard = new Set();
    this.timer = 0;
    this.title = document.title;
  }

  /** Ring for this until it is stopped; once for each. @param {string} subject @param {string} title */
  ring(subject, title) {
    if (this.heard.has(subject)) return;
    this.heard.add(subject);
    this.stop();
    this.subject = subject;
    document.title = title;
    const since = performance.now();
    const again = () => {
      if (this.sounds()) chime();
      shake([500, 200, 500, 200, 900]);
      if (performance.now() - since < LONGEST_MS) this.timer = setTimeout(again, REPEAT_MS);
    };
    again();
  }

  stop() {
    clearTimeout(this.timer);
    shake(0);
    this.subject = null;
    document.title = this.title;
  }
}

/** @type {WakeLockSentinel | null} */
let lock = null;
let asked = false;

/** Keep the screen on while on a job, where the phone can. @param {boolean} wanted */
export async function keepAwake(wanted) {
  if (!wanted) {
    lock?.release();
    lock = null;
    return;
  }
  if (lock || asked || document.hidden || !("wakeLock" in navigator)) return;
  asked = true;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = null));
  } catch {
    // A low battery refuses: the page works all the same.
  } finally {
    asked = false;
  }
}

/**
 * A phone may shake only once somebody has touched the page; before that a browser complains.
 * @param {number | number[]} pattern
 */
function shake(pattern) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}
