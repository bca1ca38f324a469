/** The quiet map beneath: land, coast and names from our own server, roads from our own tiles where there are some. */
import { token } from "./symbols.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("maplibre-gl").LayerSpecification} Layer */
/** @typedef {[number, number, number, number]} Box west, south, east, north */

const EMPTY = { type: /** @type {const} */ ("FeatureCollection"), features: [] };
const CLOSE = 0.7; // this share of the districts fills the first view; far islands are one key away

/**
 * The style of the whole map. Text is drawn with the page's own font: no glyphs are fetched.
 * @param {any} places GeoJSON of `GET places/map.json`
 * @param {string} tiles address of a PMTiles archive on our own host, or ""
 * @returns {Style}
 */
export function mapStyle(places, tiles) {
  const outlines = places.features.filter((/** @type {any} */ one) => one.properties.kind === "kecamatan").map(mended);
  const points = places.features.filter((/** @type {any} */ one) => one.geometry.type === "Point");
  const districts = outlines.map((/** @type {any} */ one) => point(one.properties, middle(one.geometry)));
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: { type: "FeatureCollection", features: outlines } },
      districts: { type: "geojson", data: { type: "FeatureCollection", features: districts } },
      places: { type: "geojson", data: { type: "FeatureCollection", features: points } },
      incidents: { type: "geojson", data: EMPTY, promoteId: "id" },
      units: { type: "geojson", data: EMPTY, promoteId: "id" },
      pointed: { type: "geojson", data: EMPTY },
      ...(tiles
        ? {
            tiles: { type: /** @type {const} */ ("vector"), url: `pmtiles://${tiles}`, attribution: "© OpenStreetMap" },
          }
        : {}),
    },
    layers: [...ground(Boolean(tiles)), ...moving()],
  };
}

/** @param {boolean} tiles @returns {Layer[]} */
function ground(tiles) {
  /** @type {Layer[]} */
  const streets = tiles
    ? [
        {
          id: "waters",
          type: "fill",
          source: "tiles",
          "source-layer": "water",
          filter: ["==", ["geometry-type"], "Polygon"],
          paint: { "fill-color": token("--sea") },
        },
        {
          id: "roads",
          type: "line",
          source: "tiles",
          "source-layer": "roads",
          paint: {
            "line-color": token("--road"),
            "line-width": [
              "interpolate",
              ["exponential", 1.5],
              ["zoom"],
              9,
              ["match", ["get", "kind"], ["highway", "major_road"], 0.8, 0.2],
              16,
              ["match", ["get", "kind"], ["highway", "major_road"], 7, 3],
            ],
          },
        },
        {
          id: "houses",
          type: "fill",
          source: "tiles",
          "source-layer": "buildings",
          minzoom: 14,
          paint: { "fill-color": token("--coast"), "fill-opacity": 0.5 },
        },
        {
          id: "road-names",
          type: "symbol",
          source: "tiles",
          "source-layer": "roads",
          minzoom: 13,
          layout: {
            "symbol-placement": "line",
            "text-field": ["get", "name"],
            "text-font": FONT,
            "text-size": 10.5,
          },
          paint: quiet(),
        },
      ]
    : [];
  return [
    { id: "sea", type: "background", paint: { "background-color": token("--sea") } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": token("--land") } },
    ...streets,
    {
      id: "coast",
      type: "line",
      source: "land",
      paint: { "line-color": token("--coast"), "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 1.6] },
    },
    {
      id: "district-names",
      type: "symbol",
      source: "districts",
      maxzoom: 13.5,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 9.5, 12, 12],
        "text-padding": 6,
      },
      paint: quiet(),
    },
    {
      id: "islands",
      type: "symbol",
      source: "places",
      minzoom: 10.5,
      filter: ["==", ["get", "kind"], "island"],
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 10,
      },
      paint: quiet(),
    },
    {
      id: "facilities",
      type: "symbol",
      source: "places",
      minzoom: 10.5,
      filter: ["in", ["get", "kind"], ["literal", ["harbour", "hospital", "puskesmas"]]],
      layout: {
        "icon-image": ["match", ["get", "kind"], "harbour", "harbour", "care"],
        "text-optional": true,
        "text-font": FONT,
        "text-size": 10,
        // A place that no authority has confirmed says so.
        "text-field": ["concat", ["get", "name"], ["case", ["get", "official"], "", " *"]],
        "text-anchor": "top",
        "text-offset": [0, 0.7],
      },
      paint: quiet(),
    },
  ];
}

