/** A button that acts only when it is held; a short tap says so and does nothing. By keyboard it asks once more. */

export const HOLD_MS = 1500;

/**
 * Bind it once; `onHeld` after the whole time, `onShort` after less, `onAsk` where nothing can be held (keyboard,
 * screen reader).
 * @param {HTMLElement} root holds the button, which may be drawn anew
 * @param {string} selector of the button
 * @param {{onHeld: () => void, onShort: () => void, onAsk: () => void, onProgress: (share: number) => void}} on
 */
export function bindHold(root, selector, { onHeld, onShort, onAsk, onProgress }) {
  /** When the finger came down, by the events' own clock; null while nothing is held. @type {number | null} */
  let since = null;
  let timer = 0;
  let frame = 0;
  let fired = false;
  const stop = () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    since = null;
    onProgress(0);
  };
  const held = () => {
    fired = true;
    stop();
    onHeld();
  };
  const step = () => {
    if (since === null) return;
    onProgress(Math.max(0.01, Math.min(1, (performance.now() - since) / HOLD_MS)));
    frame = requestAnimationFrame(step);
  };
  const on = (/** @type {Event} */ event) => event.target instanceof Element && event.target.closest(selector);
  root.addEventListener("pointerdown", (event) => {
    if (!on(event) || event.button !== 0) return;
    stop();
    fired = false;
    since = event.timeStamp;
    timer = setTimeout(held, HOLD_MS); // not by frames: a busy or covered page draws none
    step();
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"])) {
    addEventListener(kind, (event) => {
      if (since === null) return;
      // The finger decides, not the page: it may have been too busy for its own timer.
      if (event.timeStamp - since >= HOLD_MS) return held();
      stop();
      onShort();
    });
  }
  root.addEventListener("contextmenu", (event) => on(event) && event.preventDefault()); // a long press opens no menu
  root.addEventListener("click", (event) => {
    // A click without a pointer: Enter, Space, or a screen reader's tap.
    if (on(event) && event.detail === 0 && !fired) onAsk();
    fired = false;
  });
}
