/** Where the phone is, sent while the page is open (docs/rules/unit-states.md#positions). */
import { Problem, post } from "../../core/api.js";
import { table } from "./page-data.js";

const EARTH_METRES = 6_371_000;
const MOST_KEPT = 500;

/**
 * Metres between two points in a straight line.
 * @param {{lat: number, lng: number}} one
 * @param {{lat: number, lng: number}} other
 */
export function metresBetween(one, other) {
  const rad = Math.PI / 180;
  const [lat, lng] = [(other.lat - one.lat) * rad, (other.lng - one.lng) * rad];
  const half = Math.sin(lat / 2) ** 2 + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * Math.sin(lng / 2) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(half));
}

/**
 * @typedef {{unit: string, lat: number, lng: number, at: string, speed: number | null, heading: number | null,
 *   accuracy: number}} Fix
 */

export class Positions {
  /**
   * @param {import("../../core/screen.js").Screen} screen
   * @param {string} callsign
   * @param {() => string} status the unit's, now
   */
  constructor(screen, callsign, status) {
    this.screen = screen;
    this.callsign = callsign;
    this.status = status;
    /** @type {"none" | "ask" | "off" | "waiting" | "on"} */
    this.state = "geolocation" in navigator && isSecureContext ? "ask" : "none";
    /** The newest one, sent or not. @type {Fix | null} */
    this.here = null;
    /** @type {Fix | null} */
    this.sent = null;
    this.sentAt = 0;
    /** Those that found no line: a moving unit's track has no hole then. @type {Fix[]} */
    this.waiting = [];
    this.busy = false;
    /** @type {number | null} */
    this.watching = null;
  }

  /** Begin by itself where the phone has been asked before; else a tap asks. */
  async start() {
    if (this.state === "none") return;
    const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (allowed?.state === "granted") this.watch();
    else if (allowed?.state === "denied") this.state = "off";
    allowed?.addEventListener("change", () => allowed.state === "granted" && this.watch());
    this.screen.draw();
  }

  /** Ask the phone, and send from now on. */
  watch() {
    if (this.state === "waiting" || this.state === "on") return;
    this.state = "waiting";
    if (this.watching !== null)
      navigator.geolocation.clearWatch(this.watching); // of before it was forbidden
    else setInterval(() => this.mind(), 1000);
    this.watching = navigator.geolocation.watchPosition(
      (position) => this.found(position),
      (error) => {
        if (error.code === error.PERMISSION_DENIED) this.state = "off";
        this.screen.draw();
      },
      { enableHighAccuracy: true, maximumAge: 5000 },
    );
    this.screen.draw();
  }

  /** @param {GeolocationPosition} position */
  found({ coords, timestamp }) {
    this.state = "on";
    this.here = {
      unit: this.callsign,
      lat: coords.latitude,
      lng: coords.longitude,
      at: new Date(timestamp + this.screen.feed.offset).toISOString(),
      speed: coords.speed,
      heading: coords.heading === null || Number.isNaN(coords.heading) ? null : coords.heading,
      accuracy: coords.accuracy,
    };
    this.mind();
  }

  /** Send it when it is time: a stand still only so often that it doesn't turn stale. */
  mind() {
    if (!this.here || this.busy) return;
    const pace = (table.position_seconds[this.status()] ?? table.position_seconds.else) * 1000;
    const waited = performance.now() - this.sentAt;
    if (this.sent && waited < pace) return;
    const moved = this.sent ? metresBetween(this.sent, this.here) : Infinity;
    if (moved < table.least_move_metres && waited < 2 * pace) return;
    // A receiver that says nothing new is still where it was: the fix is of now.
    if (moved < table.least_move_metres) this.here = { ...this.here, at: this.screen.stamp() };
    this.send(this.here);
  }

  /** @param {Fix} fix */
  async send(fix) {
    this.busy = true;
    this.sent = fix;
    this.sentAt = performance.now();
    const fixes = [...this.waiting, fix].slice(-MOST_KEPT);
    try {
      await post("units/positions", fixes);
      this.waiting = [];
    } catch (error) {
      // Without a line they go along with the next one; refused ones would have that refused as well.
      const refused = error instanceof Problem && !error.passing && error.status !== 401;
      this.waiting = refused ? [] : fixes;
    } finally {
      this.busy = false;
    }
  }
}
