/** The HTTP API from a page: JSON in and out, CSRF, and refusals as `Problem`s whose message says the mend. */
import { words } from "./words.js";

const ROOT = "/api/v1/";
const TIMEOUT_MS = 15000;

/** A refusal of the server (RFC 9457), or no answer at all (status 0, code "no_line"). */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail?: string, title?: string, [extra: string]: any}} members */
  constructor(members) {
    super(members.errors?.[0]?.message || members.detail || members.title || members.code);
    this.status = members.status;
    this.code = members.code;
    /** The members of the problem, such as `incident`, `by`, `allowed`, `errors`. @type {{[extra: string]: any}} */
    this.members = members;
  }

  /** Whether the same thing may go through later: no line, or a server too busy. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Writes that are on their way. @type {Set<Promise<unknown>>} */
const writing = new Set();

/** Once every write that is on its way has been answered, one way or the other. */
export const settled = () => Promise.allSettled(writing);

/**
 * Call a door of the API; resolves to its JSON (null for an empty answer), rejects with a Problem.
 * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path below /api/v1/, such as "calls/UUID/answer"
 * @param {any} [body]
 * @param {{signal?: AbortSignal, keepalive?: boolean}} [options]
 * @returns {Promise<any>}
 */
export function call(method, path, body, options = {}) {
  const answer = ask(method, path, body, options);
  if (method !== "GET") {
    writing.add(answer);
    answer.finally(() => writing.delete(answer)).catch(() => {});
  }
  return answer;
}

/**
 * @param {string} method @param {string} path @param {any} body
 * @param {{signal?: AbortSignal, keepalive?: boolean}} options @returns {Promise<any>}
 */
async function ask(method, path, body, { signal, keepalive }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (document.body.dataset.user) headers["X-Sigap-User"] = document.body.dataset.user;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let answer, text;
  try {
    answer = await fetch(ROOT + path, {
      method,
      headers,
      cache: "no-store",
      keepalive,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await answer.text(); // the line may go in the middle of an answer, too
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ status: 0, code: "no_line", detail: words.no_line });
  }
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    // No answer of ours, whatever its status: something between us and the server spoke (a hotspot's page, a proxy's).
    if (answer.ok) throw new Problem({ status: 0, code: "no_line", detail: words.no_line });
  }
  if (answer.ok) return data;
  throw new Problem(data?.code ? data : { status: answer.status, code: "unreadable", detail: words.try_again });
}

/** @param {string} path @param {{signal?: AbortSignal}} [options] */
export const get = (path, options) => call("GET", path, undefined, options);
/** @param {string} path @param {any} [body] @param {{keepalive?: boolean}} [options] */
export const post = (path, body = {}, options) => call("POST", path, body, options);
/** @param {string} path @param {any} body */
export const put = (path, body) => call("PUT", path, body);
/** @param {string} path @param {any} body */
export const patch = (path, body) => call("PATCH", path, body);

/** A new thing's id, so that sending it twice makes it once. Works without HTTPS too. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The cookie's token, which a later sign-in of another tab renews, or the one that the page's forms carry. */
export function csrfToken() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"));
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? field?.value ?? "";
}
