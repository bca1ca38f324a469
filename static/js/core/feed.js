/**
 * The live feed: a board, then what changes. One socket a browser, shared by its tabs; resumes by seq; says when stale.
 *
 * The tab that holds the Web Lock keeps the socket and passes each frame on with the seq before it (`after`), so that
 * another tab can tell a gap. Without Web Locks (they need HTTPS beyond loopback) each tab has a socket of its own.
 */

const STALE_MS = 3000;
const ALONE_MS = 8000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10000;
const BOARD_MS = 15000;
const LONGEST_BOARD_MS = 120_000;

/**
 * @typedef {"connecting" | "live" | "stale" | "refused"} Condition
 * @typedef {import("./store.js").Frame} Frame
 */

export class Feed {
  /**
   * @param {{store: import("./store.js").Store, name: string, boardAddress?: string, socketPath?: string,
   *          onSignedOut?: () => void}} options name: tells this user's session apart from others in the browser.
   */
  constructor({ store, name, boardAddress = "/api/v1/board", socketPath = "/ws/live", onSignedOut }) {
    this.store = store;
    this.name = `sigap-feed-${name}`;
    this.boardAddress = boardAddress;
    this.socketAddress = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${socketPath}`;
    this.onSignedOut = onSignedOut ?? startAnew;
    /** Milliseconds that the server's clock is ahead of ours. */
    this.offset = 0;
    /** When what is shown was last true: a frame that waits for its board doesn't count yet. */
    this.heardAt = 0;
    /** When the last frame came. */
    this.frameAt = 0;
    this.refused = false;
    this.leads = false;
    this.wait = FIRST_WAIT_MS;
    /** Frames that came while a board was fetched. @type {{after: number, frame: Frame}[] | null} */
    this.held = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.name) : null;
  }

  /** Begin; never throws, never ends but by sign-out. */
  async start() {
    if (this.channel) this.channel.onmessage = (message) => this.hear(message.data);
    await this.fetchBoard();
    if (this.channel && navigator.locks) {
      navigator.locks.request(this.name, () => this.lead());
      setInterval(() => this.mind(), 1000);
    } else {
      this.lead();
    }
  }

  /** How it stands with the data. @returns {Condition} */
  get condition() {
    if (this.refused) return "refused";
    if (!this.heardAt) return "connecting";
    return this.age > STALE_MS ? "stale" : "live";
  }

  /** Milliseconds since what is shown was last true. */
  get age() {
    return performance.now() - this.heardAt;
  }

  /** The server's time, milliseconds. */
  now() {
    return Date.now() + this.offset;
  }

  /** Hold the socket for as long as this tab lives. @returns {Promise<never>} */
  lead() {
    if (!this.leads) {
      this.leads = true;
      this.connect();
    }
    return new Promise(() => {});
  }

  /** A tab that has lost its leading one for long opens a socket of its own. */
  mind() {
    const heard = Math.max(this.heardAt, this.frameAt);
    if (!this.leads && !this.refused && heard && performance.now() - heard > ALONE_MS) this.lead();
  }

  connect() {
    const known = new URLSearchParams({ since: String(this.store.seq ?? "") });
    if (this.store.positionsAt) known.set("positions", this.store.positionsAt);
    const socket = new WebSocket(`${this.socketAddress}?${known}`);
    this.socket = socket;
    // A socket that opens and stays silent is as bad as none.
    let silence = setTimeout(() => socket.close(), ALONE_MS);
    socket.onmessage = (message) => {
      clearTimeout(silence);
      silence = setTimeout(() => socket.close(), ALONE_MS);
      this.receive(JSON.parse(message.data));
    };
    socket.onclose = (closed) => {
      clearTimeout(silence);
      if (closed.code === 4401 || closed.code === 4403) this.end(closed.code);
      else this.later(() => this.connect());
    };
  }

  /** @param {Frame} frame */
  receive(frame) {
    if (frame.type === "reset") {
      if (this.socket) this.socket.onclose = null;
      this.socket?.close();
      this.later(async () => {
        await this.fetchBoard();
        this.channel?.postMessage({ board: true });
        this.connect();
      });
      return;
    }
    this.wait = FIRST_WAIT_MS;
    const after = this.store.seq ?? 0;
    this.take(after, frame);
    this.channel?.postMessage({ after, frame });
  }

  /**
   * What another tab says: a frame, that everybody needs a new board, or that we are signed out.
   * @param {{after?: number, frame?: Frame, board?: boolean, ended?: number}} said
   */
  hear(said) {
    if (said.ended) this.end(said.ended, false);
    else if (this.leads) return;
    else if (said.board) this.fetchBoard();
    else if (said.frame) this.take(said.after ?? 0, said.frame);
  }

  /**
   * @param {number} after
   * @param {Frame} frame
   */
  take(after, frame) {
    this.frameAt = performance.now();
    if (!this.held) this.heardAt = this.frameAt;
    if (frame.at) this.setClock(Date.parse(frame.at));
    if (this.held) this.held.push({ after, frame });
    else if (after > (this.store.seq ?? -1))
      this.fetchBoard(); // a frame went past this tab
    else this.store.take(frame);
  }

  /** Fetch a board until one comes; frames that come meanwhile are applied after it. */
  async fetchBoard() {
    if (this.held) return;
    this.held = [];
    let patience = BOARD_MS;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        // Asked for as the page's head has: the first one is that. A slow line has longer each time.
        const answer = await fetch(this.boardAddress, { signal: AbortSignal.timeout(patience) });
        if (answer.status === 401) return this.end(4401);
        if (answer.status === 403) return this.end(4403);
        if (answer.ok) {
          const board = await answer.json();
          this.setClock(Date.parse(board.at));
          this.store.board(board);
          break;
        }
      } catch {
        // No network or no server: the age of what is shown says so, and we try again.
        patience = Math.min(patience * 2, LONGEST_BOARD_MS);
      }
      await new Promise((resolve) => setTimeout(resolve, jittered(wait)));
    }
    const held = this.held;
    this.held = null;
    // A board that was read after these frames' batches begins behind them: what remains follows without a gap.
    for (const { frame } of held) this.store.take(frame);
    if (held.length) this.heardAt = this.frameAt;
  }

  /**
   * Signed out (4401) or not allowed (4403): say so in every tab and try no more.
   * @param {number} code
   */
  end(code, tell = true) {
    this.refused = true;
    if (tell) this.channel?.postMessage({ ended: code });
    if (code === 4401) this.onSignedOut();
  }

  /**
   * The offset that suffered the least delay is the truest; a clock that was set is believed at once.
   * @param {number} at
   */
  setClock(at) {
    const offset = at - Date.now();
    this.offset =
      offset > this.offset || this.offset - offset > 2000 ? offset : this.offset - (this.offset - offset) / 64;
  }

  /** @param {() => void} act */
  later(act) {
    setTimeout(act, jittered(this.wait));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}

/** @param {number} milliseconds */
function jittered(milliseconds) {
  return milliseconds * (0.5 + Math.random());
}

/** Load the page anew: it asks to sign in, or opens with what this person may see now. Not twice in ten seconds. */
function startAnew() {
  const key = "sigap-started-anew";
  if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < 10000) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
}
