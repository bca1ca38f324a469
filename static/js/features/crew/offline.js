/**
 * The page without a network: installed, its files kept by the service worker, the present job kept for this person.
 *
 * The job lies in localStorage under the person's id, so that a reload in a dead spot still shows it; it is wiped on
 * signing out, by the sign-in page and by any page of somebody else, and gone with the job.
 */
import { forgetOthers, jobKey, STORE } from "../../core/clear-other-users.js";
import { readPrivate, writePrivate } from "../../core/private-storage.js";

const user = document.body.dataset.user ?? "";
const KEY = jobKey(user);
let written = "";
let wiped = false;

/**
 * @typedef {{at: number, offset: number, seq: number, unit: any, incidents: any[], read: Record<string, any>}} Kept
 * at: when it was kept, by this phone's clock, milliseconds; offset: the server's clock ahead of it.
 */

/** What was kept of the job; null for nothing. @returns {Kept | null} */
export const recall = () => readPrivate(KEY);

/** Keep the job as it stands. @param {Kept} kept */
export function keepJob(kept) {
  if (wiped) return; // the page draws on until the next one is there
  const { at, offset, seq, ...facts } = kept;
  const text = JSON.stringify(facts);
  if (text === written) return;
  written = text;
  try {
    writePrivate(KEY, kept);
  } catch {
    localStorage.removeItem(KEY); // a full store: better no job after a reload than an old one
  }
}

/** Forget all of this person: the job, what was not sent, the page itself. */
export async function wipe() {
  wiped = true;
  for (const key of Object.keys(localStorage))
    if (key.startsWith("sigap-") && key.endsWith(user)) localStorage.removeItem(key);
  if ("caches" in window) await caches.delete(STORE);
}

/** Let the page open without a network from now on. */
export async function install() {
  await forgetOthers(user);
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/crew/sw.js", { scope: "/crew/" });
  const ready = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name.split("#")[0]);
  const ours = loaded.filter((address) => address.startsWith(`${location.origin}/static/`));
  if (wiped) return;
  await caches.open(STORE); // made here alone, so that a keeping that comes after signing out finds none
  ready.active?.postMessage({ keep: [...new Set(ours)] });
}

/**
 * Wipe on signing out; with something unsent, ask first.
 * @param {() => Promise<number>} unsent sends what it can, and says how many remain
 * @param {(count: number) => boolean} sure
 */
export function bindSignOut(unsent, sure) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[action='/sign-out/']"));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const count = await unsent();
    if (count && !sure(count)) return;
    await wipe();
    form.submit();
  });
}
