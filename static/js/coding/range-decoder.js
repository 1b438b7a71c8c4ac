import { CodingError } from "coding/container";

const BITS = 15; // a table's frequencies add up to 2 ** BITS
const TOP = 2 ** 24; // below this the range takes a byte in
const GAMMA_BITS = 12; // of the largest escaped magnitude

/** Reads what ml.serving.coding.rangecoder wrote; from other bytes, numbers without meaning. No input makes it run on. */
export class RangeDecoder {
  #bytes;
  #place = 0;
  #code = 0;
  #range = 0xffffffff;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    for (let count = 0; count < 4; count += 1) this.#shift();
  }

  /**
   * One number, by the frequencies of its magnitudes.
   * @param {Uint16Array} frequencies the last one is of all magnitudes from there on
   * @throws {CodingError} for a magnitude that no encoder writes
   */
  read(frequencies) {
    const share = this.#range >>> BITS;
    const target = Math.min(Math.floor(this.#code / share), 2 ** BITS - 1);
    let magnitude = 0;
    let start = 0;
    while (start + frequencies[magnitude] <= target) start += frequencies[magnitude++];
    this.#narrow(share, start, frequencies[magnitude]);
    if (magnitude === frequencies.length - 1) magnitude += this.#gamma() - 1;
    return magnitude && this.#bit() ? -magnitude : magnitude;
  }

  #gamma() {
    let length = 1;
    while (this.#bit()) {
      length += 1;
      if (length > GAMMA_BITS) throw new CodingError("the file is damaged: it holds a number that is too large");
    }
    let value = 1;
    for (let place = 1; place < length; place += 1) value = (value << 1) | this.#bit();
    return value;
  }

  #bit() {
    const share = this.#range >>> 1;
    const bit = Number(this.#code >= share);
    this.#narrow(share, bit, 1);
    return bit;
  }

  /**
   * @param {number} share
   * @param {number} start
   * @param {number} size
   */
  #narrow(share, start, size) {
    this.#code -= share * start;
    this.#range = share * size;
    while (this.#range < TOP) {
      this.#range *= 256;
      this.#shift();
    }
  }

  #shift() {
    this.#code = ((this.#code << 8) | (this.#bytes[this.#place++] ?? 0)) >>> 0; // the zeros at its end are not written
  }
}
