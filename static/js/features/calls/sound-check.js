/** Whether a ring can be heard at this desk: asked for where it cannot, tried and set where it can. */
import { html, nothing } from "lit-html";
import { words } from "../../core/words.js";
import { isReady } from "./ringing.js";
import { askToNote, mayAskToNote, noteState } from "./waiting-notices.js";

/** @typedef {import("../../components/sounds.js").Sounds} Sounds */

/**
 * Ready, and yet no ring would be heard.
 * @param {Sounds} sounds
 * @param {Api.OperatorForm | null} me
 */
export function soundNote(sounds, me) {
  if (!isReady(me) || sounds.awake()) return nothing;
  return html`<button type="button" class="no-sound" @click=${() => sounds.wake()}>▲ ${words.ready_needs_sound}</button>`;
}

/** The sounds of this desk, while no call is open. @param {Sounds} sounds */
export function soundPart(sounds) {
  const names = [words.volume_1, words.volume_2, words.volume_3];
  return html`<section class="panel hearing" aria-labelledby="hearing-head"><header><h2 id="hearing-head">${words.sound_head}</h2>
    <span class=${sounds.awake() ? "ok" : "soon"}>${sounds.awake() ? words.sound_works : words.sound_asleep}</span><span class="grow"></span>
    <button type="button" class="slim" @click=${() => sounds.test()}>${words.sound_test}</button></header>
    <dl><dt>${words.sound_ring}</dt><dd>${words.sound_never_muted}</dd><dt>${words.sound_volume}</dt><dd class="volumes">${names.map(
      (name, at) => html`<button type="button" class="slim"
      aria-pressed=${sounds.volume() === at + 1} @click=${() => sounds.setVolume(at + 1)}>${name}</button>`,
    )}</dd>
    <dt>${words.desktop_notes}</dt><dd>${mayAskToNote() ? html`<button type="button" class="slim" @click=${() => askToNote()}>${words.notify_allow}</button>` : noteState()}</dd></dl></section>`;
}
