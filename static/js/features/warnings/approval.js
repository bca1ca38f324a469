/** Place warnings that wait for a supervisor: how many, in the top bar; the bar that approves, keeps or ends them. */
import { html, nothing, render } from "lit-html";
import { closeBar, holdBar } from "../../components/choice-bar.js";
import { nextReview } from "../../components/warning-form.js";
import { get, post } from "../../core/api.js";
import { Later } from "../../core/delayed-send.js";
import { comboOf } from "../../core/keys.js";
import { place } from "../../core/screen.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";

/** @typedef {{id: string, path: string, body: any}} Act */

const RELOAD_MS = 300_000; // what falls due by itself: nothing tells of a day that has come
const SETTLE_MS = 200;
const PLACES = 50;

/**
 * The page gives `#warnings-top` to who may approve, and to nobody else.
 * @param {import("../../core/screen.js").Screen} screen
 * @returns {() => void} opens the bar
 */
export function mountWarnings(screen) {
  if (!document.getElementById("warnings-top")) return () => {};
  const badge = place("warnings-top");
  /** Proposed ones first, then those that are due. @type {Api.WarningForm[]} */
  let items = [];
  /** Where each is, in words, as far as it was asked for. @type {Map<string, string>} */
  const where = new Map();
  /** @type {(() => void) | null} */
  let redraw = null;
  let timer = 0;
  const later = new Later(
    (/** @type {Act} */ act) => send(act),
    () => draw(),
  );
  const waiting = () => items.filter((one) => one.id !== later.what?.id);

  function draw() {
    const count = waiting().length;
    badge.hidden = !count;
    render(html`△ ${fill(words.warnings_top, { count })}`, badge);
    redraw?.();
  }

  async function read() {
    try {
      items = [...(await all("proposed")), ...(await all("due"))];
      draw();
    } catch {
      // The line's own sign says that it is gone; it is read anew with the next change.
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(read, SETTLE_MS);
  };

  /** @param {Act} act */
  async function send({ path, body }) {
    try {
      await post(path, body, { keepalive: true });
    } catch (error) {
      sayProblem(error);
    }
    await read();
  }

  async function readPlaces() {
    for (const one of waiting().slice(0, PLACES)) {
      if (!redraw) return;
      if (where.has(one.id)) continue;
      const known = await get(`places/at?lat=${one.lat}&lng=${one.lng}`).catch(() => null);
      if (known)
        where.set(one.id, [known.desa?.name, known.kecamatan?.name, known.island?.name].filter(Boolean).join(", "));
      redraw?.();
    }
  }

  const open = () => {
    if (!waiting().length) return say(words.warnings_none, { seconds: 3 });
    redraw = openList(screen, {
      waiting,
      where,
      left: () => (redraw = null),
      act: (one, verb, body = {}) =>
        later.put(
          { id: one.id, path: `places/warnings/${one.id}/${verb}`, body },
          fill(words[`warning_${verb}`], { text: one.text.slice(0, 60) }),
        ),
    });
    redraw();
    void readPlaces();
  };
  badge.addEventListener("click", open);
  screen.onChange((subject) => subject.startsWith("warning:") && soon());
  setInterval(read, RELOAD_MS);
  void read();
  return open;
}

/** @param {string} state @returns {Promise<Api.WarningForm[]>} */
async function all(state) {
  const found = [];
  for (let cursor = ""; cursor !== null; ) {
    const answer = await get(
      `places/warnings?state=${state}&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    found.push(...answer.items);
    cursor = answer.next;
  }
  return found;
}

/**
 * The bar: the list, the selected one's ways as letters. Esc leaves it.
 * @param {import("../../core/screen.js").Screen} screen
 * @param {{waiting: () => Api.WarningForm[], where: Map<string, string>, left: () => void,
 *          act: (one: Api.WarningForm, verb: "approve" | "keep" | "end", body?: any) => void}} ways
 * @returns {() => void} draws it anew
 */
function openList(screen, { waiting, where, left, act }) {
  closeBar();
  const root = place("bar");
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  let chosen = waiting()[0].id;
  let at = 0;
  let open = true;

  const leave = (giveBack = true) => {
    if (!open) return;
    open = false;
    left();
    render(nothing, root);
    root.hidden = true;
    if (giveBack && before?.isConnected) before.focus();
  };
  const selected = () => waiting().find((one) => one.id === chosen);
  const move = (/** @type {number} */ by) => {
    const shown = waiting();
    at = (shown.findIndex((one) => one.id === chosen) + by + shown.length) % shown.length;
    chosen = shown[at]?.id ?? chosen;
    draw();
    root.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const approve = () => {
    const one = selected();
    if (one?.state === "proposed") act(one, "approve");
    else if (one) act(one, "keep", { review_on: nextReview(screen) });
  };
  const end = () => {
    const one = selected();
    if (one) act(one, "end");
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const combo = comboOf(event);
    if (event.repeat && combo !== "ArrowDown" && combo !== "ArrowUp") return;
    if (combo === "Escape") leave();
    else if (combo === "ArrowDown") move(1);
    else if (combo === "ArrowUp") move(-1);
    else if (combo === "A") approve();
    else if (combo === "E") end();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const draw = () => {
    if (open && root.firstElementChild && !root.querySelector(".warning-bar")) {
      open = false; // another bar has taken its place
      left();
    }
    if (!open) return;
    const shown = waiting();
    if (!shown.length) return leave();
    if (!shown.some((one) => one.id === chosen)) chosen = shown[Math.min(at, shown.length - 1)].id;
    at = shown.findIndex((one) => one.id === chosen);
    const one = shown[at];
    render(
      html`<div class="bar alarm-bar warning-bar" role="dialog" aria-label=${words.warnings_title} @keydown=${press} @focusout=${(
        /** @type {FocusEvent} */ event,
      ) => {
        if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) leave(false);
      }}>
      <ul class="ask-options" role="listbox" tabindex="0" aria-label=${words.warnings_title} aria-activedescendant="warning-${chosen}">${shown.map(
        (warning) => html`<li
        role="option" id="warning-${warning.id}" class="row" aria-selected=${warning.id === chosen ? "true" : "false"} @click=${() => {
          chosen = warning.id;
          draw();
        }}>
        <b>△ ${words[`warn_kind.${warning.kind}`]}</b><b>${warning.text}</b>
        <span class="soft">${where.get(warning.id) || `${warning.lat.toFixed(5)}, ${warning.lng.toFixed(5)}`} · ${fill(words.warning_reach, { metres: warning.radius_metres })}</span>
        <span class="soft">${fill(warning.state === "proposed" ? words.warning_by : words.warning_due, {
          author: [warning.author ?? words.unknown, warning.agency].filter(Boolean).join(", "),
          day: warning.review_on,
          approver: warning.approver ?? words.unknown,
        })}</span></li>`,
      )}</ul>
      <div class="reasons"><button class="main" @click=${approve}><kbd>A</kbd> ${one.state === "proposed" ? words.warn_approve : words.warn_keep}</button>
        <button @click=${end}><kbd>E</kbd> ${one.state === "proposed" ? words.warn_refuse : words.warn_end}</button>
        <span class="grow"></span><button @click=${() => leave()}>${words.close} <kbd>Esc</kbd></button></div></div>`,
      root,
    );
  };
  holdBar(leave);
  root.hidden = false;
  draw();
  /** @type {HTMLElement | null} */ (root.querySelector("[role=listbox]"))?.focus();
  return draw;
}
