const WIDEST = 4; // units: the room that a car takes for itself on the first level; half of it on the next
const COUNT = 13;
export const HEIGHT = 0.75; // of a car's room, as a share of its width
export const THUMBNAIL = 52; // pixels that a picture is wide at least; it is less than twice as wide
const NEVER = COUNT;

/**
 * The room that a car takes on a level, in units.
 * @param {number} level
 */
export const room = (level) => WIDEST / 2 ** level;

/**
 * The last level on which a car's room is at least `pixels` wide.
 * @param {number} scale pixels a unit
 * @param {number} pixels
 */
export const levelAt = (scale, pixels) => Math.max(0, Math.min(COUNT - 1, Math.floor(Math.log2((WIDEST * scale) / pixels))));

/**
 * The first level on which each car is shown as a picture, so that no two overlap on any: NEVER for those in the very
 * place of another. A car that is shown on one level is shown on all below it; those that come first go first.
 * @param {number[]} xs
 * @param {number[]} ys
 * @returns {Uint8Array}
 */
export function levels(xs, ys) {
  const first = new Uint8Array(xs.length).fill(NEVER);
  let hidden = [...xs.keys()];
  /** @type {number[]} */
  const shown = [];
  for (let level = 0; level < COUNT; level += 1) {
    const width = room(level), height = width * HEIGHT, cells = new Map();
    /** @type {(i: number) => number} */
    const column = (i) => Math.floor(xs[i] / width);
    /** @type {(i: number) => number} */
    const row = (i) => Math.floor(ys[i] / height);
    /** @type {(right: number, up: number) => number} */
    const key = (right, up) => right * 2 ** 20 + up;

    /** @param {number} i */
    const isFree = (i) => {
      for (let right = -1; right <= 1; right += 1) {
        for (let up = -1; up <= 1; up += 1) {
          const other = cells.get(key(column(i) + right, row(i) + up));
          if (other !== undefined && Math.abs(xs[other] - xs[i]) < width && Math.abs(ys[other] - ys[i]) < height) return false;
        }
      }
      return true;
    };

    for (const i of shown) cells.set(key(column(i), row(i)), i);
    hidden = hidden.filter((i) => {
      if (!isFree(i)) return true;
      cells.set(key(column(i), row(i)), i);
      first[i] = level;
      shown.push(i);
      return false;
    });
  }
  return first;
}
