/**
 * What is typed while a call's form is on its way: it goes into the field that has the focus once the form is there.
 *
 * Without this the letters reach what has the focus meanwhile: the last call's form, or a list whose letters are keys.
 */
import { inField } from "../../core/keys.js";

export class TypeAhead {
  constructor() {
    this.text = "";
    /** How many forms are on their way. */
    this.waiting = 0;
    addEventListener("keydown", (event) => this.hear(event), { capture: true });
  }

  /**
   * Keep what is typed until an act that opens a form has ended. Where it failed, no form is there and the text goes.
   * @param {(opened: () => void) => Promise<unknown>} act calls `opened` once the form's field has the focus
   */
  async during(act) {
    this.waiting += 1;
    try {
      return await act(() => this.release());
    } finally {
      this.waiting -= 1;
      if (!this.waiting) this.text = "";
    }
  }

  /** @param {KeyboardEvent} event */
  hear(event) {
    if (!this.waiting || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest("#bar, dialog")) return;
    const altGr = event.getModifierState("AltGraph");
    if ((event.ctrlKey || event.altKey || event.metaKey) && !altGr) return;
    if (event.key === "Backspace") this.text = this.text.slice(0, -1);
    else if (event.key.length === 1) this.text += event.key;
    else if (event.key !== "Enter") return; // Enter chooses from a list that is not there yet
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  release() {
    const { text } = this;
    this.text = "";
    const field = document.activeElement;
    if (!text || !inField(field) || field instanceof HTMLSelectElement) return;
    const into = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (field);
    into.setRangeText(text, into.selectionStart ?? 0, into.selectionEnd ?? 0, "end");
    into.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
  }
}
