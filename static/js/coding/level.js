import { add, around, enlarged, ESCAPE, magnitudes } from "coding/planes";
/** @import { Grid } from "coding/planes" */
/** @import { RangeDecoder } from "coding/range-decoder" */

const PLACES = 8; // a level has a weight for each of so many rows and columns, or for each cell where it has fewer

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
    this.above = above;
    this.grid = grid;
    this.weights = weights;
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
    const { expected, row } = this.#byLevelsAbove(above);
    for (let channel = 0; channel < channels; channel += 1) {
      const plane = numbers.subarray(channel * size * size, (channel + 1) * size * size);
      this.#readHalf(decoder, plane, 0, expected[channel][0]);
      let seen = around(magnitudes(plane), size);
      const own = row + channel * seen.length;
      this.#expect(expected[channel][1], channel, 1, own, seen);
      this.#readHalf(decoder, plane, 1, expected[channel][1]);
      seen = around(magnitudes(plane), size);
      for (let later = channel + 1; later < channels; later += 1) {
        for (const half of [0, 1]) this.#expect(expected[later][half], later, half, own, seen);
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

  /**
   * What places and levels above let expect, as planes by channel and half; and the row of weights after theirs.
   * @param {Int32Array[]} above
   */
  #byLevelsAbove(above) {
    const { channels, size } = this.grid;
    const places = Math.min(size, PLACES);
    const expected = Array.from({ length: channels }, (_, channel) =>
      [0, 1].map((half) => enlarged(this.#weights(channel, half).subarray(0, places ** 2), places, size)));
    let row = places ** 2;
    this.above.forEach((other, number) => {
      const cells = other.size ** 2;
      const isDirectlyAbove = number === this.above.length - 1;
      const seen = Array.from({ length: other.channels }, (_, channel) =>
        magnitudes(above[number].subarray(channel * cells, (channel + 1) * cells)))
        .flatMap((plane) => (isDirectlyAbove ? around(plane, other.size) : [plane]));
      for (let channel = 0; channel < channels; channel += 1) {
        for (const half of [0, 1]) {
          const sum = new Int32Array(cells);
          this.#expect(sum, channel, half, row, seen);
          add(expected[channel][half], enlarged(sum, other.size, size), 1);
        }
      }
      row += seen.length;
    });
    return { expected, row };
  }

  /**
   * Adds what planes let expect of one half of a channel, by the weights from `row` on.
   * @param {Int32Array} sum
   * @param {number} channel
   * @param {number} half
   * @param {number} row
   * @param {Int32Array[]} seen
   */
  #expect(sum, channel, half, row, seen) {
    const weights = this.#weights(channel, half);
    seen.forEach((plane, number) => add(sum, plane, weights[row + number]));
  }

  /**
   * @param {number} channel
   * @param {number} half
   */
  #weights(channel, half) {
    const rows = this.weights.length / this.grid.channels / 2;
    return this.weights.subarray((2 * channel + half) * rows, (2 * channel + half + 1) * rows);
  }
}
