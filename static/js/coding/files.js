import { openCoder } from "coding/coder";
/** @import { Car, Kind } from "coding/coder" */

/**
 * The car's file at a price, in base64, what it says of itself, and the WebP that it is compared with.
 * @typedef {{ price: number, file: string, words: string, webp: string, webp_words: string }} Priced
 */
/** @typedef {{ files: Priced[], read: (price: number) => Promise<Car> }} Files `read`: the code in the file at a price */

/** @type {Map<string, Promise<Files>>} */
const asked = new Map();

/**
 * The files of a car at all prices, which are asked for once. Rejects where they do not arrive, and may then be asked for
 * again.
 * @param {string} address
 * @returns {Promise<Files>}
 */
export function filesAt(address) {
  const files = asked.get(address) ?? download(address);
  asked.set(address, files);
  files.catch(() => asked.delete(address));
  return files;
}

/** @param {string} address */
async function download(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} was answered ${answer.status}`);
  /** @type {Kind & { tables: string, files: Priced[] }} */
  const { files, tables, ...kind } = await answer.json();
  const coder = openCoder({ ...kind, address: tables });

  /** @param {number} price */
  async function read(price) {
    const found = files.find((one) => one.price === price);
    if (!found) throw new RangeError(`there is no file at a price of ${price}`);
    return (await coder).decode(Uint8Array.from(atob(found.file), (byte) => byte.charCodeAt(0)));
  }

  coder.catch(() => {}); // who reads a file is told
  return { files, read };
}
