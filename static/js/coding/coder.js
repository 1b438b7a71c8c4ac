import { CodingError, unpack } from "coding/container";
import { row } from "coding/npz";
import { Tables } from "coding/tables";
/** @import { Stored } from "coding/npz" */
/** @import { Grid } from "coding/planes" */

/** @typedef {{ code: Float32Array, price: number, width: number, height: number, mirrored: boolean }} Car */
/** @typedef {{ model: number, grids: Grid[] }} Kind the model's number in the header of its files, and its levels */

/** Reads the files of one model, as ml.serving.coding does. */
export class Coder {
  #prices;
  #tables;

  /**
   * @param {Kind} kind
   * @param {Map<string, Stored>} arrays of its coding.npz
   */
  constructor({ model, grids }, arrays) {
    this.model = model;
    const thresholds = Int32Array.from(arrays.get("thresholds")?.values ?? [], Number);
    this.#prices = Array.from(arrays.get("prices")?.values ?? [], Number);
    this.#tables = this.#prices.map((_, price) => new Tables(
      grids,
      row(arrays, "steps", price, Float32Array),
      grids.map((_, level) => row(arrays, `weights${level}`, price, Int16Array)),
      thresholds,
      row(arrays, "frequencies", price, Uint16Array),
    ));
  }

  /**
   * What the file holds: `code` is to be decoded at `price`; width and height are pixels of the picture.
   * @param {Uint8Array} file
   * @returns {Car}
   * @throws {CodingError} with what is wrong, for bytes that are no car of this model
   */
  decode(file) {
    const { header: { model, price, ...picture }, payload } = unpack(file);
    if (model !== this.model) {
      throw new CodingError(`the file was made by another model (${hex(model)}, and this is ${hex(this.model)})`);
    }
    if (price >= this.#prices.length) throw new CodingError("the file is damaged: this model knows no such price");
    const tables = this.#tables[price];
    return { ...picture, price: this.#prices[price], code: tables.dequantised(tables.read(payload)) };
  }
}

/** @param {number} model */
function hex(model) {
  return model.toString(16).padStart(4, "0");
}
