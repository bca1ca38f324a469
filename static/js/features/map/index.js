/**
 * The map: open incidents and units on our own outlines, live. The library (MapLibre GL) comes only when one is shown,
 * and after the first rows: making it holds the page up.
 *
 * Everything on it also stands in a list beside it: a map without WebGL, or for who hears the page, takes nothing away.
 */
import { html, render } from "lit-html";
import { get } from "../../core/api.js";
import { fill, names, words } from "../../core/words.js";
import { incidentLayer, pointed, unitLayer } from "./moving-features.js";

/**
 *
 * @typedef {{lat: number, lng: number, accuracy_metres?: number | null}} Point
 * @typedef {{kind: "incident", id: string} | {kind: "unit", callsign: string} | {kind: "point", lat: number, lng:
 *   number}} Pick
 * @typedef {{incidents?: (incident: Api.IncidentForm) => boolean, units?: (unit: Api.UnitForm) => boolean}} Show
 * @typedef {{showPoint: (point: Point | null) => void, focus: (lat: number, lng: number, zoom?: number) => void,
 *            middle: () => {lat: number, lng: number} | null, home: () => void,
 *            highlight: (incidentId: string | null) => void, redraw: () => void, remove: () => void}} MapPart
 */

const EVERY_MS = 1000; // what moves is drawn at most once a second
// After a drawing the map rests so many times what it took, yet no longer than LONGEST_MS. A drawing that is not done
// is not begun anew, unless it has taken GIVEN_UP_MS: the library may never call it done.
const REST = 4;
const LONGEST_MS = 10_000;
const GIVEN_UP_MS = 120_000;
// Without a graphics card the processor draws the map, for a second or more: never while somebody is at the keys.
const PROCESSORS = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const BY_PROCESSOR = { rest: 10, longest: 30_000, sharpness: 0.5, afterKeys: 5_000 };
const CLOSE_ZOOM = 13;
const FADE_MS = 60; // with none at all the library places every label in one go, which holds the page up
const REACH_PX = 8;
const SPARE_PX = 18;
const CHOSEN = { chosen: true }; // marks the moves that somebody asked for
const AIMED = { ...CHOSEN, aimed: true };

/** The outlines are the same for every map of a page. @type {Promise<any> | null} */
let outlines = null;

/**
 * Put a live map into an element.
 * @param {HTMLElement} element
 * @param {{screen: import("../../core/screen.js").Screen, onPick?: (pick: Pick) => void, show?: Show}} options onPick:
 *   an incident or unit was clicked, or a point of the map (by Enter: its middle). show: which of them are drawn; all
 *   by default.
 * @returns {MapPart}
 */
