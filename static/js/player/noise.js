import { normals } from "player/normals";

/** @type {Map<number, ReturnType<typeof rows>>} */
const noises = new Map();

/**
 * The noise of a seed, for each place.
 * @param {number} seed
 * @param {number} length of a code
 */
export function noiseOf(seed, length) {
  const noise = noises.get(seed) ?? rows(seed, length);
  noises.set(seed, noise);
  return noise;
}

/**
 * The draws of a seed: row after row of normal numbers, each drawn when it is first asked for.
 * @param {number} seed
 * @param {number} length of a row
 */
function rows(seed, length) {
  const draw = normals(seed);
  /** @type {Float32Array[]} */
  const drawn = [];
  return (/** @type {number} */ row) => {
    while (drawn.length <= row) drawn.push(draw(length));
    return drawn[row];
  };
}
