/**
 * What the encoder made of a car, at a price of 1; the photograph lay at `frame` in the square: left, top, right, bottom.
 * @typedef {{ mean: Float32Array, logvar: Float32Array, frame: number[], mirrored: boolean }} Latents
 */

/** @type {Map<string, Promise<Latents>>} */
const fetched = new Map();

/**
 * The latents at this address, which is fetched once. Rejects where it does not arrive, and may then be asked again.
 * @param {string} address
 * @returns {Promise<Latents>}
 */
export function latentsOf(address) {
  const latents = fetched.get(address) ?? download(address);
  fetched.set(address, latents);
  latents.catch(() => fetched.delete(address));
  return latents;
}

/** @param {string} address */
async function download(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const view = new DataView(await answer.arrayBuffer());
  const numbers = new Float32Array(view.byteLength / 4);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = view.getFloat32(4 * at, true);
  const [left, top, right, bottom, mirrored] = numbers;
  const codes = numbers.subarray(5);
  const length = codes.length / 2;
  return {
    mean: codes.subarray(0, length),
    logvar: codes.subarray(length),
    frame: [left, top, right, bottom],
    mirrored: Boolean(mirrored),
  };
}
