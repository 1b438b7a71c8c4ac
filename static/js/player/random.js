/**
 * NumPy's default_rng(seed).standard_normal(dtype=float32), number by number: the draws of a seed are the same wherever
 * they are made. PCG64 is PCG XSL RR 128/64 of O'Neill, PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation (2014); the normals are Marsaglia and Tsang's, The Ziggurat Method for
 * Generating Random Variables (2000), with NumPy's 256 layers.
 */
const WORD = (1n << 64n) - 1n;
const WHOLE = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

const LAYERS = 256;
const REACH = 3.6541528853610088; // where the tail begins
const AREA = 0.00492867323399; // of each layer
const SCALE = 2 ** 23; // of the whole numbers that are drawn

/** Numbers of 32 bits, as a function. @param {number} seed below 2³² */
function pcg64(seed) {
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

/** The edges of the layers, and the density there, which is 1 in the middle. */
function layers() {
  /** @param {number} x */
  const density = (x) => Math.exp(-0.5 * x * x);
  const edges = new Float64Array(LAYERS);
  edges[LAYERS - 1] = REACH;
  for (let layer = LAYERS - 1; layer > 1; layer -= 1) {
    edges[layer - 1] = Math.sqrt(-2 * Math.log(AREA / edges[layer] + density(edges[layer])));
  }
  const widths = Float32Array.from(edges, (edge) => edge / SCALE);
  widths[0] = AREA / density(REACH) / SCALE; // the lowest layer, with the tail
  const inside = Uint32Array.from(edges, (edge, layer) => (edges[layer - 1] / edge) * SCALE || 0);
  inside[0] = (REACH * density(REACH) / AREA) * SCALE;
  return { widths, inside, heights: Float32Array.from(edges, density) };
}

const { widths, inside, heights } = layers();

/**
 * A function that draws the next normal numbers of this seed.
 * @param {number} seed a whole number from 0 to 2³² - 1
 * @returns {(count: number) => Float32Array}
 */
export function normals(seed) {
  const next = pcg64(seed);
  const uniform = () => (next() >>> 8) / 2 ** 24;

  function normal() {
    for (;;) {
      const bits = next();
      const layer = bits & 255;
      const whole = (bits >>> 9) & (SCALE - 1);
      const x = Math.fround(whole * widths[layer]) * (bits & 256 ? -1 : 1);
      if (whole < inside[layer]) return x;
      if (layer === 0) {
        const beyond = tail(uniform);
        return whole & 256 ? -beyond : beyond;
      }
      if ((heights[layer - 1] - heights[layer]) * uniform() + heights[layer] < Math.exp(-0.5 * x * x)) return x;
    }
  }

  return (count) => Float32Array.from({ length: count }, normal);
}

/** A normal number beyond REACH. @param {() => number} uniform */
function tail(uniform) {
  for (;;) {
    const x = -Math.log1p(-uniform()) / REACH;
    const y = -Math.log1p(-uniform());
    if (2 * y > x * x) return REACH + x;
  }
}
