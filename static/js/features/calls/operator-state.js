/** What the reader is doing: ready, on a call, away with a reason. One bar, one letter. */
import { html } from "lit-html";
import { openBar } from "../../components/choice-bar.js";
import { post } from "../../core/api.js";
import { comboFor } from "../../core/keys.js";
import { lengthText } from "../../core/time.js";
import { sayProblem } from "../../core/toast.js";
import { nameOf, words } from "../../core/words.js";
import { user } from "./call-form-model.js";
import { askToNote } from "./waiting-notices.js";

/** The letter of each reason: that of its Indonesian word, or of the next one free. @type {[string, string][]} */
const REASONS = [
  ["I", "istirahat"],
  ["S", "sholat"],
  ["M", "makan"],
  ["B", "briefing"],
  ["T", "toilet"],
  ["G", "gangguan_teknis"],
  ["L", "tugas_lain"],
];
const LOOKS = /** @type {Record<string, string>} */ ({
  ready: "ok",
  on_call: "busy",
  wrap_up: "busy",
  ringing: "soon",
  offline: "off",
});

/** @param {import("../../core/screen.js").Screen} screen */
export const myself = (screen) => screen.store.things.operators.get(user) ?? null;

/** @param {string} state @param {string} [reason] */
async function put(state, reason) {
  try {
    await post("operators/me/state", { state, ...(reason ? { reason } : {}) });
  } catch (error) {
    sayProblem(error);
  }
}

/**
 * Be ready for calls: only where a ring can be heard. A browser that plays no sound yet wants one click first.
 * @param {import("../../components/sounds.js").Sounds} sounds
 */
export async function beReady(sounds) {
  if (await sounds.wake()) {
    void askToNote();
    return put("ready");
  }
  openBar({
    title: words.ready_blocked,
    choices: [{ key: "S", label: words.sound_turn_on, act: () => beReady(sounds) }],
  });
}

/** @param {import("../../core/screen.js").Screen} screen @param {import("../../components/sounds.js").Sounds} sounds */
export function openMyState(screen, sounds) {
  const me = myself(screen);
  const supervises = screen.root.dataset.roles?.split(" ").includes("supervisor");
  openBar({
    title: words.my_state,
    choices: [
      { key: "R", label: nameOf("operator_states", "ready"), act: () => beReady(sounds) },
      ...(me?.state === "wrap_up" ? [{ key: "W", label: words.longer_wrap_up, act: () => put("wrap_up") }] : []),
      ...REASONS.map(([key, reason]) => ({
        key,
        label: nameOf("reasons", reason),
        act: () => put("not_ready", reason),
      })),
      { key: "U", label: nameOf("operator_states", "outbound"), act: () => put("outbound") },
      ...(supervises
        ? [{ key: "V", label: nameOf("operator_states", "supervising"), act: () => put("supervising") }]
        : []),
      { key: "P", label: nameOf("operator_states", "training"), act: () => put("training") },
      { key: "O", label: words.take_no_calls, act: () => put("offline") },
    ],
  });
}

/**
 * @param {import("../../core/screen.js").Screen} screen
 * @param {import("../../components/sounds.js").Sounds} sounds
 * @param {number} now
 */
export function myStatePart(screen, sounds, now) {
  const me = myself(screen);
  // Whoever reads this page is at work: "offline" is only that no call is offered to them.
  const state = me?.state ?? "offline";
  return html`<button type="button" class="my-state" @click=${() => openMyState(screen, sounds)}><i class=${LOOKS[state] ?? "soon"} aria-hidden="true"></i><span class="state-name">${state === "offline" ? words.takes_no_calls : nameOf("operator_states", state)}</span>${
    me?.reason ? html` <span class="soft">${nameOf("reasons", me.reason)}</span>` : ""
  }${me && state !== "offline" ? html` <span class="num soft">${lengthText(now - Date.parse(me.since), words.days)}</span>` : ""} <kbd>${comboFor("my_state")}</kbd></button>`;
}

/** Whether the reader is signed on to calls. @param {import("../../core/screen.js").Screen} screen */
export function isOffline(screen) {
  return (myself(screen)?.state ?? "offline") === "offline";
}
