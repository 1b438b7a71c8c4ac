/** @typedef {{ channels: number, size: number }} Grid */

export const ESCAPE = 31; // magnitudes from here on count as this much

/**
 * What a context sees of numbers.
 * @param {Int32Array} numbers
 */
export function magnitudes(numbers) {
  return numbers.map((number) => Math.min(Math.abs(number), ESCAPE));
}

/**
 * One channel at each cell and at its neighbours: nine planes, row by row, 0 beyond the edge; one for a grid of 1 × 1.
 * @param {Int32Array} plane
 * @param {number} size
 */
export function around(plane, size) {
  if (size === 1) return [plane];
  const planes = [];
  for (let down = -1; down <= 1; down += 1) {
    for (let right = -1; right <= 1; right += 1) planes.push(shifted(plane, size, down, right));
  }
  return planes;
}

/**
 * @param {Int32Array} plane
 * @param {number} size
 * @param {number} down
 * @param {number} right
 */
function shifted(plane, size, down, right) {
  const moved = new Int32Array(plane.length);
  for (let row = Math.max(0, -down); row < Math.min(size, size - down); row += 1) {
    for (let column = Math.max(0, -right); column < Math.min(size, size - right); column += 1) {
      moved[row * size + column] = plane[(row + down) * size + column + right];
    }
  }
  return moved;
}

/**
 * Adds weight · plane.
 * @param {Int32Array} sum
 * @param {Int32Array} plane
 * @param {number} weight
 */
export function add(sum, plane, weight) {
  if (weight) for (let cell = 0; cell < sum.length; cell += 1) sum[cell] += weight * plane[cell];
}

/**
 * A plane of a smaller grid on a larger one, each cell repeated.
 * @param {ArrayLike<number>} plane
 * @param {number} from its size
 * @param {number} to the larger size
 */
export function enlarged(plane, from, to) {
  const times = to / from;
  return Int32Array.from({ length: to * to }, (_, cell) => {
    const row = Math.floor(cell / to / times), column = Math.floor((cell % to) / times);
    return plane[row * from + column];
  });
}
