/** The first steps of a training site: a step is ticked by its box or its key, kept for the person, and calls ring. */
import { comboOf } from "../core/keys.js";

const card = /** @type {HTMLDetailsElement} */ (document.getElementById("first-steps"));
const form = /** @type {HTMLFormElement} */ (card.querySelector("form"));
const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=done]")]);
const count = /** @type {HTMLElement} */ (document.getElementById("first-steps-count"));
const ringStatus = document.getElementById("ring-said");

/** @param {string} address @param {Record<string, string>} [more] */
async function send(address, more = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
}

function draw() {
  count.textContent = `${boxes.filter((box) => box.checked).length}/${boxes.length}`;
}

form.addEventListener("change", () => {
  draw();
  void send(form.action).catch(() => {});
});
// The card goes once the server has kept that it is closed: a reload that comes at once must not bring it back.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send(form.action, { closed: "1" }).catch(() => null);
  if (answer?.ok) card.remove();
});
addEventListener(
  "keydown",
  (event) => {
    const box = boxes.find((one) => one.dataset.keys && !one.checked && one.dataset.keys === comboOf(event));
    if (!box) return;
    box.checked = true;
    form.dispatchEvent(new Event("change"));
  },
  { capture: true },
);

for (const button of /** @type {HTMLButtonElement[]} */ ([...card.querySelectorAll("[data-ring]")])) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const answer = await send("/training/ring/", { kind: button.dataset.ring ?? "" });
      const page = answer.ok
        ? ""
        : new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("h1")?.textContent;
      if (ringStatus) ringStatus.textContent = answer.ok ? "" : page || ringStatus.dataset.failed || "";
    } catch {
      if (ringStatus) ringStatus.textContent = ringStatus.dataset.failed ?? "";
    }
    button.disabled = false;
  });
}
draw();
