import { find, findAll, read } from "find";
import { pad } from "pad";

/**
 * Walks through the planes of two codes, and shows what is decoded at each place.
 * @param {HTMLElement} section
 */
export default function gap(section) {
  const way = find(section, "input[type=range]", HTMLInputElement);
  const planes = findAll(section, "[data-plane]", HTMLElement).map(walker);

  function walk() {
    const percent = `${way.value} %`;
    find(section, "output", HTMLElement).textContent = percent;
    way.ariaValueText = [percent, ...planes.map((go) => go(Number(way.value) / 100))].join(". ");
  }

  way.addEventListener("input", walk);
  walk();
}

/**
 * @param {HTMLElement} plane
 * @returns {(part: number) => string} goes this part of the way across, from left to right, and says where that is
 */
function walker(plane) {
  const [reach, side] = [Number(read(plane, "reach")), Number(read(plane, "side"))];
  const sheet = find(plane, "[data-sheet]", HTMLImageElement);
  const step = 2 / (side - 1);
  let [x, y] = [0, 0];
  const show = pad(find(plane, ".pad", HTMLElement), go, (right, up) => go(x + step * right, y + step * up));

  /** @param {number} right @param {number} up from -1 to 1, the edges of the plane */
  function go(right, up) {
    [x, y] = [right, up].map((part) => Math.min(1, Math.max(-1, part)));
    show(x, y);
    const [column, row] = [(x + 1) / step, (1 - y) / step].map(Math.round);
    sheet.style.left = `${-100 * column}%`;
    sheet.style.top = `${-100 * row}%`;
    const place = [x, y].map((part) => (reach * part).toFixed(1).replace("-", "−")).join(", ");
    const words = `${place}: ${around(Number(read(plane, "around")[row * side + column]))}`;
    find(plane, "[data-place]", HTMLElement).textContent = words;
    return words;
  }

  return (part) => go(2 * part - 1, 0);
}

/** @param {number} cars */
function around(cars) {
  if (cars === 0) return "an empty place, no car lies near";
  if (cars === 1) return "one car lies near";
  return `${cars === 9 ? "nine or more" : cars} cars lie near`;
}
