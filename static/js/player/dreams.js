import { readArrays, row } from "coding/npz";
import { ofHalf } from "player/half";
import { once } from "player/once";

const CARS = 12;
const COLUMNS = 4;

/**
 * The dreams of a roll: the upper levels at a temperature of 0 and what one degree adds to them, and the lower levels,
 * which stay as they are.
 */
export const dreamsAt = once(async (answer) => {
  const arrays = await readArrays(await answer.arrayBuffer());

  /** @param {number} temperature */
  return (temperature) => (/** @type {number} */ place) => {
    const warmth = row(arrays, "warmth", place, Float32Array);
    const upper = row(arrays, "upper", place, Float32Array).map((number, at) => number + temperature * warmth[at]);
    return Float32Array.of(...upper, ...Float32Array.from(row(arrays, "lower", place, Uint16Array), ofHalf));
  };
});

/**
 * @param {Awaited<ReturnType<typeof dreamsAt>>} dreams
 * @param {number} temperature
 * @returns {import("player/plans").Plan}
 */
export function roll(dreams, temperature) {
  const frame = [0, 0, 128, 128];
  return { frame, mirrored: false, count: CARS, columns: COLUMNS, depth: 5, code: dreams(temperature) };
}
