import { once } from "player/once";

/** @typedef {{ shape: number[], values: Int16Array | Uint16Array | Float32Array | Float64Array | BigInt64Array }} Stored */

const KINDS = { "<i2": Int16Array, "<u2": Uint16Array, "<f2": Uint16Array, "<f4": Float32Array, "<f8": Float64Array, "<i8": BigInt64Array };

/**
 * The arrays of a file that numpy.savez or savez_compressed wrote, by name: a zip, read by the list at its end. Floats of
 * half precision come as their bits.
 * @param {ArrayBuffer} file
 * @returns {Promise<Map<string, Stored>>}
 */
export async function readArrays(file) {
  const view = new DataView(file);
  const end = file.byteLength - 22; // a zip's last record, here without a comment
  const arrays = new Map();
  for (let count = view.getUint16(end + 10, true), at = view.getUint32(end + 16, true); count > 0; count -= 1) {
    const size = view.getUint32(at + 20, true), nameLength = view.getUint16(at + 28, true);
    const more = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(new Uint8Array(file, at + 46, nameLength));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    arrays.set(name.replace(/\.npy$/, ""), readArray(await content(file.slice(start, start + size), view.getUint16(at + 10, true))));
    at += 46 + nameLength + more;
  }
  return arrays;
}

/** The arrays of the file at an address. */
export const arraysAt = once(async (answer) => readArrays(await answer.arrayBuffer()));

/**
 * The part of the array of this name at an index of its first axis. Throws where there is none, or one of another kind.
 * @template Kind
 * @param {Map<string, Stored>} arrays
 * @param {string} name
 * @param {number} index
 * @param {new () => Kind} kind such as Float32Array
 * @returns {Kind}
 */
export function row(arrays, name, index, kind) {
  const { shape: [rows], values } = arrays.get(name) ?? { shape: [1], values: new Float64Array() };
  const part = values.subarray((index * values.length) / rows, ((index + 1) * values.length) / rows);
  if (part instanceof kind) return part;
  throw new TypeError(`there is no ${kind.name} of the name ${name}`);
}

/**
 * @param {ArrayBuffer} bytes
 * @param {number} method of the zip: 0 where nothing is compressed
 */
function content(bytes, method) {
  if (method === 0) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
}

/**
 * @param {ArrayBuffer} file in NumPy's format, version 1
 * @returns {Stored}
 */
function readArray(file) {
  const start = 10 + new DataView(file).getUint16(8, true);
  const header = new TextDecoder().decode(new Uint8Array(file, 10, start - 10));
  const [, descr, shape] = /'descr': '(...)'.*'shape': \(([^)]*)\)/.exec(header) ?? [];
  const Kind = KINDS[/** @type {keyof typeof KINDS} */ (descr)];
  if (!Kind) throw new TypeError(`no array that can be read: ${header}`);
  return { shape: shape.split(",").filter((text) => text.trim()).map(Number), values: new Kind(file.slice(start)) };
}
