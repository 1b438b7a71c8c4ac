import { Coder } from "coding/coder";
import { arraysAt } from "coding/npz";
import { once } from "player/once";
/** @import { Car, Kind } from "coding/coder" */

/**
 * The car's file at a price, in base64, what it says of itself, and the WebP that it is compared with.
 * @typedef {{ price: number, file: string, words: string, webp: string, webp_words: string }} Priced
 */
/** The files of a car at all prices, at an address. */
export const filesAt = once(async (answer) => {
  /** @type {Kind & { tables: string, files: Priced[] }} */
  const { files, tables, ...kind } = await answer.json();
  /** @type {Coder | undefined} */
  let coder;
  /** @type {Map<number, Car>} those that have been read */
  const cars = new Map();

  /**
   * What is in the file at a price.
   * @param {number} price
   */
  async function read(price) {
    const known = cars.get(price);
    if (known) return known;
    const found = files.find((one) => one.price === price);
    if (!found) throw new RangeError(`there is no file at a price of ${price}`);
    coder ??= new Coder(kind, await arraysAt(tables));
    const car = coder.decode(Uint8Array.from(atob(found.file), (byte) => byte.charCodeAt(0)));
    cars.set(price, car);
    return car;
  }

  /** Reads them all, with pauses: reading one takes as long as a third of a picture, for which a slider would wait. */
  async function readAhead() {
    if (cars.size) return;
    for (const { price } of files) {
      await read(price);
      await new Promise((resolve) => { setTimeout(resolve); });
    }
  }

  return { files, read, readAhead };
});
