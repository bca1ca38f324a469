/** How many alarms are open, in the top bar of every live page: nothing lit means nothing wrong. */
import { html, render } from "lit-html";
import { place } from "../screen.js";
import { openAlarms } from "./acknowledge.js";
import { fill, words } from "./words.js";

/**
 * The page gives `#alarms-top` (templates/parts/sound.html); a click opens the most pressing alarm.
 * @param {import("../screen.js").Screen} screen
 */
export function mountAlarmBadge(screen) {
  const badge = place("alarms-top");
  badge.addEventListener("click", () => openAlarms(screen));
  screen.onDraw(() => {
    const count = screen.store.things.alarms.size;
    badge.hidden = !count;
    if (count) render(html`▲ ${fill(words.alarms_top, { count })}`, badge);
  });
}
