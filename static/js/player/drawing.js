import { mostActive } from "player/latents";
import { FIRST_LEVEL, noiseOf } from "player/plans";

const REACH = 8; // standard deviations, beyond which a point is drawn at the edge

/** @type {Map<string, Promise<string>>} */
const asked = new Map();

/**
 * The drawing of the circle with the draws of another seed or radius: the server's own, with its points moved. Rejects
 * where that does not arrive.
 * @param {string} address of the drawing of any seed and radius
 * @param {import("player/latents").Latents} car
 * @param {{ seed: number, radius: number }} draws
 * @returns {Promise<Blob>}
 */
export async function drawing(address, car, { seed, radius }) {
  const text = asked.get(address) ?? download(address);
  asked.set(address, text);
  text.catch(() => asked.delete(address));
  const svg = new DOMParser().parseFromString(await text, "image/svg+xml");
  const pair = mostActive(car, FIRST_LEVEL);
  const noise = noiseOf(seed, car.mean.length);
  svg.querySelector(".radius")?.setAttribute("r", String(radius));
  svg.querySelectorAll(".draw").forEach((draw, place) => {
    for (const [axis, name] of ["cx", "cy"].entries()) {
      draw.setAttribute(name, String(Math.min(REACH, Math.max(-REACH, radius * noise(place)[pair[axis]]))));
    }
  });
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/** @param {string} address */
async function download(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.text();
}
