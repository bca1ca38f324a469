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
  let since = 0;
  let frame = 0;
  let fired = false;
  const stop = () => {
    cancelAnimationFrame(frame);
    since = 0;
    onProgress(0);
  };
  const step = () => {
    const share = (performance.now() - since) / HOLD_MS;
    onProgress(Math.min(1, share));
    if (share < 1) frame = requestAnimationFrame(step);
    else {
      fired = true;
      stop();
      onHeld();
    }
  };
  const on = (/** @type {Event} */ event) => event.target instanceof Element && event.target.closest(selector);
  root.addEventListener("pointerdown", (event) => {
    if (!on(event) || event.button !== 0) return;
    fired = false;
    since = performance.now();
    frame = requestAnimationFrame(step);
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"])) {
    addEventListener(kind, () => {
      if (!since) return;
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
