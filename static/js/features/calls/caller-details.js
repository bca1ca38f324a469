/** Who calls: name, another number to call back, language, whether a call-back is safe. One bar, one letter each. */
import { html, nothing } from "lit-html";
import { openBar } from "../../components/choice-bar.js";
import { safetyPart } from "../../components/contact-safety.js";
import { comboFor } from "../../core/keys.js";
import { numberText } from "../../core/phone-numbers.js";
import { words } from "../../core/words.js";

/** Languages with a letter in the bar; others come by what is already written. @type {[string, string][]} */
const LANGUAGES = [
  ["I", "id"],
  ["M", "mad"],
  ["J", "jv"],
  ["E", "en"],
];
/** Whether the number may be called back, by what the caller was asked or what was heard. @type {[string, string][]} */
const SAFETY = [
  ["S", "safe"],
  ["U", "unsafe"],
  ["T", "unknown"],
];
/** @type {Record<string, "name" | "callback">} */
const FIELDS = { caller_name: "name", callback_number: "callback" };

export class CallerPart {
  /** @param {import("./call-form-model.js").Work} work */
  constructor(work) {
    this.work = work;
    /** The field that is being written. @type {"caller_name" | "callback_number" | null} */
    this.editing = null;
    /** Whose call it is of, and what was typed: another call's form may be open when the field is left. */
    this.of = /** @type {string | null} */ (null);
    this.typed = /** @type {string | null} */ (null);
    this.back = /** @type {HTMLElement | null} */ (null);
    work.onChange(() => {
      if (this.editing && this.of !== work.id) void this.save(this.editing, false);
    });
  }

  open() {
    const { work } = this;
    if (!work.mine) return false;
    const safety = work.call?.contact_safety ?? "unknown";
    openBar({
      title: words.caller_bar,
      choices: [
        { key: "N", label: words.caller_name, act: () => this.write("caller_name") },
        { key: "B", label: words.call_back_on, act: () => this.write("callback_number") },
        ...LANGUAGES.map(([key, code]) => ({
          key,
          label: words[`language_${code}`],
          act: () => work.edit({ language: code }),
        })),
        ...SAFETY.filter(([, code]) => code !== safety).map(([key, code]) => ({
          key,
          label: words[`mark_${code}`],
          tone: code === "unsafe" ? "bad" : "",
          act: () => work.edit({ contact_safety: code }),
        })),
      ],
    });
    return true;
  }

  /** @param {"caller_name" | "callback_number"} field */
  write(field) {
    this.editing = field;
    this.of = this.work.id;
    this.typed = this.work.body.caller[FIELDS[field]];
    this.back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.work.screen.draw();
    // At once, not with the next frame: a fast hand's first letter must not be lost.
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById("caller-field"));
    input?.focus();
    input?.select();
  }

  /** @param {"caller_name" | "callback_number"} field @param {string} text */
  type(field, text) {
    this.typed = text;
    this.work.change({ caller: { ...this.work.body.caller, [FIELDS[field]]: text } });
  }

  /**
   * Send what was typed for the call that it was typed for.
   * @param {"caller_name" | "callback_number"} field
   * @param {boolean} giveBack whether the focus goes back: not where it has gone elsewhere by itself
   */
  async save(field, giveBack) {
    const { of, typed, work } = this;
    this.editing = null;
    work.screen.draw();
    if (giveBack && this.back?.isConnected) this.back.focus();
    if (typed === null || of === null) return;
    const saved = await work.edit({ [field]: typed.trim() || null }, of);
    // Another call's form keeps what was typed there; this one's is on the server.
    if (saved && work.id === of && work.body.caller[FIELDS[field]] === typed)
      work.change({ caller: { ...work.body.caller, [FIELDS[field]]: null } });
  }

  /** @param {"caller_name" | "callback_number"} field @param {string} label @param {unknown} shown */
  field(field, label, shown) {
    const { body, details } = this.work;
    const typed = body.caller[FIELDS[field]];
    if (this.editing === field && this.of === this.work.id) {
      return html`<label><span class="mute">${label}</span> <input id="caller-field" type="text" maxlength="200" autocomplete="off" .value=${typed ?? details?.[field] ?? ""}
        @input=${(/** @type {InputEvent} */ event) => this.type(field, /** @type {HTMLInputElement} */ (event.target).value)}
        @blur=${() => this.editing === field && this.save(field, false)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === "Enter") return this.save(field, true);
          this.editing = null;
          this.work.screen.draw();
          this.back?.focus();
        }}></label>`;
    }
    return html`<button type="button" class="fact" ?disabled=${!this.work.mine} @click=${() => this.write(field)}><span class="mute">${label}</span> ${
      typed !== null && typed.trim() !== (details?.[field] ?? "") ? html`<b class="soon">${typed}</b>` : shown
    }</button>`;
  }

  template() {
    const { call, details } = this.work;
    if (!call) return nothing;
    const language = call.language ?? details?.language ?? null;
    return html`<div class="caller">
      ${this.field("caller_name", words.caller, details?.caller_name ?? "—")}
      ${this.field("callback_number", words.call_back_on, details?.callback_number ? html`<span class="num">${numberText(details.callback_number)}</span>` : call.number === null ? words.unknown : words.same_number)}
      <span><span class="mute">${words.speaks}</span> ${language ? html`<b>${words[`language_${language}`] ?? language}</b>` : words.unknown}</span>
      ${call.number === null ? nothing : html`<span><span class="mute">${words.contact_safety}</span> ${safetyPart(call.contact_safety)}</span>`}
      ${this.work.mine ? html`<button type="button" class="slim" @click=${() => this.open()}>${words.caller_edit} <kbd>${comboFor("caller")}</kbd></button>` : nothing}</div>`;
  }
}
