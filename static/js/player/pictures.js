import { arrives } from "arrives";
import { planAt } from "player/planners";
import { decode, isReady } from "player/player";
import { Sheet } from "player/sheet";

/** @typedef {import("player/plans").Plan} Plan */
/** @type {WeakMap<HTMLImageElement, number>} where each sheet goes on, so that all its parts move with a slider */
const turns = new WeakMap();

/**
 * Where an image finds the picture of this address: what this browser decodes, again after each part of it, or, where it
 * cannot, the address itself. An address that begins with blob: is for the taker to revoke.
 * @param {string} address
 * @param {HTMLImageElement} image shows what was asked for before, whose parts stay until the new ones are there
 * @returns {AsyncGenerator<string, void>}
 */
export async function* pictures(address, image) {
  try {
    const plan = await planOrNull(address);
    if (plan instanceof Blob) yield URL.createObjectURL(plan);
    else if (plan) yield* decoded(plan, image);
    if (plan) return;
  } catch (error) {
    console.info(`The server makes ${address}, because it could not be decoded here: ${error}`);
  }
  yield address;
}

/**
 * What the picture of this address is decoded from; null where it cannot be decoded here, or where the server's picture
 * arrives before what it takes to decode it.
 * @param {string} address
 */
async function planOrNull(address) {
  const planning = isReady() && planAt(new URL(address, location.href));
  if (!planning) return null; // or the decoder has failed since
  let isPlanned = false;
  planning.then(() => { isPlanned = true; }, () => {});

  async function meanwhile() {
    await new Promise((resolve) => { setTimeout(resolve); }); // what has arrived before is there by now
    return isPlanned || !(await arrives(address)) ? planning : null;
  }

  return Promise.race([planning, meanwhile()]);
}

/**
 * @param {Plan} plan
 * @param {HTMLImageElement} image
 */
async function* decoded(plan, image) {
  const sheet = new Sheet(plan);
  const places = plan.order ?? inTurn(plan.count, turns.get(image) ?? 0);
  if (plan.count > 1 && !plan.order) sheet.begin(image);
  const squareAt = (/** @type {number} */ place) => decode({ z: plan.code(place), depth: plan.depth, price: plan.price ?? 1 });
  /** @type {Promise<ImageData> | null} */
  let next = null;
  for (const [turn, place] of places.entries()) {
    const square = await (next ?? squareAt(place));
    // The next one is decoded while this one is shown; but not behind the first, which is all that a moving slider waits for.
    next = turn && turn + 1 < places.length ? squareAt(places[turn + 1]) : null;
    next?.catch(() => {}); // nobody waits for it where the slider has moved on
    if (plan.order) sheet.spread(place, square);
    else sheet.put(place, square);
    turns.set(image, place + 1);
    yield sheet.address();
  }
}

/**
 * All places, from one of them on.
 * @param {number} count
 * @param {number} start
 */
function inTurn(count, start) {
  return Array.from({ length: count }, (_, turn) => (start + turn) % count);
}
