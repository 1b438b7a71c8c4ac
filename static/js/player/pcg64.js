/**
 * NumPy's default_rng(seed), number by number: PCG XSL RR 128/64 of O'Neill, PCG: A Family of Simple Fast Space-Efficient
 * Statistically Good Algorithms for Random Number Generation (2014).
 */
const WORD = (1n << 64n) - 1n;
const WHOLE = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** Numbers of 32 bits, as a function. @param {number} seed below 2³² */
export function pcg64(seed) {
  const [a, b, c, d] = stateOf(seed);
  const increment = ((((c << 64n) | d) << 1n) | 1n) & WHOLE;
  let state = ((increment + ((a << 64n) | b)) * MULTIPLIER + increment) & WHOLE;
  let kept = -1; // the upper half of the last 64 bits, which comes next

  return () => {
    if (kept >= 0) {
      const half = kept;
      kept = -1;
      return half;
    }
    state = (state * MULTIPLIER + increment) & WHOLE;
    const mixed = (state >> 64n) ^ (state & WORD);
    const turn = state >> 122n;
    const bits = ((mixed >> turn) | (mixed << (64n - turn))) & WORD;
    kept = Number(bits >> 32n);
    return Number(bits & 0xffffffffn);
  };
}

/** The four words that NumPy's SeedSequence makes of a seed. @param {number} seed */
function stateOf(seed) {
  let hash = 0x43b0d7e5;
  /** @param {number} value @param {number} factor */
  const scrambled = (value, factor) => {
    const mixed = value ^ hash;
    hash = Math.imul(hash, factor);
    const product = Math.imul(mixed, hash);
    return (product ^ (product >>> 16)) >>> 0;
  };

  const pool = [seed, 0, 0, 0].map((word) => scrambled(word, 0x931e8875));
  for (let from = 0; from < 4; from += 1) {
    for (let to = 0; to < 4; to += 1) {
      if (from === to) continue;
      const mixed = Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, scrambled(pool[from], 0x931e8875));
      pool[to] = (mixed ^ (mixed >>> 16)) >>> 0;
    }
  }
  hash = 0x8b51f9dd;
  const halves = [...pool, ...pool].map((word) => BigInt(scrambled(word, 0x58f38ded)));
  return [0, 2, 4, 6].map((at) => halves[at] | (halves[at + 1] << 32n));
}
