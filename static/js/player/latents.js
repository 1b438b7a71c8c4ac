import { levelSizes } from "player/model";
import { once } from "player/once";

/**
 * What the encoder makes of a car at a price of 1, and where its photograph lies in the model's square.
 * @typedef {{ mean: Float32Array, logvar: Float32Array, frame: import("player/sheet").Frame, mirrored: boolean }} Latents
 */

export const latentsAt = once(async (answer) => {
  const view = new DataView(await answer.arrayBuffer());
  const numbers = Float32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
  const codes = numbers.subarray(5);
  /** @type {Latents} */
  return {
    mean: codes.subarray(0, codes.length / 2),
    logvar: codes.subarray(codes.length / 2),
    frame: [...numbers.subarray(0, 4)],
    mirrored: numbers[4] === 1,
  };
});

/**
 * The two numbers of the first level that have the largest KL divergence: those of the drawing.
 * @param {Latents} latents
 */
export function mostActive({ mean, logvar }) {
  const divergences = Array.from({ length: levelSizes()[0] }, (_, at) => Math.exp(logvar[at]) + mean[at] ** 2 - 1 - logvar[at]);
  return [...divergences.keys()].sort((a, b) => divergences[b] - divergences[a]).slice(0, 2);
}
