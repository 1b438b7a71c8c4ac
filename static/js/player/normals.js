import { pcg64 } from "player/pcg64";

/**
 * NumPy's default_rng(seed).standard_normal(dtype=float32), number by number: the draws of a seed are the same wherever
 * they are made. Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables (2000), with NumPy's 256 layers.
 */
const LAYERS = 256;
const REACH = 3.6541528853610088; // where the tail begins
const AREA = 0.00492867323399; // of each layer
const SCALE = 2 ** 23; // of the whole numbers that are drawn

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
