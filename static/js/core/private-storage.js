/**
 * What the browser keeps of a person is encrypted, with a key that only their own pages have.
 *
 * The text of a removed entry of localStorage stays in the browser's files for a while. Encrypted, it says nothing to
 * whoever uses the workstation next. The key comes with the page, and the page is never stored (a crew's excepted,
 * which opens without a network until its crew signs out). Writing is synchronous: a page that is being closed has no
 * time for an answer.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bytesToUtf8, hexToBytes, managedNonce, utf8ToBytes } from "@noble/ciphers/utils.js";

const cipher = managedNonce(xchacha20poly1305);
/** @type {Uint8Array | null} */
let key = null;
/** What was opened last, by its entry: it is read far more often than it changes. @type {Map<string, [string, string]>} */
const opened = new Map();

/** The cipher of one entry: what was written for another name does not open. @param {string} name */
function cipherOf(name) {
  key ??= hexToBytes(document.body.dataset.storageKey ?? "");
  return cipher(key, utf8ToBytes(name));
}

/**
 * Keep a value; throws where the store is full or nobody is signed in.
 * @param {string} name @param {any} value @param {Record<string, any>} [plain] what stays readable without the key
 */
export function writePrivate(name, value, plain = {}) {
  const bytes = cipherOf(name).encrypt(utf8ToBytes(JSON.stringify(value)));
  const sealed = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  localStorage.setItem(name, JSON.stringify({ ...plain, sealed }));
}

/** What was kept, or null: for nothing, for another person's and for what is damaged. @param {string} name */
export function readPrivate(name) {
  const { sealed } = readPlain(name);
  if (typeof sealed !== "string") return null;
  try {
    const known = opened.get(name);
    if (known?.[0] === sealed) return JSON.parse(known[1]);
    const bytes = Uint8Array.from(atob(sealed), (sign) => sign.charCodeAt(0));
    const text = bytesToUtf8(cipherOf(name).decrypt(bytes));
    opened.set(name, [sealed, text]);
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What is readable of an entry without the key. @param {string} name @returns {Record<string, any>} */
export function readPlain(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
