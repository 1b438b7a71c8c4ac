import { Expectation } from "coding/expectation";
import { around, ESCAPE, magnitudes } from "coding/planes";
/** @import { Grid } from "coding/planes" */
/** @import { RangeDecoder } from "coding/range-decoder" */

/** One level of a code: the numbers that are known already say how large its own probably are. */
export class Level {
  /**
   * @param {Grid[]} above the levels above it
   * @param {Grid} grid
   * @param {Int16Array} weights (channels, 2, rows): the 2 for even and odd cells
   * @param {Int32Array} thresholds at which buckets begin, but the first
   * @param {Uint16Array} frequencies (buckets, magnitudes)
   */
  constructor(above, grid, weights, thresholds, frequencies) {
    this.grid = grid;
    this.expectation = new Expectation(above, grid, weights);
    this.thresholds = thresholds;
    this.tables = Array.from({ length: thresholds.length + 1 }, (_, bucket) =>
      frequencies.subarray(bucket * (ESCAPE + 1), (bucket + 1) * (ESCAPE + 1)));
    const cells = [...new Array(grid.size ** 2).keys()];
    this.halves = [0, 1].map((half) => cells.filter((cell) => (Math.floor(cell / grid.size) + cell % grid.size) % 2 === half));
  }

  /**
   * The level's numbers, (channels, cells), given those of the levels above.
   * @param {RangeDecoder} decoder
   * @param {Int32Array[]} above
   */
  read(decoder, above) {
    const { channels, size } = this.grid;
    const numbers = new Int32Array(channels * size * size);
    const { expected, row } = this.expectation.byLevelsAbove(above);
    for (let channel = 0; channel < channels; channel += 1) {
      const plane = numbers.subarray(channel * size * size, (channel + 1) * size * size);
      this.#readHalf(decoder, plane, 0, expected[channel][0]);
      let seen = around(magnitudes(plane), size);
      const own = row + channel * seen.length;
      this.expectation.add(expected[channel][1], channel, 1, own, seen);
      this.#readHalf(decoder, plane, 1, expected[channel][1]);
      seen = around(magnitudes(plane), size);
      for (let later = channel + 1; later < channels; later += 1) {
        for (const half of [0, 1]) this.expectation.add(expected[later][half], later, half, own, seen);
      }
    }
    return numbers;
  }

  /**
   * @param {RangeDecoder} decoder
   * @param {Int32Array} plane
   * @param {0 | 1} half
   * @param {Int32Array} expected
   */
  #readHalf(decoder, plane, half, expected) {
    for (const cell of this.halves[half]) {
      let bucket = 0;
      while (this.thresholds[bucket] <= expected[cell]) bucket += 1;
      plane[cell] = decoder.read(this.tables[bucket]);
    }
  }
}
