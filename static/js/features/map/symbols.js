/** The map's symbols, drawn by ourselves from the tokens: priorities as shape and digit, units as arrows by status. */

const SIZE = 26;
const UNIT = 22;
const EMERGENCY = 44;
const LOOKS = ["free", "sent", "en-route", "on-scene", "moving", "off"];

/** The value of a token such as "--sea". @param {string} name */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Every image the map uses, by name.
 * @param {number} ratio device pixels
 * @returns {[string, ImageData][]}
 */
export function symbols(ratio) {
  /** @type {[string, ImageData][]} */
  const images = [1, 2, 3, 4, 5].map((priority) => [
    `incident-${priority}`,
    drawn(SIZE, ratio, (pen) => incident(pen, priority)),
  ]);
  for (const look of LOOKS) {
    const colour = token(`--status-${look}`);
    images.push([`unit-${look}`, drawn(UNIT, ratio, (pen) => dot(pen, colour))]);
    images.push([`unit-${look}-heading`, drawn(UNIT, ratio, (pen) => arrow(pen, colour))]);
  }
  images.push(["unit-emergency", drawn(EMERGENCY, ratio, emergency)]);
  images.push(["harbour", drawn(12, ratio, (pen) => mark(pen, "square"))]);
  images.push(["care", drawn(12, ratio, (pen) => mark(pen, "cross"))]);
  return images;
}

/**
 * @param {number} size
 * @param {number} ratio
 * @param {(pen: CanvasRenderingContext2D) => void} draw round the middle
 */
function drawn(size, ratio, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(size * ratio);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(ratio, ratio);
  pen.translate(size / 2, size / 2);
  pen.lineJoin = "round";
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** The same shapes as static/css/parts.css `.prio`. @param {CanvasRenderingContext2D} pen @param {number} priority */
function incident(pen, priority) {
  const colour = token(`--priority-${priority}`);
  const hollow = priority > 3;
  pen.beginPath();
  if (priority === 1)
    polygon(pen, [
      [0, -12],
      [12, 0],
      [0, 12],
      [-12, 0],
    ]);
  else if (priority === 2)
    polygon(pen, [
      [0, -12],
      [12, 9],
      [-12, 9],
    ]);
  else if (priority === 3) pen.roundRect(-9.5, -9.5, 19, 19, 4);
  else pen.arc(0, 0, 9.5, 0, 7);
  pen.strokeStyle = token("--sea");
  pen.lineWidth = 3;
  pen.stroke();
  pen.fillStyle = hollow ? token("--panel") : colour;
  pen.fill();
  if (hollow) {
    if (priority === 5) pen.setLineDash([3, 2]);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.stroke();
  }
  pen.fillStyle = hollow ? colour : token("--ink");
  pen.font = `700 12px ${token("--font")}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(priority), 0, priority === 2 ? 3 : 0.5);
}

/**
 * A unit whose crew is in an emergency: a filled red disc with a ring round it.
 * @param {CanvasRenderingContext2D} pen
 */
function emergency(pen) {
  pen.strokeStyle = token("--alert-line");
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(0, 0, 19, 0, 7);
  pen.stroke();
  pen.beginPath();
  pen.arc(0, 0, 12, 0, 7);
  pen.fillStyle = token("--alert");
  pen.fill();
  pen.strokeStyle = "#fff";
  pen.stroke();
  pen.fillStyle = "#fff";
  pen.font = `800 15px ${token("--font")}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText("!", 0, 0.5);
}

/**
 * A unit that has a heading: north is up, the map turns it.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 */
function arrow(pen, colour) {
  pen.beginPath();
  polygon(pen, [
    [0, -8.5],
    [6.5, 6.5],
    [0, 3],
    [-6.5, 6.5],
  ]);
  outlined(pen, colour);
}

/** A unit whose heading nobody knows. @param {CanvasRenderingContext2D} pen @param {string} colour */
function dot(pen, colour) {
  pen.beginPath();
  pen.arc(0, 0, 5.5, 0, 7);
  outlined(pen, colour);
}

/** @param {CanvasRenderingContext2D} pen @param {string} colour */
function outlined(pen, colour) {
  pen.strokeStyle = token("--sea");
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.fillStyle = colour;
  pen.fill();
}

/** A quiet mark of a place. @param {CanvasRenderingContext2D} pen @param {"square" | "cross"} shape */
function mark(pen, shape) {
  pen.fillStyle = token("--mute");
  if (shape === "square") pen.fillRect(-3, -3, 6, 6);
  else {
    pen.fillRect(-1.5, -4.5, 3, 9);
    pen.fillRect(-4.5, -1.5, 9, 3);
  }
}

/** @param {CanvasRenderingContext2D} pen @param {[number, number][]} corners */
function polygon(pen, corners) {
  for (const [index, [x, y]] of corners.entries()) {
    if (index) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.closePath();
}
