/** How a call is named in a sentence. */
import { numberText } from "../../core/phone-numbers.js";
import { nameOf, words } from "../../core/words.js";

/** Its number, else how it reached the centre. @param {Api.CallForm} call @returns {string} */
export function callName(call) {
  if (call.number) return numberText(call.number);
  return call.channel === "voice" ? words.number_withheld : nameOf("channels", call.channel);
}

/**
 * The number of a caller whom nobody answered; null where it is withheld or unsafe to call back.
 * @param {Api.CallForm | null | undefined} call @returns {string | null}
 */
export function numberToCallBack(call) {
  return call?.state === "abandoned" && call.contact_safety !== "unsafe" ? call.number : null;
}
