import { find } from "find";

/**
 * Fades from the car to the map of its errors.
 * @param {HTMLElement} figure
 */
export default function heat(figure) {
  const range = find(figure, "input[type=range]", HTMLInputElement);
  const layers = find(figure, ".lost-layers", HTMLElement);

  const show = () => layers.style.setProperty("--heat", String(Number(range.value) / 100));

  range.addEventListener("input", show);
  show();
}
