import { zoomOf } from "wheel";

/**
 * Calls a function for each gesture of mouse and fingers on the stage, in its pixels. One finger slides the divider where
 * `grabs` says so of the place that it comes down at, else it pans; two fingers zoom. The wheel zooms once the stage has the focus.
 * @param {HTMLElement} stage
 * @param {{
 *   grabs: (x: number) => boolean,
 *   slide: (x: number) => void,
 *   pan: (right: number, down: number) => void,
 *   zoom: (factor: number, x: number, y: number) => boolean,
 * }} meanings `zoom` returns whether anything became larger or smaller
 */
export function gestures(stage, { grabs, slide, pan, zoom }) {
  /** @type {Map<number, { x: number, y: number }>} pointers that are down */
  const fingers = new Map();
  let slides = false;

  /** @param {MouseEvent} event */
  function place(event) {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Middle of the fingers, and how far they are apart. */
  function grip() {
    const [a, b = a] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    const at = place(event);
    if (!fingers.size) slides = grabs(at.x);
    fingers.set(event.pointerId, at);
    if (slides && fingers.size === 1) slide(at.x);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = grip();
    fingers.set(event.pointerId, place(event));
    const now = grip();
    if (fingers.size === 1 && slides) return void slide(now.x);
    if (before.apart && now.apart) zoom(now.apart / before.apart, now.x, now.y);
    pan(now.x - before.x, now.y - before.y);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !stage.matches(":focus-within, :fullscreen *")) return; // the page scrolls on
    const { x, y } = place(event);
    if (zoom(zoomOf(event), x, y) || event.ctrlKey) event.preventDefault();
  }, { passive: false });
}
