/** What `help` shows: the table of commands in words. */
import { html, nothing } from "lit-html";
import { words } from "../../core/words.js";
import { COMMANDS } from "./commands.js";

/** The table of commands: how each is written, what it does, the words that stand for its letter. */
export function commandTable() {
  return html`<dl class="command-table">${COMMANDS.map(
    (row) =>
      html`<dt><code>${row.example}</code></dt><dd>${words[`command_do_${row.kind}`]}${row.words.length ? html` <span class="mute">${row.words.join(", ")}</span>` : nothing}${
        row.twice ? html` <kbd>Enter</kbd> <kbd>Enter</kbd>` : nothing
      }</dd>`,
  )}</dl>`;
}

/** The table where the choices of the command line stand. */
export function helpPart() {
  return html`<section class="command-choices" aria-label=${words.command_help}><header><b>${words.command_help}</b><span class="grow"></span><kbd>Esc</kbd></header>
    ${commandTable()}</section>`;
}
