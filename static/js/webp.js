import { find, read } from "find";

/**
 * Returns a function that says in the WebP's caption how many bytes it has and how close it is: its answer tells that.
 * @param {HTMLElement} bench
 */
export function sizes(bench) {
  const figure = find(bench, "[data-picture=webp]", HTMLElement);
  const caption = find(figure, "figcaption", HTMLElement);
  const status = find(bench, "[data-status]", HTMLElement);
  const closeness = read(bench, "closeness");
  const fileBytes = Number(read(bench, "fileBytes"));

  return async function say() {
    if (figure.dataset.words) return; // price.js has said it
    const answer = await fetch(find(figure, "img", HTMLImageElement).src).catch(() => null);
    if (!answer?.ok) {
      status.textContent = "The WebP did not arrive. Try again in a moment.";
      return;
    }
    const bytes = (await answer.blob()).size;
    const words = `${bytes.toLocaleString("en")} bytes, ${Number(answer.headers.get("X-PSNR-dB")).toFixed(1)} dB`;
    const tooLarge = fileBytes && bytes > fileBytes;
    caption.textContent = `${tooLarge ? "The smallest WebP" : "WebP"}: ${words}`;
    status.textContent = tooLarge
      ? `WebP cannot write these pixels into ${fileBytes.toLocaleString("en")} bytes. Its smallest file has ${words}; the whole rebuilt car, ${closeness} dB.`
      : `The best WebP that is no longer than the car’s file has ${words} against what the model saw; the whole rebuilt car, ${closeness} dB.`;
  };
}