export function mountMap(element, { screen, onPick, show = {} }) {
  const { store } = screen;
  const incidents = incidentLayer(store, (incident) => show.incidents?.(incident) ?? true);
  const units = unitLayer(
    store,
    (unit) => show.units?.(unit) ?? true,
    () => screen.now(),
  );
  /**
   * What was asked of the map before it was there.
   * @type {{point: Point | null, focus: [number, number, number] | null, lit: string | null}}
   */
  const asked = { point: null, focus: null, lit: null };
  /** @type {import("maplibre-gl").Map | null} */
  let map = null;
  let boxes = /** @type {{near: any, all: any} | null} */ (null);
  let removed = false;
  let begun = false;
  let drawnAt = -Infinity;
  /** How long the last drawing took, milliseconds; infinite while it goes on. */
  let took = 0;
  const slow = byProcessor();
  const { rest, longest } = slow ? BY_PROCESSOR : { rest: REST, longest: LONGEST_MS };
  /** How long the map is left as it is after a drawing began, milliseconds. */
  const pause = () => (took === Infinity ? GIVEN_UP_MS : Math.min(longest, Math.max(EVERY_MS, took * rest)));

  let keyAt = -Infinity;
  const noteKey = () => {
    keyAt = performance.now();
  };
  if (slow) addEventListener("keydown", noteKey, { capture: true, passive: true });
  const busyAtKeys = () => slow && performance.now() - keyAt < BY_PROCESSOR.afterKeys;

  /** @param {string} name @returns {import("maplibre-gl").GeoJSONSource | undefined} */
  const source = (name) => map?.getSource(name);

  function redraw() {
    if (!map || store.seq === null) return;
    drawnAt = performance.now();
    const [places, fleet] = [incidents.difference(store.things.incidents.keys()), units.difference()];
    if (places) source("incidents")?.updateData(places);
    if (fleet) source("units")?.updateData(fleet);
    if (places || fleet) {
      took = Infinity;
      map.once("idle", () => {
        took = performance.now() - drawnAt;
      });
      if (slow) showAge();
    }
    const label = fill(words.map_label, { incidents: incidents.drawn.size, units: units.drawn.size });
    const canvas = map.getCanvas();
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  /** Show how old the positions are: a map that rests looks like one that is live. */
  function showAge() {
    const place = element.querySelector(".map-age");
    if (place) place.textContent = fill(words.map_slow, { at: screen.timeText(screen.now(), true) });
  }

  function settle() {
    source("pointed")?.setData(pointed(asked.point));
    map?.setFilter("highlight", ["==", ["get", "id"], asked.lit ?? ""]);
    if (asked.focus && map) aim(map, { center: [asked.focus[1], asked.focus[0]], zoom: asked.focus[2] });
    asked.focus = null;
  }

  async function load() {
    if (removed) return;
    if (busyAtKeys()) return void setTimeout(load, EVERY_MS);
    if (!hasWebGL()) {
      element.removeAttribute("aria-busy");
      return say(words.map_no_webgl);
    }
    say(words.map_loading);
    try {
      const made = await makeMap(element, onPick);
      if (removed) return made.map.remove();
      ({ map, boxes } = made);
      settle();
      redraw();
      element.removeAttribute("aria-busy");
    } catch (error) {
      if (removed) return;
      element.removeAttribute("aria-busy");
      render(
        html`<p class="map-words">${fill(words.map_failed, { why: error instanceof Error ? error.message : String(error) })}
        <button @click=${() => void load()}>${words.map_again}</button></p>`,
        element,
      );
    }
  }

  /** @param {string} text */
  function say(text) {
    render(html`<p class="map-words">${text}</p>`, element);
  }

  screen.onDraw(() => {
    if (!begun) {
      begun = true;
      requestAnimationFrame(() => setTimeout(load)); // the rows have been painted then
    } else if (!document.hidden && performance.now() - drawnAt >= pause() && !busyAtKeys()) redraw();
  });
  element.classList.add("map");
  element.setAttribute("aria-busy", "true");
  say(words.map_loading);

  return {
    showPoint(point) {
      asked.point = point;
      source("pointed")?.setData(pointed(point));
    },
    focus(lat, lng, zoom = CLOSE_ZOOM) {
      if (map) aim(map, { center: [lng, lat], zoom }, 300);
      else asked.focus = [lat, lng, zoom];
    },
    /** The view that it opens with: nothing of what was looked at before. */
    home() {
      asked.focus = null;
      if (map && boxes) stayWhole(map, boxes.near);
    },
    middle() {
      const middle = map?.getCenter();
      return middle ? { lat: middle.lat, lng: middle.lng } : null;
    },
    highlight(incidentId) {
      if (asked.lit === incidentId) return;
      asked.lit = incidentId;
      map?.setFilter("highlight", ["==", ["get", "id"], incidentId ?? ""]);
    },
    redraw,
    remove() {
      removed = true;
      removeEventListener("keydown", noteKey, { capture: true });
      map?.remove();
      map = null;
      render(html``, element);
    },
  };
}

function hasWebGL() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

/** Whether this browser draws WebGL by its processor: by the name of what draws. */
function byProcessor() {
  try {
    const gl = document.createElement("canvas").getContext("webgl2");
    if (!gl) return false;
    const unmasked = gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
    return PROCESSORS.test(String(gl.getParameter(unmasked ?? gl.RENDERER)));
  } catch {
    return false;
  }
}

/**
 * Fetch what a map needs, and make it; resolves when it stands.
 * @param {HTMLElement} element
 * @param {((pick: Pick) => void) | undefined} onPick
 * @returns {Promise<{map: import("maplibre-gl").Map, boxes: {near: any, all: any} | null}>}
 */
async function makeMap(element, onPick) {
  outlines ??= get("places/map.json").catch((error) => {
    outlines = null;
    throw error;
  });
  const [library, ground, drawing, places] = await Promise.all([
    import("maplibre-gl"),
    import("./basemap.js"),
    import("./symbols.js"),
    outlines,
    styled(),
    document.fonts.load("600 12px 'Inter Variable'"),
  ]);
  const tiles = names.map?.tiles ?? "";
  if (tiles) await bringTiles(library);
  library.setWorkerUrl(import.meta.resolve("maplibre-gl/maplibre-gl-worker.mjs"));
  library.setWorkerCount(1);
  const boxes = ground.extents(places);
  const holder = document.createElement("div");
  holder.className = "map-holder";
  const slow = byProcessor();
  const age = slow ? html`<p class="map-age num"></p>` : "";
  const show = (/** @type {unknown} */ keys) => render(html`${holder}${keys}${age}`, element);
  show("");
  const map = new library.Map({
    container: holder,
    style: ground.mapStyle(places, tiles && new URL(tiles, location.href).href),
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: FADE_MS,
    maxZoom: 18,
    ...(slow ? { pixelRatio: devicePixelRatio * BY_PROCESSOR.sharpness } : {}),
    attributionControl: tiles ? { compact: true } : false,
    locale: { "Map.Title": words.map },
    ...(boxes ? { bounds: boxes.near, fitBoundsOptions: { padding: SPARE_PX } } : { center: [0, 0], zoom: 1 }),
  });
  for (const [name, image] of drawing.symbols(devicePixelRatio))
    map.addImage(name, image, { pixelRatio: devicePixelRatio });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  await map.once("load");
  show(buttons(map, boxes));
  if (boxes) stayWhole(map, boxes.near);
  listen(map, onPick, element);
  return { map, boxes };
}

/**
 * A first view that nobody has moved fits its panel, however that is resized.
 * @param {import("maplibre-gl").Map} map
 * @param {any} box
 */
function stayWhole(map, box) {
  const fit = () => {
    map.fitBounds(box, { padding: SPARE_PX, duration: 0 });
  };
  // A resize starts a move too: only those of a hand, and ours that say so, end it.
  const moved = (/** @type {any} */ event) => {
    if (!event.originalEvent && !event.chosen) return;
    map.off("resize", fit);
    map.off("movestart", moved);
  };
  map.fire("movestart", CHOSEN); // an aim before this one is over
  map.on("resize", fit);
  map.on("movestart", moved);
  fit();
}

/**
 * Bring a place into the middle and keep it there until the map is moved: the panel often gets its new size only once
 * the map is on its way, and the library goes on to the middle of the old one.
 * @param {import("maplibre-gl").Map} map
 * @param {{center: [number, number], zoom: number}} at
 * @param {number} [duration] milliseconds
 */
function aim(map, at, duration = 0) {
  const again = () => {
    map.jumpTo(at, AIMED);
  };
  const moved = (/** @type {any} */ event) => {
    if (event.aimed || !(event.originalEvent || event.chosen)) return;
    map.off("resize", again);
    map.off("movestart", moved);
  };
  map.fire("movestart", CHOSEN); // an aim before this one is over
  map.on("resize", again);
  map.on("movestart", moved);
  map.easeTo({ ...at, duration }, AIMED);
}

/**
 * @param {import("maplibre-gl").Map} map
 * @param {{near: any, all: any} | null} boxes
 */
function buttons(map, boxes) {
  const fit = (/** @type {any} */ box) => map.fitBounds(box, { padding: SPARE_PX, duration: 300 }, CHOSEN);
  return html`<div class="map-keys" role="group" aria-label=${words.map_view}>
    <button @click=${() => map.zoomIn(undefined, CHOSEN)} aria-label=${words.map_in}>+</button>
    <button @click=${() => map.zoomOut(undefined, CHOSEN)} aria-label=${words.map_out}>−</button>
    ${boxes ? html`<button @click=${() => fit(boxes.near)}>${words.map_near}</button><button @click=${() => fit(boxes.all)}>${words.map_all}</button>` : ""}
  </div>`;
}

/**
 * Clicks and, on the focused map, Enter: what is there, else the point itself.
 * @param {import("maplibre-gl").Map} map
 * @param {((pick: Pick) => void) | undefined} onPick
 * @param {HTMLElement} element
 */
function listen(map, onPick, element) {
  if (!onPick) return;
  element.classList.add("pickable");
  const layers = ["emergencies", "incidents", "units"];
  /** @param {{x: number, y: number}} at @returns {Pick | null} */
  const hit = (at) => {
    const found = map.queryRenderedFeatures(
      [
        [at.x - REACH_PX, at.y - REACH_PX],
        [at.x + REACH_PX, at.y + REACH_PX],
      ],
      { layers },
    );
    const first =
      found.find((one) => one.layer.id === "emergencies") ??
      found.find((one) => one.layer.id === "incidents") ??
      found[0];
    if (!first) return null;
    return first.layer.id === "incidents"
      ? { kind: "incident", id: first.properties.id }
      : { kind: "unit", callsign: first.properties.id };
  };
  map.on("click", (event) =>
    onPick(hit(event.point) ?? { kind: "point", lat: event.lngLat.lat, lng: event.lngLat.lng }),
  );
  for (const layer of layers) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("over"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("over"));
  }
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const middle = map.getCenter();
    onPick(hit(map.project(middle)) ?? { kind: "point", lat: middle.lat, lng: middle.lng });
    event.preventDefault();
  });
}

/** The map's own style sheet, once a page. */
function styled() {
  const address = import.meta.resolve("map.css");
  if (document.querySelector(`link[href="${CSS.escape(address)}"]`)) return;
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    link.onload = link.onerror = () => resolve(undefined);
    document.head.append(link);
  });
}

/** Street tiles out of one file on our own host (MAP_PMTILES). @param {typeof import("maplibre-gl")} library */
async function bringTiles(library) {
  const { Protocol } = await import("pmtiles");
  library.addProtocol("pmtiles", new Protocol().tile);
}
