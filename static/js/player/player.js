import { read } from "find";

/**
 * The decoder in this browser. It is loaded once, when `summon` is first called, and not at all where the visitor saves
 * data. Who asks for a picture calls `isReady` first: where it is not, or `decode` fails, the server makes the picture.
 */

/** @type {Promise<boolean> | undefined} */
let summoned;
/** @type {Worker | undefined} */
let worker;
/** @type {Map<number, PromiseWithResolvers<Uint8ClampedArray<ArrayBuffer>>>} */
const calls = new Map();
let count = 0;

/** @type {PromiseWithResolvers<void>} */
const started = Promise.withResolvers();
/** Settled when `decode` answers for the first time; never, where the decoder is not loaded. */
export const ready = started.promise;

/** Whether `decode` answers. */
export const isReady = () => worker !== undefined;

/**
 * Loads the decoder; only the first call does. False where it may not be loaded or does not start.
 * @returns {Promise<boolean>}
 */
export const summon = () => (summoned ??= start());

/**
 * The picture of a code, all of the model's square, as the model sees it. Rejects where the decoder has failed.
 * @param {{ z: Float32Array, depth: number, price: number }} code z: all levels, top level first; price: what the code was made for
 * @returns {Promise<ImageData>}
 */
export async function decode({ z, depth, price }) {
  if (!worker) throw new Error("the decoder has not been loaded");
  const pixels = await call(worker, { z, depth, price });
  return new ImageData(pixels, Math.sqrt(pixels.length / 4));
}

async function start() {
  const files = document.querySelector("[data-player]");
  if (!(files instanceof HTMLElement) || savesData()) return false;
  try {
    const thread = new Worker(read(files, "worker"), { type: "module" });
    thread.addEventListener("message", ({ data }) => settle(data.id, data));
    thread.addEventListener("error", (event) => stop(event.message || "the worker did not start"));
    const weights = [read(files, "even"), read(files, "odd")];
    await call(thread, { ort: read(files, "ort"), wasm: read(files, "wasm"), weights });
    worker = thread;
    started.resolve();
  } catch (error) {
    console.info(`The server makes the pictures, because the decoder did not start here: ${error}`);
  }
  return isReady();
}

/**
 * @param {Worker} thread
 * @param {object} message
 */
function call(thread, message) {
  count += 1;
  const answer = Promise.withResolvers();
  calls.set(count, answer);
  thread.postMessage({ id: count, ...message });
  return answer.promise;
}

/**
 * @param {number} id
 * @param {{ pixels?: Uint8ClampedArray<ArrayBuffer>, error?: string }} answer
 */
function settle(id, { pixels, error }) {
  if (error) calls.get(id)?.reject(new Error(error));
  else calls.get(id)?.resolve(/** @type {any} */ (pixels)); // none where the answer is to loading
  calls.delete(id);
}

/** @param {string} error why nothing more will be decoded */
function stop(error) {
  worker = undefined;
  for (const id of calls.keys()) settle(id, { error });
}

/** Where the visitor asked for less data, or has a connection on which seven megabytes take long. */
export function savesData() {
  const { saveData, effectiveType } = /** @type {any} */ (navigator).connection ?? {};
  return saveData || ["slow-2g", "2g", "3g"].includes(effectiveType);
}
