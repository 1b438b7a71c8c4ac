import { range } from "map-camera";
import { HEIGHT } from "map-levels";

/** @typedef {[slug: string, x: number, y: number]} Row */

const WIDEST = 4; // times as wide as high, for a unit of the map

/**
 * The cars' places, stretched sideways towards the canvas's proportions: the two axes need not have one scale.
 * @param {Row[]} rows
 * @param {number} proportion
 */
export function spread(rows, proportion) {
  const xs = rows.map((row) => row[1]), ys = rows.map((row) => row[2]);
  const [left, right] = range(xs), [bottom, top] = range(ys);
  const stretch = Math.min(WIDEST, Math.max(1 / HEIGHT, (proportion * (top - bottom)) / Math.max(right - left, 1)));
  return { xs: xs.map((x) => x * stretch), ys, stretch };
}

/**
 * The rows of the cars; null when the request fails.
 * @param {string} address
 * @returns {Promise<Row[] | null>}
 */
export async function fetchCars(address) {
  try {
    const response = await fetch(address);
    return (await response.json()).cars;
  } catch {
    return null;
  }
}
