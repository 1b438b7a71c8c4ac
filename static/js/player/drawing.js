import { mostActive } from "player/latents";
import { once } from "player/once";
import { noiseOf } from "player/plans";

const REACH = 8; // standard deviations, beyond which a point is drawn at the edge

/** The drawing of any seed and radius. */
const textAt = once((answer) => answer.text());

/**
 * The drawing of the circle with the draws of another seed or radius: the server's own, with its points moved. Rejects
 * where that does not arrive.
 * @param {string} address of the drawing of any seed and radius
 * @param {import("player/latents").Latents} car
 * @param {{ seed: number, radius: number }} draws
 * @returns {Promise<Blob>}
 */
export async function drawing(address, car, { seed, radius }) {
  const svg = new DOMParser().parseFromString(await textAt(address), "image/svg+xml");
  const pair = mostActive(car);
  const noise = noiseOf(seed, car.mean.length);
  svg.querySelector(".radius")?.setAttribute("r", String(radius));
  svg.querySelectorAll(".draw").forEach((draw, place) => {
    for (const [axis, name] of ["cx", "cy"].entries()) {
      draw.setAttribute(name, String(Math.min(REACH, Math.max(-REACH, radius * noise(place)[pair[axis]]))));
    }
  });
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}
