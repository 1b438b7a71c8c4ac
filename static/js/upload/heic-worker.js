/**
 * The thread that decodes a HEIC file with libheif. Its one message, { library, file }, is answered by an ImageBitmap,
 * or by null where it could not.
 * @typedef {{ is_primary(): boolean, get_width(): number, get_height(): number,
 *   display(pixels: ImageData, done: (pixels: ImageData | null) => void): void }} HeicImage
 */

/**
 * @param {string} library
 * @param {File} file
 */
async function decode(library, file) {
  const { default: build } = await import(library);
  const decoder = new (build().HeifDecoder)();
  /** @type {HeicImage[]} */
  const images = decoder.decode(new Uint8Array(await file.arrayBuffer()));
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
  const empty = new ImageData(image.get_width(), image.get_height());
  /** @type {ImageData | null} */
  const pixels = await new Promise((resolve) => { image.display(empty, resolve); }); // turned upright, as the file says
  return pixels && createImageBitmap(pixels);
}

self.addEventListener("message", async ({ data: { library, file } }) => {
  try {
    self.postMessage(await decode(library, file));
  } catch (error) {
    console.info("HEIC:", error); // the page says that it failed
    self.postMessage(null);
  }
});
