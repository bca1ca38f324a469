/** The key table of a page (web/keys.py): binds handlers to the keys of actions. */

/**
 * @typedef {{action: string, combo: string, label: string, focus: string | null, group: string}} Key
 */

/** @type {Key[]} */
export const keys = JSON.parse(document.getElementById("keys")?.textContent ?? "[]");

/** @param {EventTarget | null} target */
export function inField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/**
 * A pressed key as the table writes it: "F2", "Shift+F2", "Alt+Z", "Ctrl+Enter", "/", "N", "4".
 * @param {KeyboardEvent} event
 */
export function comboOf(event) {
  if (event.isComposing) return "";
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  // With Alt held some layouts write another character: the key itself counts.
  const base = event.altKey && letter ? letter : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return `${event.ctrlKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift}${base}`;
}

/** The keys of an action, for a button's <kbd>. @param {string} action */
export function comboFor(action) {
  return keys.find((key) => key.action === action)?.combo ?? "";
}

/**
 * Bind this page's actions. A handler that returns false leaves the key to the browser. The button `#help-button` calls
 * the handler of `help`.
 * @param {Record<string, (event: KeyboardEvent) => unknown> & {help: () => unknown}} handlers by action
 */
export function bindKeys(handlers) {
  document.getElementById("help-button")?.addEventListener("click", () => handlers.help());
  const anywhere = new Map(keys.filter((key) => !key.focus).map((key) => [key.combo, key.action]));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat) return;
    // The browser's: it closes what lies on top, and the page behind that stays as it is.
    if (event.key === "Escape" && document.querySelector("dialog:modal")) return;
    const combo = comboOf(event);
    const action = anywhere.get(combo);
    const act = action && handlers[action];
    if (!act) return;
    // A single character typed into a field is text.
    if (combo.length === 1 && inField(event.target)) return;
    if (act(event) !== false) event.preventDefault();
  });
}

/**
 * Bind single keys to a list or bar: they act only while the focus is inside it and not in a field.
 * @param {HTMLElement} element
 * @param {Record<string, (event: KeyboardEvent) => unknown>} handlers by combo: "N", "4", "Enter", "ArrowDown"
 */
export function bindFocused(element, handlers) {
  element.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || inField(event.target)) return;
    const combo = comboOf(event);
    const act = handlers[combo];
    // A character that is held down acts once; arrows go on.
    const held = event.repeat && combo.length === 1;
    if (!act || (!held && act(event) === false)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}
