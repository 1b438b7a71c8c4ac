import { zoomOf } from "wheel";

const SLIP = 5; // pixels that a finger may slide during a press
/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const ZOOMS = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, 0: 0 };

/**
 * Calls a function for each gesture of mouse, fingers and keys, in canvas pixels. `zoom` by 0 shows the whole map.
 * @param {HTMLCanvasElement} canvas
 * @param {{
 *   move: (right: number, down: number) => void,
 *   zoom: (factor: number, right?: number, down?: number) => void,
 *   hover: (right: number, down: number) => void,
 *   press: (right: number, down: number) => void,
 *   step: (right: number, down: number) => void,
 *   open: () => void,
 * }} meanings
 */
export function gestures(canvas, { move, zoom, hover, press, step, open }) {
  /** @type {Map<number, PointerEvent>} pointers that are down */
  const fingers = new Map();
  let slid = 0;

  /** Middle of the fingers, and how far they are apart. */
  function grip() {
    const [a, b = a] = [...fingers.values()];
    return { right: (a.offsetX + b.offsetX) / 2, down: (a.offsetY + b.offsetY) / 2, apart: Math.hypot(a.offsetX - b.offsetX, a.offsetY - b.offsetY) };
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!fingers.size) slid = 0;
    fingers.set(event.pointerId, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return hover(event.offsetX, event.offsetY);
    const before = grip();
    fingers.set(event.pointerId, event);
    const now = grip();
    slid += Math.hypot(now.right - before.right, now.down - before.down) + Math.abs(now.apart - before.apart);
    if (slid < SLIP) return undefined;
    move(now.right - before.right, now.down - before.down);
    if (before.apart && now.apart) zoom(now.apart / before.apart, now.right, now.down);
    return undefined;
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (end === "pointerup" && !fingers.size && event.button === 0 && slid < SLIP) press(event.offsetX, event.offsetY);
    });
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(zoomOf(event), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in KEYS) step(...KEYS[event.key]);
    else if (event.key in ZOOMS) zoom(ZOOMS[event.key]);
    else if (event.key === "Enter") open();
    else if (event.key === " ") press(canvas.clientWidth / 2, canvas.clientHeight / 2);
    else return;
    event.preventDefault();
  });
}
