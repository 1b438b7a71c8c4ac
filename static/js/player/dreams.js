import { readArrays, row } from "coding/npz";
import { ofHalf } from "player/half";
import { model } from "player/model";
import { once } from "player/once";

/**
 * The dreams of a roll: the upper levels at a temperature of 0 and what one degree adds to them, and the lower levels,
 * which stay as they are.
 */
export const dreamsAt = once(async (answer) => {
  const arrays = await readArrays(await answer.arrayBuffer());

  const count = arrays.get("lower")?.shape[0] ?? 0;
  const columns = Number(arrays.get("columns")?.values[0]);

  /** @param {number} temperature */
  const at = (temperature) => (/** @type {number} */ place) => {
    const warmth = row(arrays, "warmth", place, Float32Array);
    const upper = row(arrays, "upper", place, Float32Array).map((number, at) => number + temperature * warmth[at]);
    return Float32Array.of(...upper, ...Float32Array.from(row(arrays, "lower", place, Uint16Array), ofHalf));
  };

  return { count, columns, at };
});

/**
 * @param {Awaited<ReturnType<typeof dreamsAt>>} dreams
 * @param {number} temperature
 * @returns {import("player/plans").Plan}
 */
export function roll({ count, columns, at }, temperature) {
  const { grids, side } = model();
  return { frame: [0, 0, side, side], mirrored: false, count, columns, depth: grids.length, code: at(temperature) };
}
