/** Leaving a live page: what must not be left by a slip asks first, and a reload comes back to what was open. */
import { openBar } from "../../components/choice-bar.js";
import { numberText } from "../../core/phone-numbers.js";
import { readPrivate } from "../../core/private-storage.js";
import { QUEUES } from "../../core/queue.js";
import { fill, words } from "../../core/words.js";
import { unsentForms } from "../calls/unsent-drafts.js";

const IN_TALK = new Set(["answered", "on_hold", "conference", "transferring"]);

/** How many acts of this person wait in this browser's queues (queue.js). @param {string} user */
function queued(user) {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(QUEUES) && key.endsWith(`:${user}`))
    .reduce((sum, key) => sum + (readPrivate(key)?.length ?? 0), 0);
}

/**
 * Ask before the reader signs out during a call or with forms that are not sent; keep the page's address when the
 * language or the look is chosen.
 * @param {import("../../core/screen.js").Screen} screen
 */
export function watchLeaving(screen) {
  const user = document.body.dataset.user ?? "";
  addEventListener(
    "submit",
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      const next = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=next]"));
      if (form.action.endsWith("/preferences/") && next) next.value = location.pathname + location.search;
      if (!form.action.endsWith("/sign-out/") || form.dataset.sure) return;
      const calls = screen.store.all("calls").filter((call) => call.operator?.id === user && IN_TALK.has(call.state));
      const unsent = unsentForms().length + queued(user);
      if (!(calls.length || unsent) || !document.getElementById("bar")) return;
      event.preventDefault();
      openBar({
        title: !calls.length
          ? fill(words.sign_out_unsent, { count: unsent })
          : fill(words.sign_out_on_call, {
              numbers: calls.map((call) => (call.number ? numberText(call.number) : words.number_withheld)).join(", "),
            }),
        choices: [
          { key: "B", label: words.stay_here, act: () => {} },
          {
            key: "S",
            label: calls.length ? words.sign_out_sure : words.sign_out_anyway,
            tone: "bad",
            act: () => {
              form.dataset.sure = "yes";
              form.requestSubmit();
            },
          },
        ],
      });
    },
    { capture: true },
  );
}
