/**
 * Returns a function that loads the picture at an address and then shows it in all of these images.
 * While one is loading, only the latest address waits, so a slider neither floods the server nor lags.
 * @param {HTMLImageElement[]} images
 * @param {HTMLElement} status where to say that a picture did not arrive
 */
export function newest(images, status) {
  let wanted = "";
  let busy = false;

  /** @param {string} address */
  return async function show(address) {
    wanted = address;
    if (busy) return;
    busy = true;
    for (let shown = ""; shown !== wanted; ) {
      shown = wanted;
      if (await arrives(shown)) for (const image of images) image.src = shown;
      else status.textContent = "This picture did not arrive. Try again in a moment.";
    }
    busy = false;
  };
}

/** @param {string} address */
function arrives(address) {
  return Object.assign(new Image(), { src: address }).decode().then(() => true, () => false);
}
