import { drawing } from "player/drawing";
import { dreamsAt, roll } from "player/dreams";
import { latentsAt } from "player/latents";
import * as plans from "player/plans";
import { decode, isReady } from "player/player";
import { priced } from "player/priced";
import { Sheet } from "player/sheet";
import { fieldsAt } from "player/steering";

/** @typedef {import("player/plans").Plan} Plan */
/** @typedef {(address: URL, found: RegExpMatchArray) => Promise<Plan | Blob>} Planner */
/** @type {[RegExp, Planner][]} */
const planners = [
  [/\/circle\/(\d+)$/, async (address, [, seed]) => plans.circle(await carOf(address), {
    seed: Number(seed), radius: number(address, "radius", 1), depth: number(address, "depth", 5),
  })],
  [/\/circle\/\d+\/drawing$/, async (address, found) => drawing(
    `${beside(address, /\d+\/drawing$/, "0/drawing")}&radius=1`,
    await carOf(address),
    { seed: Number(/\d+/.exec(found[0])), radius: number(address, "radius", 1) },
  )],
  [/\/priced$/, priced],
  [/\/point$/, async (address) => plans.point(await carOf(address), {
    x: number(address, "x", 0), y: number(address, "y", 0), depth: number(address, "depth", 5),
  })],
  [/\/steer$/, async (address) => plans.steered(
    await carOf(address), await fieldsAt(beside(address, /\/cars\/.*/, "/code/directions")),
    Object.fromEntries([...address.searchParams].map(([name, text]) => [name, Number(text)])), number(address, "depth", 5),
  )],
  [/\/morph\/([^/]+)\/strip$/, async (address, [, other]) => plans.strip(
    await carOf(address), await latentsAt(beside(address, /\/cars\/.*/, `/cars/${other}/latents`)),
  )],
  [/\/explore\/dreams$/, async (address) => roll(
    await dreamsAt(`${beside(address, /dreams$/, "dreams/codes")}&roll=${address.searchParams.get("roll")}`),
    number(address, "temperature", 0.75),
  )],
];
/** @type {WeakMap<HTMLImageElement, number>} where each sheet goes on, so that all its parts move with a slider */
const turns = new WeakMap();

/**
 * Fetches what it takes to decode other pictures of this kind; but the files at all prices, which the server takes a while
 * to make, wait until their slider is touched.
 * @param {string} address
 */
export function prepare(address) {
  if (!/\/priced\?/.test(address)) plannerOf(new URL(address, location.href))?.().catch(() => {}); // who asks for the picture asks again
}

/** The planner of a picture that this browser can decode now. @param {URL} address */
function plannerOf(address) {
  if (!isReady()) return null; // the decoder has failed since
  for (const [route, plan] of planners) {
    const found = route.exec(address.pathname);
    if (found) return () => plan(address, found);
  }
  return null;
}

/**
 * Where an image finds the picture of this address: what this browser decodes, again after each part of it, or, where it
 * cannot, the address itself. An address that begins with blob: is for the taker to revoke.
 * @param {string} address
 * @param {HTMLImageElement} image shows what was asked for before, whose parts stay until the new ones are there
 * @returns {AsyncGenerator<string, void>}
 */
export async function* pictures(address, image) {
  const plan = plannerOf(new URL(address, location.href));
  try {
    if (plan) {
      const planned = await plan();
      if (planned instanceof Blob) yield URL.createObjectURL(planned);
      else yield* decoded(planned, image);
      return;
    }
  } catch (error) {
    console.info(`The server makes ${address}, because it could not be decoded here: ${error}`);
  }
  yield address;
}

/**
 * @param {Plan} plan
 * @param {HTMLImageElement} image
 */
async function* decoded(plan, image) {
  const sheet = new Sheet(plan);
  const places = plan.order ?? inTurn(plan.count, turns.get(image) ?? 0);
  if (plan.count > 1 && !plan.order) sheet.begin(image);
  for (const place of places) {
    const square = await decode({ z: plan.code(place), depth: plan.depth, price: plan.price ?? 1 });
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

/** The car whose picture this is. @param {URL} address */
function carOf(address) {
  return latentsAt(beside(address, /(\/cars\/[^/]+)\/.*/, "$1/latents"));
}

/**
 * The address of what belongs to a picture, for the same version of the model.
 * @param {URL} address
 * @param {RegExp} part of its path
 * @param {string} other
 */
function beside({ pathname, searchParams }, part, other) {
  return `${pathname.replace(part, other)}?v=${searchParams.get("v")}`;
}

/**
 * @param {URL} address
 * @param {string} name
 * @param {number} missing
 */
function number({ searchParams }, name, missing) {
  return Number(searchParams.get(name) ?? missing);
}
