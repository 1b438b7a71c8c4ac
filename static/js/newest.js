import { arrives } from "arrives";
import { isReady } from "player/player";

const LOST = "This picture did not arrive. Try again in a moment.";
const TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Returns a function that shows the picture at an address in all of these images: decoded by this browser where it can,
 * else loaded. Their data-address says which one they show.
 * While one is loading, only the latest address waits, so a slider neither floods the server nor lags.
 * One that did not arrive is loaded again when the connection is back.
 * @param {HTMLImageElement[]} images
 * @param {HTMLElement} status where to say that a picture did not arrive
 */
export function newest(images, status) {
  let wanted = "";
  let busy = false;
  let lost = false;
  let tries = 0; // left since the connection came back: at first it may carry nothing yet

  /** @param {string} address */
  async function show(address) {
    wanted = address;
    if (busy) return;
    busy = true;
    let shown = "";
    while (shown !== wanted) {
      shown = wanted;
      say(await load(shown));
      if (lost && tries) {
        tries -= 1;
        shown = ""; // once more
        await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
      }
    }
    busy = false;
  }

  /**
   * Shows what there is of the picture, one source after another. Resolves to whether the last one arrived.
   * @param {string} address
   */
  async function load(address) {
    let arrived = false;
    for await (const source of sources(address, images[0])) {
      arrived = await arrives(source);
      if (arrived) present(source, address);
      if (address !== wanted) break; // the slider has moved on
    }
    return arrived;
  }

  /** @param {boolean} arrived */
  function say(arrived) {
    if (!arrived) status.textContent = LOST;
    else if (lost && status.textContent === LOST) status.textContent = "";
    lost = !arrived;
  }

  /**
   * @param {string} source
   * @param {string} address
   */
  function present(source, address) {
    const before = images[0].src;
    for (const image of images) {
      image.dataset.address = address;
      image.src = source;
    }
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
  }

  addEventListener("online", () => {
    tries = TRIES;
    if (lost) show(wanted);
  });
  return show;
}

/**
 * Where an image finds the picture of this address: see player/pictures, which is loaded after the decoder alone.
 * @param {string} address
 * @param {HTMLImageElement} image
 */
async function* sources(address, image) {
  const player = isReady() ? await import("player/pictures").catch(() => null) : null;
  if (player) yield* player.pictures(address, image);
  else yield address;
}
