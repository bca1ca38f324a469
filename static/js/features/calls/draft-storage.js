/**
 * Keeps a form while it is typed: in the browser at once, on the server a moment later, the newer of both on opening.
 *
 * A dead network, a reload or a crash costs nothing: what is in the browser stays until the server has it.
 */
import { get, Problem, put } from "../../core/api.js";
import { DRAFTS } from "../../core/clear-other-users.js";
import { numberText } from "../../core/phone-numbers.js";
import { readPlain, readPrivate, writePrivate } from "../../core/private-storage.js";

const LOCAL_MS = 300;
const SERVER_MS = 1200;
const LONGEST_MS = 2000;
const AGAIN_MS = 4000;
const KEPT_MS = 7 * 86_400_000; // as long as the server keeps one

/**
 * @typedef {import("./draft.js").Body} Body
 * @typedef {{body: Body, at: number, version: number, through: boolean, title?: string}} Kept at: milliseconds of the
 *   server's time; through: the server has had all of it; title: the caller's number, for the list of parked forms
 */

const PREFIX = DRAFTS;
/** @param {string} id */
const nameOf = (id) => `${PREFIX}${document.body.dataset.user ?? ""}-${id}`;

/** Forget what nobody has touched for a week, whoever it is of: a browser's store is small, and the server has it. */
export function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const { at, sealed } = readPlain(name);
    if (!sealed || !(Date.now() - at < KEPT_MS)) localStorage.removeItem(name);
  }
}

/**
 * Keep a form. Whoever uses the browser next must see how old it is, and whether the server has it: no more.
 * @param {string} id @param {Kept} kept
 */
function keep(id, { body, at, version, through, title }) {
  writePrivate(nameOf(id), { body, version, title }, { at, through });
}

/** What this browser keeps of a form. @param {string} id @returns {Kept | null} */
export function keptHere(id) {
  const kept = readPrivate(nameOf(id));
  return kept && { ...readPlain(nameOf(id)), ...kept };
}

/**
 * All that this browser keeps of the reader's forms.
 * @returns {{id: string, title: string, at: number, body: Body}[]}
 */
export function keptForms() {
  const own = nameOf("");
  return Object.keys(localStorage)
    .filter((name) => name.startsWith(own))
    .flatMap((name) => {
      const id = name.slice(own.length);
      const kept = keptHere(id);
      return kept?.body?.place ? [{ id, title: kept.title ?? "", at: kept.at, body: kept.body }] : [];
    });
}

/** The forms dropped on this page: a list that was read before must not bring them back. @type {Set<string>} */
const dropped = new Set();

/** Take over from the server what the reader has typed at any desk and this browser does not keep. */
export async function restoreDrafts() {
  const { items } = await get("drafts");
  for (const { id, body, version, changed_at, number } of items) {
    if (!body?.place || keptHere(id) || dropped.has(id)) continue;
    const title = number ? numberText(number) : "";
    keep(id, { body, at: Date.parse(changed_at), version, through: true, title });
  }
}

export class DraftKeeper {
  /**
   * @param {{id: string, now: () => number, body: () => Body, title?: () => string, onOther: (draft: any) => void}}
   *   options title: names the form in a list; onOther: another desk has written to the same draft
   */
  constructor({ id, now, body, title = () => "", onOther }) {
    this.id = id;
    this.now = now;
    this.body = body;
    this.title = title;
    this.onOther = onOther;
    this.version = 0;
    /** When the server last had all of it, milliseconds of its time. @type {number | null} */
    this.keptAt = null;
    /** @type {"" | "offline" | "refused"} */
    this.trouble = "";
    this.dirty = false;
    this.over = false;
    this.dropped = false;
    this.closed = false;
    this.firstAt = 0;
    this.busy = false;
    /** The sending that is under way, or was last. @type {Promise<void>} */
    this.sending = Promise.resolve();
    this.local = 0;
    this.server = 0;
    this.flush = () => this.keepHere();
    addEventListener("pagehide", this.flush);
    forgetOld();
  }

