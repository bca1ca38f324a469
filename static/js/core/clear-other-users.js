/**
 * What a browser keeps of a person: gone once somebody else uses it, or is asked to sign in. A crew's job for a dead
 * spot goes at once, a form that is not sent as soon as the server has all of it.
 */

export const STORE = "sigap-crew";
const JOB = "sigap-crew-job-";
/** How the keys of kept forms begin; the person's id and the form's follow. */
export const DRAFTS = "sigap-draft-";

/** Where a person's job is kept. @param {string} user */
export const jobKey = (user) => JOB + user;

/** The crew's page, as it is kept for dead spots. */
export const SHELL = "/crew/";

/**
 * Forget the kept page and job of a person who leaves their unit: the page of the unit before would come back where the
 * network is slow.
 * @param {string} user
 */
export async function forgetUnit(user) {
  localStorage.removeItem(jobKey(user));
  if ("caches" in window && (await caches.has(STORE))) await (await caches.open(STORE)).delete(SHELL);
}

/** @type {Promise<void> | null} */
let gone = null;

/** Whether the server has all of a kept form. @param {string} key */
function isWithServer(key) {
  try {
    return Boolean(JSON.parse(localStorage.getItem(key) ?? "").through);
  } catch {
    return true; // unreadable: of no use to anybody
  }
}

/**
 * Forget the jobs and the delivered forms of all but this person, and the page that shows them.
 * @param {string} user "" where nobody is signed in
 */
export function forgetOthers(user) {
  gone ??= forget(user);
  return gone;
}

/** @param {string} user */
async function forget(user) {
  const others = Object.keys(localStorage).filter((key) => key.startsWith(JOB) && (!user || key !== jobKey(user)));
  const drafts = Object.keys(localStorage).filter(
    (key) => key.startsWith(DRAFTS) && (!user || !key.startsWith(DRAFTS + user)),
  );
  for (const key of [...others, ...drafts.filter(isWithServer)]) localStorage.removeItem(key);
  if ((others.length || !user) && "caches" in window) await caches.delete(STORE);
}
