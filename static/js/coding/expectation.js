import { add, around, enlarged, magnitudes } from "coding/planes";
/** @import { Grid } from "coding/planes" */

const PLACES = 8; // a level has a weight for each of so many rows and columns, or for each cell where it has fewer

/** How large a level's numbers probably are, by what is known already: weighted sums of magnitudes. */
export class Expectation {
  /**
   * @param {Grid[]} above the levels above it
   * @param {Grid} grid
   * @param {Int16Array} weights (channels, 2, rows): the 2 for even and odd cells
   */
  constructor(above, grid, weights) {
    this.above = above;
    this.grid = grid;
    this.weights = weights;
  }

  /**
   * What places and levels above let expect, as planes by channel and half; and the row of weights after theirs.
   * @param {Int32Array[]} above
   */
  byLevelsAbove(above) {
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
          this.add(sum, channel, half, row, seen);
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
  add(sum, channel, half, row, seen) {
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
