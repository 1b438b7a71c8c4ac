const LOST = "This picture did not arrive. Try again in a moment.";

/**
 * Returns a function that loads the picture at an address and then shows it in all of these images.
 * While one is loading, only the latest address waits, so a slider neither floods the server nor lags.
 * One that did not arrive is loaded again when the connection is back.
 * @param {HTMLImageElement[]} images
 * @param {HTMLElement} status where to say that a picture did not arrive
 */
export function newest(images, status) {
  let wanted = "";
  let busy = false;
  let lost = false;

  /** @param {string} address */
  async function show(address) {
    wanted = address;
    if (busy) return;
    busy = true;
    for (let shown = ""; shown !== wanted; ) {
      shown = wanted;
      const arrived = await arrives(shown);
      if (arrived) for (const image of images) image.src = shown;
      if (!arrived) status.textContent = LOST;
      else if (lost && status.textContent === LOST) status.textContent = "";
      lost = !arrived;
    }
    busy = false;
  }

  addEventListener("online", () => { if (lost) show(wanted); });
  return show;
}

/** @param {string} address */
function arrives(address) {
  return Object.assign(new Image(), { src: address }).decode().then(() => true, () => false);
}
