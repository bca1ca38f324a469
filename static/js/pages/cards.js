/**
 * Blank cards: a form is sent by the page itself. A browser keeps the body of a form that it posts, to be able to load
 * the answer again, and a card has what a caller said. Without scripts the form is sent as any other.
 */
const CONTENT = ".cards-page";

/** @param {HTMLFormElement} form */
async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store" });
  if (answer.redirected) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector(CONTENT);
  if (!content) throw new Error(`${answer.status}`);
  document.querySelector(CONTENT)?.replaceWith(content);
  /** @type {HTMLElement | null} */ (content.querySelector("[aria-invalid=true]"))?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest(CONTENT)) return;
  event.preventDefault();
  const { submitter } = event;
  if (submitter instanceof HTMLButtonElement) submitter.disabled = true;
  const failed = /** @type {HTMLElement | null} */ (form.querySelector(".not-sent"));
  if (failed) failed.hidden = true;
  send(form).catch(() => {
    // No answer, or none of this page: what was typed stays.
    if (failed) failed.hidden = false;
    if (submitter instanceof HTMLButtonElement) submitter.disabled = false;
  });
});