/** @returns {Layer[]} */
function moving() {
  return [
    {
      id: "accuracy",
      type: "fill",
      source: "pointed",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": token("--accent"), "fill-opacity": 0.16, "fill-outline-color": token("--accent") },
    },
    {
      id: "pointed",
      type: "circle",
      source: "pointed",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 6,
        "circle-color": token("--accent"),
        "circle-stroke-color": token("--text"),
        "circle-stroke-width": 2,
      },
    },
    {
      id: "units",
      type: "symbol",
      source: "units",
      filter: ["!", ["to-boolean", ["get", "sos"]]],
      layout: {
        "icon-image": ["get", "icon"],
        "icon-rotate": ["get", "turn"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 8.5, ["get", "label"]],
        "text-font": FONT,
        "text-size": 10.5,
        "text-anchor": "left",
        "text-offset": [0.9, 0],
        "text-optional": true,
        "symbol-sort-key": ["get", "order"],
      },
      paint: {
        "icon-opacity": ["case", ["get", "stale"], 0.45, 1],
        "text-opacity": ["case", ["get", "stale"], 0.75, 1],
        "text-color": token("--soft"),
        "text-halo-color": token("--sea"),
        "text-halo-width": 1.5,
      },
    },
    {
      id: "highlight",
      type: "circle",
      source: "incidents",
      filter: ["==", ["get", "id"], ""],
      paint: {
        "circle-radius": 18,
        "circle-opacity": 0,
        "circle-color": token("--accent"),
        "circle-stroke-color": token("--focus"),
        "circle-stroke-width": 3,
      },
    },
    {
      id: "incidents",
      type: "symbol",
      source: "incidents",
      layout: {
        // Lower keys are drawn first: P1 lies on top of all others.
        "icon-image": ["get", "icon"],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": ["-", 0, ["get", "order"]],
      },
    },
    {
      id: "incident-numbers",
      type: "symbol",
      source: "incidents",
      layout: {
        // Lower keys are placed first: where there is no room for all numbers, P1 has its own.
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-anchor": "left",
        "text-offset": [1.2, 0],
        "symbol-sort-key": ["get", "order"],
      },
      paint: { "text-color": token("--text"), "text-halo-color": token("--sea"), "text-halo-width": 2 },
    },
    // A crew's emergency lies on top of all, at every zoom.
    {
      id: "emergencies",
      type: "symbol",
      source: "units",
      filter: ["to-boolean", ["get", "sos"]],
      layout: {
        "icon-image": ["get", "icon"],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "text-field": ["get", "label"],
        "text-font": FONT,
        // Names of several that stand close together move round their marks; where none fits, the mark alone is drawn.
        "text-size": 13,
        "text-variable-anchor": [
          "left",
          "right",
          "top-left",
          "bottom-left",
          "top-right",
          "bottom-right",
          "top",
          "bottom",
        ],
        "text-radial-offset": 1.8,
        "text-justify": "auto",
        "text-optional": true,
      },
      paint: { "text-color": token("--alert-ink"), "text-halo-color": token("--alert"), "text-halo-width": 4 },
    },
  ];
}

const FONT = ["Inter Variable"];

function quiet() {
  return { "text-color": token("--mute"), "text-halo-color": token("--land"), "text-halo-width": 1 };
}

/** @param {any} properties @param {[number, number]} coordinates */
function point(properties, coordinates) {
  return {
    type: /** @type {const} */ ("Feature"),
    properties,
    geometry: { type: /** @type {const} */ ("Point"), coordinates },
  };
}

const SLIVER = 2e-5; // square degrees: a gap between desa that no lake is as small as

/** An outline without the slivers that the union of its desa left inside. @param {any} outline */
function mended(outline) {
  const { type, coordinates } = outline.geometry;
  const whole = (/** @type {any[]} */ rings) =>
    rings.filter((ring, index) => !index || Math.abs(areaOf(ring)) > SLIVER);
  return {
    ...outline,
    geometry: { type, coordinates: type === "Polygon" ? whole(coordinates) : coordinates.map(whole) },
  };
}

/** @param {[number, number][]} ring */
function areaOf(ring) {
  let area = 0;
  for (let at = 0; at + 1 < ring.length; at++) area += ring[at][0] * ring[at + 1][1] - ring[at + 1][0] * ring[at][1];
  return area / 2;
}

/** The middle of an outline's largest part: where its name stands. @param {any} geometry @returns {[number, number]} */
function middle(geometry) {
  const rings =
    geometry.type === "Polygon"
      ? [geometry.coordinates[0]]
      : geometry.coordinates.map((/** @type {any} */ part) => part[0]);
  let best = { area: -1, at: /** @type {[number, number]} */ ([0, 0]) };
  for (const ring of rings) {
    let [area, x, y] = [0, 0, 0];
    for (let at = 0; at + 1 < ring.length; at++) {
      const cross = ring[at][0] * ring[at + 1][1] - ring[at + 1][0] * ring[at][1];
      area += cross;
      x += (ring[at][0] + ring[at + 1][0]) * cross;
      y += (ring[at][1] + ring[at + 1][1]) * cross;
    }
    if (Math.abs(area) > best.area)
      best = { area: Math.abs(area), at: area ? [x / (3 * area), y / (3 * area)] : ring[0] };
  }
  return best.at;
}

/**
 * The boxes of the first view (most districts, those near each other) and of everything.
 * @param {any} places
 * @returns {{near: Box, all: Box} | null} null where there is no outline
 */
export function extents(places) {
  const outlines = places.features.filter((/** @type {any} */ one) => one.properties.kind === "kecamatan");
  if (!outlines.length) return null;
  const boxes = outlines.map((/** @type {any} */ one) => ({ box: boxOf(one.geometry), at: middle(one.geometry) }));
  const centre = [0, 1].map(
    (axis) =>
      boxes
        .map((/** @type {any} */ one) => one.at[axis])
        .sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)[boxes.length >> 1],
  );
  const nearest = [...boxes].sort(
    (one, other) =>
      Math.hypot(one.at[0] - centre[0], one.at[1] - centre[1]) -
      Math.hypot(other.at[0] - centre[0], other.at[1] - centre[1]),
  );
  return {
    near: united(nearest.slice(0, Math.ceil(boxes.length * CLOSE)).map((one) => one.box)),
    all: united(boxes.map((/** @type {any} */ one) => one.box)),
  };
}

/** @param {any} geometry @returns {Box} */
function boxOf(geometry) {
  /** @type {Box} */
  const box = [180, 90, -180, -90];
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  for (const [x, y] of rings.flat()) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** @param {Box[]} boxes @returns {Box} */
function united(boxes) {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}
