/** What the caller says: lines that are only ever added, each sent as Enter is pressed, kept where the line is down. */
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { comboFor } from "../../core/keys.js";
import { fill, words } from "../../core/words.js";

/** What the end of the lines was last shown for: their number, and the room that they have. */
let followed = "";

/**
 * The newest line is in view whenever one is added or the room for them becomes another; who reads back is left alone.
 * @param {string | null} call
 */
function showNewest(call) {
  const list = document.getElementById("lines");
  const now = list ? `${call} ${list.childElementCount} ${list.clientHeight}` : "";
  if (list && now !== followed) list.scrollTop = list.scrollHeight;
  followed = now;
}

/** @param {import("./call-form-model.js").Work} work */
export function transcriptPart(work) {
  const { body, details, screen } = work;
  const known = new Set((details?.lines ?? []).map((line) => line.id));
  const waiting = new Set(work.queue.items.filter((item) => item.label === "line").map((item) => item.body.id));
  const own = body.lines.filter((line) => !known.has(line.id)).map((line) => ({ ...line, by: null }));
  const lines = [...(details?.lines ?? []), ...own].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  requestAnimationFrame(() => showNewest(work.id));
  return html`<div class="said-part">
    <ol class="lines" id="lines" tabindex=${lines.length ? "0" : nothing} aria-label=${words.lines_said}>${lines.map(
      (line) => html`<li><time class="num mute">${screen.timeText(line.at, true)}</time>
      <span>${line.text}</span>${waiting.has(line.id) ? html`<b class="soon">${words.line_waits}</b>` : nothing}</li>`,
    )}</ol>
    <div class="head"><label for="said">${words.caller_says}</label><span class="mute">${words.line_hint}</span><kbd>${comboFor("words")}</kbd></div>
    <input id="said" type="text" autocomplete="off" maxlength="2000" .value=${live(body.words)}
      @input=${(/** @type {InputEvent} */ event) => work.change({ words: /** @type {HTMLInputElement} */ (event.target).value })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.isComposing) return;
        event.preventDefault();
        work.sendLine();
      }}></div>`;
}

/** How safely the form is kept. @param {import("./call-form-model.js").Work} work @param {number} now */
export function keptText(work, now) {
  const { keeper } = work;
  if (!keeper) return nothing;
  if (keeper.trouble === "offline") return html`<b class="soon">${words.draft_offline}</b>`;
  if (keeper.trouble === "refused") return html`<b class="late">${words.draft_refused}</b>`;
  if (keeper.keptAt === null) return keeper.dirty ? html`<span class="mute">${words.draft_here}</span>` : nothing;
  const seconds = Math.max(0, (now - keeper.keptAt) / 1000);
  const age = seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
  return html`<span class="mute num">${seconds < 120 ? fill(words.draft_kept, { age }) : words.draft_kept_all}</span>`;
}
