import { Coder } from "coding/coder";
import { arraysAt } from "coding/npz";
import { once } from "player/once";
/** @import { Car, Kind } from "coding/coder" */

/**
 * The car's file at a price, in base64, what it says of itself, and the WebP that it is compared with.
 * @typedef {{ price: number, file: string, words: string, webp: string, webp_words: string }} Priced
 */
/** @typedef {{ files: Priced[], read: (price: number) => Promise<Car> }} Files `read`: the code in the file at a price */

/** The files of a car at all prices, at an address. */
export const filesAt = once(async (answer) => {
  /** @type {Kind & { tables: string, files: Priced[] }} */
  const { files, tables, ...kind } = await answer.json();
  /** @type {Coder | undefined} */
  let coder;

  /**
   * @param {number} price
   * @returns {Promise<Car>}
   */
  async function read(price) {
    const found = files.find((one) => one.price === price);
    if (!found) throw new RangeError(`there is no file at a price of ${price}`);
    coder ??= new Coder(kind, await arraysAt(tables));
    return coder.decode(Uint8Array.from(atob(found.file), (byte) => byte.charCodeAt(0)));
  }

  return { files, read };
});
