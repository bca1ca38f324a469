/** What the form of a call holds before it is sent: the body of a draft. Plain data, so that another desk can go on. */
import { newId } from "../../core/api.js";

/**
 * @typedef {{id: string, kind: string, name: string, label: string, lat: number, lng: number, score?: number}} Spot
 * @typedef {{text: string, said: string, spot: Spot | null, verified: boolean}} Where text: what the field shows;
 *   said: the caller's own words where they are other ones; spot: the point they mean
 * @typedef {{id: string, text: string, at: string}} Line
 * @typedef {{text: string, lat: number | null, lng: number | null, verified: boolean, type: string | null,
 *            priority: number | null, version: number}} Sent the incident as last sent or seen
 * @typedef {{said: string[], by: string | null, desk: string | null}} Theirs what another desk typed and this one has
 *   not
 * @typedef {{incident: string, place: Where, type: string | null, typeText: string, priority: number | null, reason:
 *            string, words: string, lines: Line[], caller: {name: string | null, callback: string | null}, card:
 *            boolean, silentAt: string | null, sent: Sent | null, theirs: Theirs | null, filed?: string | null}} Body
 *   filed: the disposition that was chosen here after the last change; what is typed then needs no sending
 */

const LONGEST_PLACE = 500; // characters, as the API takes them

/** @returns {Body} */
export function blankBody() {
  return {
    incident: newId(),
    place: { text: "", said: "", spot: null, verified: false },
    type: null,
    typeText: "",
    priority: null,
    reason: "",
    words: "",
    lines: [],
    caller: { name: null, callback: null },
    card: false,
    silentAt: null,
    sent: null,
    theirs: null,
    filed: null,
  };
}

/** Whether somebody has put anything into it. @param {Body} body */
export function isBlank(body) {
  const { place, type, typeText, words, lines, caller, card, silentAt, sent, priority } = body;
  return !(
    place.text ||
    place.spot ||
    type ||
    typeText ||
    words ||
    lines.length ||
    caller.name ||
    caller.callback ||
    card ||
    silentAt ||
    sent ||
    priority
  );
}

/** The place in words as it is sent: where it is, and beside it what the caller said. @param {Where} place */
export function placeWords(place) {
  const quoted = place.said && place.spot ? ` · “${place.said}”` : "";
  return `${place.text.trim()}${quoted}`.slice(0, LONGEST_PLACE);
}

/** Words that only say what kind of place is meant. */
const KINDS = new Set(["kec", "desa", "dsn", "dusun", "jln", "jalan", "kab", "kecamatan", "pulau", "kota"]);

/** @param {string} text */
const pieces = (text) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece.length > 2 && !KINDS.has(piece));
/** What stays of a word that is written in haste: "psr" of "pasar". @param {string} piece */
const bones = (piece) => piece[0] + piece.slice(1).replace(/[aeiou]/g, "");

/**
 * Whether what was typed is the name, spelt in another way, and says no more.
 * @param {string} typed
 * @param {string} label
 */
function isSpelling(typed, label) {
  const names = pieces(label);
  return pieces(typed).every((piece) =>
    names.some((name) => name.startsWith(piece.slice(0, 3)) || bones(name) === bones(piece)),
  );
}

/**
 * A place that was picked: the words that were typed stay beside it where they say more than its name does.
 * @param {Where} before
 * @param {Spot} spot
 * @returns {Where}
 */
export function pickedPlace(before, spot) {
  const typed = before.spot ? before.said : before.text.trim();
  const isPoint = ["coordinates", "plus_code"].includes(spot.kind);
  const same = isPoint
    ? /:\/\//.test(typed) || !pieces(typed).some((piece) => /^\p{L}{4}/u.test(piece))
    : isSpelling(typed, spot.label);
  return { text: spot.label, said: typed && !same ? typed : "", spot, verified: false };
}

/** What differs from what the incident has, as its PATCH takes it; null where nothing does. @param {Body} body */
export function changesOf(body) {
  const { sent, place } = body;
  if (!sent) return null;
  /** @type {Record<string, any>} */
  const changes = {};
  if (body.type && body.type !== sent.type) changes.type = body.type;
  if (body.priority && body.priority !== sent.priority) {
    changes.priority = body.priority;
    if (body.reason) changes.priority_reason = body.reason;
  }
  const text = placeWords(place);
  const [lat, lng] = [place.spot?.lat ?? null, place.spot?.lng ?? null];
  /** @type {Record<string, any>} */
  const location = {};
  if (text && text !== sent.text) location.text = text;
  if (lat !== sent.lat || lng !== sent.lng) Object.assign(location, { lat, lng });
  if (place.verified !== sent.verified) location.verified = place.verified;
  if (Object.keys(location).length) changes.location = location;
  return Object.keys(changes).length ? changes : null;
}

/** A new incident as the API takes it. @param {Body} body @param {string} call */
export function incidentOf(body, call) {
  const { place } = body;
  const narrative = body.lines.map((line) => line.text).join("\n");
  return {
    id: body.incident,
    ...(body.type ? { type: body.type } : {}),
    ...(body.priority ? { priority: body.priority } : {}),
    ...(body.priority && body.reason ? { priority_reason: body.reason } : {}),
    location: {
      text: placeWords(place),
      lat: place.spot?.lat ?? null,
      lng: place.spot?.lng ?? null,
      verified: place.verified,
    },
    ...(narrative ? { narrative: narrative.slice(0, 10000) } : {}),
    call,
  };
}

/**
 * The incident as it stands, in the words of `Sent`. A restricted one travels with its group's letter: the type stays.
 * @param {Api.IncidentForm} form
 * @param {string | null} type
 * @returns {Sent}
 */
function sentOf(form, type) {
  const { text, lat, lng, verified } = form.location;
  return {
    text,
    lat,
    lng,
    verified,
    type: form.restricted ? type : form.type,
    priority: form.priority,
    version: form.version,
  };
}

/**
 * Take in what the incident has become: fields that nobody is changing here follow it, the others keep what was typed
 * and the version they started from, so that the server sees who collides.
 * @param {Body} body
 * @param {Api.IncidentForm} form
 */
export function adopt(body, form) {
  const fresh = sentOf(form, body.type);
  const first = body.sent === null;
  const sent = body.sent ?? fresh;
  const dirty = first ? {} : (changesOf(body) ?? {});
  body.incident = form.id;
  if (!("type" in dirty)) body.type = fresh.type;
  if (!("priority" in dirty)) body.priority = null;
  const moved = first
    ? placeWords(body.place) !== fresh.text || (body.place.spot?.lat ?? null) !== fresh.lat
    : fresh.text !== sent.text || fresh.lat !== sent.lat || fresh.lng !== sent.lng;
  if (!("location" in dirty)) {
    if (moved) {
      const { text, lat, lng } = fresh;
      const spot =
        lat === null || lng === null ? null : { id: "incident", kind: "incident", name: text, label: text, lat, lng };
      body.place = { text, said: "", spot, verified: fresh.verified };
    } else body.place.verified = fresh.verified;
  }
  const kept = Object.keys(dirty).length > 0;
  const place = "location" in dirty ? sent : fresh;
  body.sent = {
    text: place.text,
    lat: place.lat,
    lng: place.lng,
    verified: place.verified,
    type: "type" in dirty ? sent.type : fresh.type,
    priority: "priority" in dirty ? sent.priority : fresh.priority,
    version: kept ? sent.version : fresh.version,
  };
}
