/**
 * The code a fraction t of the way from a to b, as ml.serving.mixing: each level stretched to the mean length of both.
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} t
 * @param {number[]} levelSizes
 */
export function mix(a, b, t, levelSizes) {
  const mixed = a.map((number, at) => (1 - t) * number + t * b[at]);
  let end = 0;
  for (const size of levelSizes) {
    const [start, from, to] = [end, a.subarray(end, end + size), b.subarray(end, end + size)];
    end += size;
    const level = mixed.subarray(start, end);
    const stretch = ((1 - t) * length(from) + t * length(to)) / Math.max(length(level), 1e-6);
    level.forEach((number, at) => { level[at] = stretch * number; });
  }
  return mixed;
}

/** The Euclidean length. @param {Float32Array} level */
export function length(level) {
  return Math.sqrt(level.reduce((sum, number) => sum + number * number, 0));
}
