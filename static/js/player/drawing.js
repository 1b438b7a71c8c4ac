import { once } from "player/once";
import { noiseOf } from "player/noise";

/** The text of a drawing. */
const textAt = once((answer) => answer.text());

/**
 * The drawing of the circle at another price, or with the draws of another seed or radius: the server's own, with its
 * circle and points moved. Rejects where that does not arrive.
 * @param {string} address of any drawing of the car
 * @param {import("player/latents").Latents} car
 * @param {{ seed: number, radius: number }} draws
 * @returns {Promise<Blob>}
 */
export async function drawing(address, { mean, logvar, pair }, { seed, radius }) {
  const svg = new DOMParser().parseFromString(await textAt(address), "image/svg+xml");
  const [reach, allReach] = ["data-reach", "data-all-reach"].map((name) => Number(svg.documentElement.getAttribute(name)));
  const [x, y] = pair.map((number) => within(allReach, mean[number]));
  const deviations = pair.map((number) => Math.exp(logvar[number] / 2));
  const noise = noiseOf(seed, mean.length);
  set(svg.querySelectorAll(".own > g"), { transform: `translate(${x} ${y}) scale(${deviations.join(" ")})` });
  set(svg.querySelectorAll(".lens"), { x1: x, y1: y });
  set(svg.querySelectorAll(".mean"), { cx: x, cy: y });
  set(svg.querySelectorAll(".radius"), { r: radius });
  svg.querySelectorAll(".draw").forEach((draw, place) => {
    const [cx, cy] = pair.map((number) => within(reach, radius * noise(place)[number]));
    set([draw], { cx, cy });
  });
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/**
 * @param {Iterable<Element>} elements
 * @param {Record<string, string | number>} attributes
 */
function set(elements, attributes) {
  for (const element of elements) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  }
}

/** @param {number} reach @param {number} place */
function within(reach, place) {
  return Math.min(reach, Math.max(-reach, place));
}
