/** What moves on the map: incidents and units as features, and only the difference to what was drawn before. */
import { lookOf, staleFix } from "../../components/status-classes.js";
import { inEmergency } from "../../components/units.js";
import { words } from "../../core/words.js";

/** @typedef {import("../../core/store.js").Form} Form */
/** @typedef {import("../../core/store.js").Store} Store */
/** @typedef {import("maplibre-gl").GeoJSONSourceDiff} Diff */
/** @typedef {(form: Form) => boolean} Shown */

/** Features of one kind: remembers what they were made of, so that one that looks the same costs the map nothing. */
export class Layer {
  /** @param {(key: string) => {made: unknown[], feature: any} | null} make null: not on the map */
  constructor(make) {
    this.make = make;
    /** @type {Map<string, unknown[]>} */
    this.drawn = new Map();
  }

  /**
   * The difference since the last call; null for none.
   * @param {Iterable<string>} keys of everything that may be on the map now
   * @returns {Diff | null}
   */
  difference(keys) {
    /** @type {any[]} */
    const add = [];
    const gone = new Map(this.drawn);
    for (const key of keys) {
      const now = this.make(key);
      if (!now) continue;
      const before = gone.get(key);
      gone.delete(key);
      if (before?.every((part, index) => part === now.made[index])) continue;
      this.drawn.set(key, now.made);
      add.push(now.feature);
    }
    const remove = [...gone.keys()];
    for (const key of remove) this.drawn.delete(key);
    return add.length || remove.length ? { add, remove } : null;
  }
}

/** @param {Store} store @param {Shown} shown */
export function incidentLayer(store, shown) {
  return new Layer((id) => {
    const incident = store.things.incidents.get(id);
    const { lat, lng } = incident?.location ?? {};
    if (!incident || lat == null || lng == null || !shown(incident)) return null;
    return {
      made: [lat, lng, incident.priority, incident.number],
      feature: feature(lng, lat, {
        id,
        icon: `incident-${incident.priority}`,
        label: incident.number,
        order: incident.priority,
      }),
    };
  });
}

/** @param {Store} store @param {Shown} shown @param {() => number} clock the server's time */
export function unitLayer(store, shown, clock) {
  /** @type {Map<string, Api.UnitForm>} */
  let units = new Map();
  /** @type {Map<string, Api.UnitForm> | null} */
  let known = null;
  const layer = new Layer((callsign) => {
    const unit = units.get(callsign);
    const position = store.positions.get(callsign);
    const number = inEmergency.get(callsign);
    if (!unit || !position || (number === undefined && !shown(unit))) return null;
    const [, lat, lng, heading, , at] = position;
    const look = lookOf(unit.status);
    const stale = staleFix(unit.status, clock() - Date.parse(at));
    return {
      made: [lat, lng, heading, look, stale, number],
      feature: feature(
        lng,
        lat,
        number !== undefined
          ? {
              id: callsign,
              icon: "unit-emergency",
              turn: 0,
              label: [`${callsign} ${words.emergency_chip}`, number].filter(Boolean).join(" · "),
              stale: false,
              order: 0,
              sos: true,
            }
          : {
              id: callsign,
              icon: `unit-${look}${heading === null ? "" : "-heading"}`,
              turn: heading ?? 0,
              label: callsign,
              stale,
              order: look === "free" || look === "off" ? 2 : 1,
            },
      ),
    };
  });
  return {
    drawn: layer.drawn,
    difference() {
      // Positions name callsigns, units come by id: the index is made anew only when units changed.
      if (known !== store.things.units || units.size !== store.things.units.size || changed(store, units)) {
        units = new Map(store.all("units").map((unit) => [unit.callsign, unit]));
        known = store.things.units;
      }
      return layer.difference(units.keys());
    },
  };
}

/** @param {Store} store @param {Map<string, Api.UnitForm>} units */
function changed(store, units) {
  for (const unit of store.things.units.values()) if (units.get(unit.callsign) !== unit) return true;
  return false;
}

/** @param {number} lng @param {number} lat @param {any} properties */
function feature(lng, lat, properties) {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: [lng, lat] } };
}

const EARTH_METRES = 6371008.8;

/**
 * A point, with the circle of its accuracy where that is known.
 * @param {{lat: number, lng: number, accuracy_metres?: number | null} | null} at
 */
export function pointed(at) {
  /** @type {any[]} */
  const features = [];
  if (at) {
    features.push(feature(at.lng, at.lat, {}));
    if (at.accuracy_metres) {
      const reach = (at.accuracy_metres / EARTH_METRES) * (180 / Math.PI);
      const wide = reach / Math.cos((at.lat * Math.PI) / 180);
      const ring = Array.from({ length: 65 }, (_, step) => {
        const angle = (step / 64) * 2 * Math.PI;
        return [at.lng + wide * Math.cos(angle), at.lat + reach * Math.sin(angle)];
      });
      features.push({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } });
    }
  }
  return { type: /** @type {const} */ ("FeatureCollection"), features };
}
