import { NotTaken, STOPPED } from "upload/deliver";

const FAILED =
  "Your browser cannot convert this HEIC file. Save it as a JPEG, " +
  "or let the iPhone take JPEGs: Settings, Camera, Formats, Most Compatible.";

/**
 * Whether it is an iPhone's own kind of photograph. Most systems know no type for it: then the name says so.
 * @param {File} file
 */
export function isHeic(file) {
  return /^image\/hei[cf]/.test(file.type) || (!file.type && /\.hei[cf]$/i.test(file.name));
}

/**
 * The photograph, upright, for browsers that cannot decode it themselves. Rejects with NotTaken.
 * @param {File} file
 * @param {HTMLFormElement} form has the addresses of the worker and of the library that it loads
 * @param {AbortSignal} signal
 * @returns {Promise<ImageBitmap>}
 */
export function decodeHeic(file, form, signal) {
  const { heicWorker, libheif } = form.dataset;
  if (!heicWorker) return Promise.reject(new NotTaken(FAILED, false));
  const worker = new Worker(heicWorker, { type: "module" });
  /** @type {Promise<ImageBitmap>} */
  const answer = new Promise((resolve, reject) => {
    const fail = () => reject(new NotTaken(FAILED, false));
    worker.addEventListener("message", ({ data }) => (data ? resolve(data) : fail()));
    worker.addEventListener("error", fail);
    signal.addEventListener("abort", () => reject(new NotTaken(STOPPED, true)));
    worker.postMessage({ library: libheif, file });
  });
  return answer.finally(() => worker.terminate()); // with the memory that it took
}
