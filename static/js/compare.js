import { find } from "find";

/**
 * Moves the divider between photograph and reconstruction: the range by keyboard, the whole picture by pointer.
 * @param {HTMLElement} figure
 */
export default function compare(figure) {
  const range = find(figure, "input[type=range]", HTMLInputElement);

  const show = () => figure.style.setProperty("--split", `${range.value}%`);

  /** @param {PointerEvent} event */
  function follow(event) {
    const box = figure.getBoundingClientRect();
    range.value = String(Math.round((100 * (event.clientX - box.left)) / box.width));
    show();
  }

  range.addEventListener("input", show);
  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    figure.setPointerCapture(event.pointerId);
    follow(event);
  });
  figure.addEventListener("pointermove", (event) => {
    if (figure.hasPointerCapture(event.pointerId)) follow(event);
  });
  show(); // the browser may have kept the range's value over a reload
}
