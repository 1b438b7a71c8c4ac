import { readArrays, row } from "coding/npz";
import { ofHalf } from "player/half";
import { levelSizes } from "player/model";
import { once } from "player/once";

/**
 * What the encoder makes of a car at a price, and where its photograph lies in the model's square. `pair`: the two numbers
 * of the first level that have the largest KL divergence at a price of 1, which are those of the drawing.
 * @typedef {{ mean: Float32Array, logvar: Float32Array, price: number }} Posterior
 * @typedef {Posterior & { frame: import("player/sheet").Frame, mirrored: boolean, pair: number[] }} Latents
 */

/** The latents at a price of 1. */
export const latentsAt = once(async (answer) => {
  const view = new DataView(await answer.arrayBuffer());
  const numbers = Float32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
  const codes = numbers.subarray(5);
  const mean = codes.subarray(0, codes.length / 2), logvar = codes.subarray(codes.length / 2);
  /** @type {Latents} */
  return { mean, logvar, price: 1, frame: [...numbers.subarray(0, 4)], mirrored: numbers[4] === 1, pair: mostActive(mean, logvar) };
});

/** The posterior at each price that there are tables for. */
export const posteriorsAt = once(async (answer) => {
  const arrays = await readArrays(await answer.arrayBuffer());
  const prices = Array.from(arrays.get("prices")?.values ?? [], Number);

  return (/** @type {number} */ price) => {
    const number = prices.indexOf(price);
    if (number < 0) throw new RangeError(`there is no posterior at a price of ${price}`);
    const [mean, logvar] = ["mean", "logvar"].map((name) => Float32Array.from(row(arrays, name, number, Uint16Array), ofHalf));
    return { mean, logvar, price };
  };
});

/**
 * @param {Float32Array} mean
 * @param {Float32Array} logvar
 */
function mostActive(mean, logvar) {
  const divergences = Array.from({ length: levelSizes()[0] }, (_, at) => Math.exp(logvar[at]) + mean[at] ** 2 - 1 - logvar[at]);
  return [...divergences.keys()].sort((a, b) => divergences[b] - divergences[a]).slice(0, 2);
}
