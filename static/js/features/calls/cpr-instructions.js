/** Hands-only CPR in words for the caller: one key from an empty form. */
import { html } from "lit-html";
import { words } from "../../core/words.js";

export const ARREST = "M01";
const STEPS = 6;

/** @param {() => void} close */
export function cprPart(close) {
  return html`<section class="cpr" aria-label=${words.cpr}><header><h2>${words.cpr}</h2><span class="beat" aria-hidden="true"></span><span class="soft">${words.cpr_beat}</span><small class="mute">${words.cpr_mark}</small>
    <span class="grow"></span><button type="button" class="slim" @click=${close}>${words.close}</button></header>
    <b>${words.cpr_check}</b>
    <ol>${Array.from({ length: STEPS }, (_, at) => html`<li>${words[`cpr_${at + 1}`]}</li>`)}</ol>
    </section>`;
}
