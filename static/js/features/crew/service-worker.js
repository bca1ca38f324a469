/**
 * Opens the crew page without a network: keeps its frame and our own static files, and nothing else.
 *
 * Never an answer of the API: what a crew may read of people lives in the page alone. Signing out, or being signed out,
 * empties the store.
 */

/** @type {any} */
const worker = self;
const STORE = "sigap-crew";
const SHELL = "/crew/";
const PATIENCE_MS = 4000;
// Files whose name has a hash of their content never change.
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate" && pathname === SHELL) event.respondWith(shell(event));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

/** The store, if the page has asked for one: after signing out there is none, and nobody makes it but the page. */
async function opened() {
  return (await caches.has(STORE)) ? caches.open(STORE) : null;
}

/** The page: from the network, unless that is gone or too slow. @param {any} event @returns {Promise<Response>} */
async function shell(event) {
  const store = await opened();
  const kept = await store?.match(SHELL);
  const network = fetch(event.request).then(async (answer) => {
    if (answer.status >= 500 && kept) return kept;
    if (answer.ok && answer.type === "basic" && !answer.redirected) await (await opened())?.put(SHELL, answer.clone());
    else if (answer.status < 500) await store?.delete(SHELL); // signed out, or not this person's page any more
    return answer;
  });
  event.waitUntil(network.catch(() => null));
  if (!kept) return network;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([network.catch(() => kept), patience]);
}

/** One of our files. @param {Request} request @returns {Promise<Response>} */
async function file(request) {
  const store = await opened();
  const kept = await store?.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await opened())?.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Keep what the page has loaded, and the page; drop what it needs no longer. @param {string[]} addresses */
async function keep(addresses) {
  const store = await opened();
  if (!store) return; // signed out already
  const wanted = new Set([new URL(SHELL, worker.location.origin).href, ...addresses]);
  for (const request of await store.keys()) if (!wanted.has(request.url)) await store.delete(request);
  for (const address of wanted) {
    if (!(await caches.has(STORE))) return; // signed out meanwhile
    if (await store.match(address)) continue;
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok && !answer.redirected) await store.put(address, answer);
  }
}
