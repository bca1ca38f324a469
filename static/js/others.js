/** What a browser keeps of a crew's job for a dead spot: gone once somebody else uses it, or is asked to sign in. */

export const STORE = "sigap-crew";
const JOB = "sigap-crew-job-";

/** Where a person's job is kept. @param {string} user */
export const jobKey = (user) => JOB + user;

/** @type {Promise<void> | null} */
let gone = null;

/** Forget the jobs of all but this person, and the page that shows them. @param {string} user "" where nobody is signed in */
export function forgetOthers(user) {
  gone ??= forget(user);
  return gone;
}

/** @param {string} user */
async function forget(user) {
  const others = Object.keys(localStorage).filter((key) => key.startsWith(JOB) && (!user || key !== jobKey(user)));
  for (const key of others) localStorage.removeItem(key);
  if ((others.length || !user) && "caches" in window) await caches.delete(STORE);
}
