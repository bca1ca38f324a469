/** The sign-in page: the password shown on request, the site's clock, and on a training site the keys of the roles. */
import { forgetOthers } from "../core/clear-other-users.js";

forgetOthers(""); // whoever comes next finds nothing of the crew that was here before

/** @param {string} id */
const element = (id) => document.getElementById(id);

const show = element("show-password");
const password = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=password]"));
if (show && password) {
  const words = [show.textContent ?? "", show.dataset.hide ?? ""];
  show.hidden = false;
  show.addEventListener("click", () => {
    const shown = password.type === "password";
    password.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
    show.textContent = words[shown ? 1 : 0];
    password.focus();
  });
}

const clock = element("clock");
if (clock) {
  const zone = { timeZone: clock.dataset.timeZone, timeZoneName: /** @type {const} */ ("short") };
  const time = new Intl.DateTimeFormat("id-ID", {
    ...zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const draw = () => {
    const parts = Object.fromEntries(time.formatToParts(new Date()).map(({ type, value }) => [type, value]));
    clock.textContent = `${parts.hour}:${parts.minute}:${parts.second} ${parts.timeZoneName}`;
  };
  draw();
  setInterval(draw, 1000);
}

const cards = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("#cards button")]);
const columns = () => (cards.length > 1 && cards[0].offsetTop === cards[1].offsetTop ? 2 : 1);

/**
 * A key counts where nothing is being typed: outside the fields, or in the name's while it is empty.
 * @param {Event} event
 */
function isFree(event) {
  const field = event.target instanceof HTMLInputElement && event.target.type !== "radio" ? event.target : null;
  return !field || (field.name === "login" && !field.value);
}

document.addEventListener("keydown", (event) => {
  if (
    !cards.length ||
    event.defaultPrevented ||
    event.repeat ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    !isFree(event)
  )
    return;
  const card = cards.find((one) => one.dataset.key === event.key);
  if (card) {
    event.preventDefault();
    return card.click();
  }
  const at = cards.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  if (at < 0) return;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns() }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  cards[Math.max(0, Math.min(cards.length - 1, at + by))].focus();
});
