/**
 * Fades from the car to the map of its errors.
 * @param {HTMLElement} figure
 */
export default function heat(figure) {
  const range = figure.querySelector("input[type=range]");
  const layers = figure.querySelector(".lost-layers");

  const show = () => layers.style.setProperty("--heat", String(range.value / 100));

  range.addEventListener("input", show);
  show();
}
