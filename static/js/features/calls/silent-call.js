/**
 * A silent call: a procedure, not noise. Listen ten seconds, ask for a tap or a digit; only then may it be filed
 * silent.
 */
import { html, nothing } from "lit-html";
import { bindFocused } from "../../core/keys.js";
import { lengthText } from "../../core/time.js";
import { say } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";

const LISTEN_MS = 10_000;

export class SilentPart {
  /**
   * @param {import("./call-form-model.js").Work} work
   * @param {{file: (disposition: string) => void, toPlace: () => void}} acts
   */
  constructor(work, acts) {
    this.work = work;
    this.acts = acts;
    this.bound = new WeakSet();
  }

  /** Milliseconds of listening; null where the procedure was not begun. */
  listened() {
    const { silentAt } = this.work.body;
    return silentAt === null ? null : this.work.screen.now() - Date.parse(silentAt);
  }

  /** Whether somebody listened long enough for it to be filed silent. */
  get heardOut() {
    return (this.listened() ?? 0) >= LISTEN_MS;
  }

  start() {
    if (!this.work.mine) return false;
    if (this.work.body.silentAt === null) this.work.change({ silentAt: this.work.screen.stamp() });
    this.work.screen.draw();
    document.getElementById("silent")?.focus();
    return true;
  }

  /** The caller answered without a voice: an emergency until shown otherwise. */
  answered() {
    this.work.change({
      silentAt: null,
      words: [words.silent_answered, this.work.body.words].filter(Boolean).join(" "),
    });
    this.work.sendLine();
    this.acts.toPlace();
  }

  file() {
    if (!this.heardOut)
      return say(fill(words.silent_listen_on, { seconds: Math.ceil((LISTEN_MS - (this.listened() ?? 0)) / 1000) }), {
        tone: "bad",
      });
    this.acts.file("G1");
  }

  unsafe() {
    this.work.edit({ safe_to_call_back: false });
  }

  template() {
    const listened = this.listened();
    if (listened === null) return nothing;
    requestAnimationFrame(() => this.bind());
    const done = listened >= LISTEN_MS;
    return html`<section class="silent" id="silent" tabindex="-1" aria-label=${words.silent}><header><h2>${words.silent}</h2>
      <b class="num ${done ? "ok" : "soon"}">${lengthText(listened, words.days)}</b><span class="soft">${done ? words.silent_done : words.silent_listening}</span></header>
      <p>${words.silent_say}</p>
      <div class="acts"><button type="button" class="go" @click=${() => this.answered()}><kbd>D</kbd> ${words.silent_heard}</button>
        <button type="button" aria-disabled=${!done} @click=${() => this.file()}><kbd>G</kbd> ${words.silent_none}</button>
        <button type="button" @click=${() => this.unsafe()}><kbd>U</kbd> ${words.silent_unsafe}</button>
        <button type="button" @click=${() => this.work.change({ silentAt: null })}><kbd>T</kbd> ${words.silent_talks}</button></div></section>`;
  }

  /** Its letters act only while the focus is inside. */
  bind() {
    const panel = document.getElementById("silent");
    if (!panel || this.bound.has(panel)) return;
    this.bound.add(panel);
    bindFocused(panel, {
      D: () => this.answered(),
      G: () => this.file(),
      U: () => this.unsafe(),
      T: () => this.work.change({ silentAt: null }),
    });
  }
}
