const LONG_SIDE = 1600;
const QUALITY = 0.92;
const SERVER_READS = ["avif", "bmp", "gif", "jpeg", "png", "tiff", "webp"].map((name) => `image/${name}`);

/**
 * The photograph, upright and at most 1600 pixels long: the file itself if that is so already, else a JPEG.
 * A file that nothing here can decode (TIFF) is returned unchanged, for the server to decode.
 * @param {File} file
 * @param {number} maxBytes the most that the server takes
 * @param {(file: File) => Promise<ImageBitmap | null>} decode tries what the browser cannot decode
 * @returns {Promise<File>}
 */
export async function scaled(file, maxBytes, decode) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => decode(file));
  if (!bitmap) return file;
  const shrink = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  if (shrink === 1 && file.size <= maxBytes && SERVER_READS.includes(file.type)) return file;
  const blob = await jpeg(bitmap, Math.round(bitmap.width * shrink), Math.round(bitmap.height * shrink));
  return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type }) : file;
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} width in pixels
 * @param {number} height
 * @returns {Promise<Blob | null>} null where the canvas is too large for the device
 */
function jpeg(bitmap, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, width), height: Math.max(1, height) });
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.fillStyle = "white"; // behind transparent pixels, as on the server
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
}
