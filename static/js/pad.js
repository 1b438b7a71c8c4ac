import { find } from "find";

/** @typedef {(x: number, y: number) => void} Move x to the right and y upwards */

/**
 * A field on which a point is placed with the pointer, or moved with the arrow keys from the button in it.
 * @param {HTMLElement} field
 * @param {Move} place the point to a place from -1 to 1, the edges of the field
 * @param {Move} step the point by -1, 0 or 1; with Shift by ten times as much
 * @returns {Move} shows the button at a place; beyond an edge, at the edge
 */
export function pad(field, place, step) {
  const handle = find(field, "button", HTMLButtonElement);
  const arrows = new Map([["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]]]);

  /** @param {PointerEvent} event */
  function follow({ clientX, clientY }) {
    const { left, top, width, height } = field.getBoundingClientRect();
    place(within((2 * (clientX - left)) / width - 1), within(1 - (2 * (clientY - top)) / height));
  }

  field.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault(); // no text is selected meanwhile
    field.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    follow(event);
  });
  field.addEventListener("pointermove", (event) => {
    if (field.hasPointerCapture(event.pointerId)) follow(event);
  });
  handle.addEventListener("keydown", (event) => {
    const [right, up] = arrows.get(event.key) ?? [];
    if (right === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the page stays where it is
    const times = event.shiftKey ? 10 : 1;
    step(times * right, times * up);
  });

  return (x, y) => {
    handle.style.left = `${50 + 50 * within(x)}%`;
    handle.style.top = `${50 - 50 * within(y)}%`;
  };
}

/** @param {number} part */
function within(part) {
  return Math.min(1, Math.max(-1, part));
}
