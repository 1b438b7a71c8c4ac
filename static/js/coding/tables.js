import { Level } from "coding/level";
import { RangeDecoder } from "coding/range-decoder";
/** @import { Grid } from "coding/planes" */

/** The tables of one price: bytes → a code of whole numbers → the code that the network decodes. */
export class Tables {
  /**
   * @param {Grid[]} grids
   * @param {Float32Array} steps by level, the distance of two values
   * @param {Int16Array[]} weights by level
   * @param {Int32Array} thresholds
   * @param {Uint16Array} frequencies (levels, buckets, magnitudes)
   */
  constructor(grids, steps, weights, thresholds, frequencies) {
    this.steps = steps;
    const size = frequencies.length / grids.length;
    this.levels = grids.map((grid, number) => {
      const own = frequencies.subarray(number * size, (number + 1) * size);
      return new Level(grids.slice(0, number), grid, weights[number], thresholds, own);
    });
  }

  /**
   * The whole numbers, level by level, each by channel, row and column.
   * @param {Uint8Array} payload
   * @returns {Int32Array[]}
   */
  read(payload) {
    const decoder = new RangeDecoder(payload);
    /** @type {Int32Array[]} */
    const numbers = [];
    for (const level of this.levels) numbers.push(level.read(decoder, numbers));
    return numbers;
  }

  /**
   * The flat code, of float32 as the network reads it.
   * @param {Int32Array[]} numbers
   */
  dequantised(numbers) {
    return Float32Array.from(numbers.flatMap((level, number) => [...level].map((value) => value * this.steps[number])));
  }
}
