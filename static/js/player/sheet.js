import { bitmap } from "player/bitmap";

/**
 * @typedef {number[]} Frame left, top, right, bottom of the picture in the model's square
 * @typedef {{ count: number, columns: number, frame: Frame, mirrored: boolean }} Layout
 */

/** Pictures side by side, `columns` in a row, each cut out of the model's square and turned back. */
export class Sheet {
  /** @param {Layout} layout */
  constructor({ count, columns, frame: [left, top, right, bottom], mirrored }) {
    this.columns = columns;
    this.left = left;
    this.top = top;
    this.mirrored = mirrored;
    this.width = right - left;
    this.height = bottom - top;
    this.count = count;
    /** @type {Set<number>} */
    this.own = new Set();
    this.whole = new ImageData(columns * this.width, Math.ceil(count / columns) * this.height);
  }

  /**
   * Begins with what an image shows, where that is a sheet of the same size, instead of with nothing.
   * @param {HTMLImageElement} image
   */
  begin(image) {
    const { width, height } = this.whole;
    if (image.naturalWidth !== width || image.naturalHeight !== height) return;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    if (context) this.whole = context.getImageData(0, 0, width, height);
  }

  /**
   * @param {number} place counted from 0, row by row
   * @param {ImageData} square
   */
  put(place, square) {
    const across = (place % this.columns) * this.width;
    const down = Math.floor(place / this.columns) * this.height;
    const from = new Uint32Array(square.data.buffer);
    const to = new Uint32Array(this.whole.data.buffer);
    for (let y = 0; y < this.height; y += 1) {
      const row = (this.top + y) * square.width + this.left;
      const start = (down + y) * this.whole.width + across;
      for (let x = 0; x < this.width; x += 1) to[start + x] = from[row + (this.mirrored ? this.width - 1 - x : x)];
    }
  }

  /**
   * Puts a square in its place, and in those that it is nearest to and that have no own one yet.
   * @param {number} place
   * @param {ImageData} square
   */
  spread(place, square) {
    this.own.add(place);
    for (let near = 0; near < this.count; near += 1) {
      const distance = Math.min(...[...this.own].map((own) => Math.abs(own - near)));
      if (Math.abs(place - near) === distance) this.put(near, square);
    }
  }

  /** The address of the sheet as it is now, for an image; whoever takes it revokes it. */
  address() {
    return URL.createObjectURL(bitmap(this.whole));
  }
}
