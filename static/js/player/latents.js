/**
 * What the encoder makes of a car at a price of 1, and where its photograph lies in the model's square.
 * @typedef {{ mean: Float32Array, logvar: Float32Array, frame: import("player/sheet").Frame, mirrored: boolean }} Latents
 */

/** @type {Map<string, Promise<Latents>>} */
const asked = new Map();

/**
 * The latents at this address, which is asked once. Rejects where they do not arrive, and may then be asked again.
 * @param {string} address
 * @returns {Promise<Latents>}
 */
export function latentsAt(address) {
  const latents = asked.get(address) ?? download(address);
  asked.set(address, latents);
  latents.catch(() => asked.delete(address));
  return latents;
}

/** @param {string} address */
async function download(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const view = new DataView(await answer.arrayBuffer());
  const numbers = Float32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
  const codes = numbers.subarray(5);
  return {
    mean: codes.subarray(0, codes.length / 2),
    logvar: codes.subarray(codes.length / 2),
    frame: [...numbers.subarray(0, 4)],
    mirrored: numbers[4] === 1,
  };
}

/**
 * The two numbers of the first level, of `size` numbers, that have the largest KL divergence: those of the drawing.
 * @param {Latents} latents
 * @param {number} size
 */
export function mostActive({ mean, logvar }, size) {
  const divergences = Array.from({ length: size }, (_, at) => Math.exp(logvar[at]) + mean[at] ** 2 - 1 - logvar[at]);
  return [...divergences.keys()].sort((a, b) => divergences[b] - divergences[a]).slice(0, 2);
}