  /** The server's copy; null where it can't be asked. */
  async read() {
    try {
      const draft = await get(`drafts/${this.id}`);
      this.version = draft.version;
      if (draft.body) this.keptAt = Date.parse(draft.changed_at);
      return draft;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Something was typed. */
  touch() {
    if (this.over || this.closed) return;
    this.dropped = false;
    const now = performance.now();
    if (!this.dirty) this.firstAt = now;
    this.dirty = true;
    if (!this.local) this.local = window.setTimeout(this.flush, LOCAL_MS);
    clearTimeout(this.server);
    this.server = window.setTimeout(
      () => this.send(),
      Math.max(0, Math.min(SERVER_MS, this.firstAt + LONGEST_MS - now)),
    );
  }

  keepHere() {
    clearTimeout(this.local);
    this.local = 0;
    if (!this.over && !this.closed && !this.dropped && (this.dirty || this.busy)) this.write(this.body(), false);
  }

  /** @param {Body} body @param {boolean} through */
  write(body, through) {
    try {
      keep(this.id, { body, at: this.now(), version: this.version, through, title: this.title() });
    } catch (error) {
      reportError(error); // a full store: the server's copy remains
    }
  }

  /** Send it, if there is something new and nothing under way. @param {Body} [last] what a closed form held */
  async send(last) {
    if (this.over || this.busy || !this.dirty) return;
    this.busy = true;
    this.dirty = false;
    // by the time of the answer another form may be open
    this.sending = this.deliver(last ?? structuredClone(this.body()));
    await this.sending;
  }

  /** @param {Body} body */
  async deliver(body) {
    let again = SERVER_MS;
    try {
      const draft = await put(`drafts/${this.id}`, { body, version: this.version });
      this.version = draft.version;
      this.keptAt = this.now();
      this.trouble = "";
      if (!this.dirty && !this.over && !this.dropped) this.write(body, true);
    } catch (error) {
      this.dirty = true;
      const problem = this.fail(error);
      if (problem.code === "version_conflict") {
        this.version = problem.members.draft?.version ?? 0;
        if (problem.members.draft) this.onOther(problem.members.draft);
      } else again = problem.passing || problem.status === 401 ? AGAIN_MS : 0;
    } finally {
      this.busy = false;
    }
    if (this.dirty && again && !this.over && !this.closed) this.server = window.setTimeout(() => this.send(), again);
  }

  /** @param {unknown} error */
  fail(error) {
    if (!(error instanceof Problem)) throw error;
    this.trouble = error.passing ? "offline" : "refused";
    return error;
  }

  /** The form is closed; what it holds stays kept. */
  stop() {
    this.keepHere();
    // the form that is open then is another call's; this one's are put together when it is opened
    this.onOther = () => {};
    const title = this.title();
    this.title = () => title;
    this.closed = true;
    clearTimeout(this.server);
    removeEventListener("pagehide", this.flush);
    const last = structuredClone(this.body());
    this.sending.then(() => this.send(last)).finally(() => (this.over = true));
  }

  /** All of it is sent and the call is over: nothing is kept any more, until something is typed again. */
  drop() {
    if (this.over || this.dropped) return;
    this.dropped = true;
    dropped.add(this.id);
    this.dirty = false;
    clearTimeout(this.local);
    clearTimeout(this.server);
    this.local = 0;
    localStorage.removeItem(nameOf(this.id));
    this.sending = this.sending.then(() => this.forget());
  }

  /** Throw the server's copy away. */
  async forget() {
    if (!this.version || !this.dropped) return;
    this.busy = true;
    try {
      const draft = await put(`drafts/${this.id}`, { body: null, version: this.version });
      this.version = draft.version;
      this.keptAt = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // a week later the server forgets it by itself
    } finally {
      this.busy = false;
    }
    if (this.dirty && !this.closed) this.server = window.setTimeout(() => this.send(), SERVER_MS);
  }
}
