/** People at their desks: who is ready, who talks, for how long. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { lengthText } from "./time.js";
import { nameOf, words } from "./words.js";

/**
 * @param {import("../store.js").Form[]} operators
 * @param {number} now
 */
export function operatorsPart(operators, now) {
  const here = operators.filter((operator) => operator.state !== "offline");
  if (!here.length) return html`<p class="empty">${words.no_operators}</p>`;
  return html`<ul class="rows">${repeat(
    here.sort((one, other) => one.name.localeCompare(other.name)),
    (operator) => operator.id,
    (operator) => html`<li class="operator ${operator.state}"><b>${operator.name}</b>
      <span class="soft">${operator.desk ?? ""}</span>
      <span>${nameOf("operator_states", operator.state)}${operator.reason ? html` · ${nameOf("reasons", operator.reason)}` : ""}</span>
      <span class="num soft">${lengthText(now - Date.parse(operator.since), words.days)}</span></li>`,
  )}</ul>`;
}
