/** @typedef {{ model: number, price: number, width: number, height: number, mirrored: boolean }} Header */

const MAGIC = 0xca;
const VERSION = 1;
const HEADER_BYTES = 7;
const MAX_BYTES = 8192;
const SIDE = 128;

/** Bytes that are no car of this model; the message says in plain words what is wrong. */
export class CodingError extends Error {}

/**
 * The header and the payload of a car's file, which docs/format.md describes byte by byte.
 * @param {Uint8Array} file
 * @returns {{ header: Header, payload: Uint8Array }}
 * @throws {CodingError} when it is no file, not whole or not unchanged
 */
export function unpack(file) {
  if (file[0] !== MAGIC) throw new CodingError("this is not the file of a car: it does not start as one");
  if (file.length < HEADER_BYTES) throw new CodingError("the file is cut off: not even its header is whole");
  if (file.length > MAX_BYTES) throw new CodingError(`the file is longer than a car can be (${MAX_BYTES} bytes)`);
  const [, flags, model0, model1, proportions, checksum0, checksum1] = file;
  if (flags >> 6 !== VERSION) {
    throw new CodingError(`the file is of version ${flags >> 6} of the format; this is a reader of version ${VERSION}`);
  }
  const payload = file.subarray(HEADER_BYTES);
  if (checksum(payload, checksum(file.subarray(0, 5))) !== ((checksum0 << 8) | checksum1)) {
    throw new CodingError("the file is damaged: it was cut off or altered");
  }
  const wider = proportions - SIDE; // by how many pixels than high
  if (wider === -SIDE) throw new CodingError("the file is damaged: it says nothing of the picture's proportions");
  const header = {
    model: (model0 << 8) | model1,
    price: flags & 31,
    width: SIDE + Math.min(wider, 0),
    height: SIDE - Math.max(wider, 0),
    mirrored: Boolean((flags >> 5) & 1),
  };
  return { header, payload };
}

/**
 * CRC-16/XMODEM, which goes on from an earlier part's.
 * @param {Uint8Array} bytes
 */
function checksum(bytes, sum = 0) {
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum << 1) ^ (sum & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return sum;
}
