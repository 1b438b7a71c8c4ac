import { remember } from "address";
import { find, read } from "find";
import { newest } from "newest";
import { pad } from "pad";

const STEPS = { all: 0.25, circle: 0.5 }; // of an arrow key, in the same units

/**
 * Of the two numbers that the drawing shows, by the price of the code. `reach`: of the disc of all codes, in their units, and
 * of that of the circle, in standard deviations.
 * @typedef {Record<"means" | "deviations", number[]>} Circle
 * @typedef {{ numbers: number[], prices: Record<string, Circle>, reach: { all: number, circle: number } }} Posterior
 */

/**
 * Moves a point over the drawing of the circle, and shows the car that it is decoded to.
 * @param {HTMLElement} section
 */
export default function point(section) {
  const drawing = find(section, "[data-drawing]", HTMLImageElement);
  const begin = async () => follow(section, await (await fetch(read(section, "posterior"))).json());
  if (drawing.complete) begin();
  else drawing.addEventListener("load", begin, { once: true }); // in sight
}

/**
 * @param {HTMLElement} section
 * @param {Posterior} posterior
 */
function follow(section, { numbers, prices, reach }) {
  const price = find(document, "[form=state][name=price]", HTMLSelectElement);
  let { means, deviations } = prices[price.value];
  const [all, circle] = ["all", "circle"].map((name) => find(section, `[data-disc=${name}]`, HTMLElement));
  const depth = find(document, "[form=state][name=depth]", HTMLInputElement);
  const words = find(section, "[data-point-words]", HTMLElement);
  const show = newest([find(section, "[data-point]", HTMLImageElement)], find(section, "[data-status]", HTMLElement));
  const address = new URL(find(section, "[data-point]", HTMLImageElement).src);
  let offset = ["x", "y"].map((name) => Number(address.searchParams.get(name)));

  const showAmongAll = pad(all, (...place) => move(place.map((part, axis) => reach.all * part - means[axis])),
    (...step) => move(step.map((part, axis) => offset[axis] + STEPS.all * part)));
  const showInCircle = pad(circle, (...place) => move(place.map((part, axis) => reach.circle * part * deviations[axis])),
    (...step) => move(step.map((part, axis) => offset[axis] + STEPS.circle * part * deviations[axis])));

  /** @param {number[]} to the offset from the mean, of each of the two numbers */
  function move(to) {
    offset = to.map((part, axis) => Math.min(reach.all, Math.max(-reach.all, means[axis] + part)) - means[axis]);
    draw();
    ask();
  }

  function draw() {
    const sigmas = offset.map((part, axis) => part / deviations[axis]);
    const values = offset.map((part, axis) => means[axis] + part);
    showAmongAll(values[0] / reach.all, values[1] / reach.all);
    showInCircle(sigmas[0] / reach.circle, sigmas[1] / reach.circle);
    words.textContent = values.map((value, axis) => `Number ${numbers[axis]}: ${value.toFixed(2).replace("-", "−")} = μ ${signed(sigmas[axis])} σ. `).join("")
      + where(Math.hypot(...sigmas));
  }

  function ask() {
    const query = { x: offset[0].toFixed(3), y: offset[1].toFixed(3), depth: depth.value, price: price.value };
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    show(address.href);
  }

  for (const disc of [all, circle]) {
    disc.hidden = false;
    for (const end of ["pointerup", "keyup"]) {
      disc.addEventListener(end, () => remember({ x: offset[0].toFixed(3), y: offset[1].toFixed(3) }));
    }
  }
  depth.addEventListener("input", ask);
  price.addEventListener("change", () => {
    ({ means, deviations } = prices[price.value]);
    draw();
    ask();
  });
  draw();
  // The sliders may have moved before the drawing came in sight.
  if (address.searchParams.get("price") !== price.value || address.searchParams.get("depth") !== depth.value) ask();
}

/** @param {number} sigmas */
function signed(sigmas) {
  return `${sigmas < 0 ? "−" : "+"} ${Math.abs(sigmas).toFixed(1)}`;
}

/** @param {number} sigmas the distance from the mean */
function where(sigmas) {
  if (sigmas < 0.05) return "The point is the mean.";
  if (sigmas <= 1) return "Inside 1 σ.";
  if (sigmas <= 2) return "Inside 2 σ.";
  return `Outside: ${sigmas.toFixed(sigmas < 10 ? 1 : 0)} σ from the mean.`;
}
