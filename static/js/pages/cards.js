/**
 * The form of a blank card is sent by the page itself. A browser keeps the body of a form that it posts, to be able to
 * load the answer again, and a card has what a caller said. Without scripts the form is sent as any other.
 */
import { csrfToken } from "../core/api.js";

const CONTENT = ".cards-page";
const TIMEOUT_MS = 30_000;

/** Send it; returns the id of the message to show where it did not arrive. @param {HTMLFormElement} form */
async function send(form) {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", csrfToken()); // a sign-in in another tab has renewed it
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(form.action, { method: "POST", body, cache: "no-store", signal });
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/sign-in")) return "signed-out";
  if (answer.redirected) return void location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector(CONTENT);
  if (!content) return "no-answer";
  document.querySelector(CONTENT)?.replaceWith(content);
  /** @type {HTMLElement | null} */ (content.querySelector("[aria-invalid=true]"))?.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "enter-card") return;
  event.preventDefault();
  const { submitter } = event;
  if (submitter instanceof HTMLButtonElement) submitter.disabled = true;
  for (const message of form.querySelectorAll("[role=alert][id]")) message.setAttribute("hidden", "");
  const failed = await send(form).catch(() => "no-answer");
  if (!failed) return;
  document.getElementById(failed)?.removeAttribute("hidden");
  if (submitter instanceof HTMLButtonElement) submitter.disabled = false;
});
