import { drawing } from "player/drawing";
import { latentsAt } from "player/latents";
import * as plans from "player/plans";
import { decode, isReady } from "player/player";
import { priced } from "player/priced";
import { Sheet } from "player/sheet";

/** @typedef {import("player/plans").Plan} Plan */
/** @typedef {(address: URL, found: RegExpMatchArray) => Promise<Plan | Blob>} Planner */
/** @type {[RegExp, Planner][]} */
const planners = [
  [/\/circle\/(\d+)$/, async (address, [, seed]) => plans.circle(await carOf(address), {
    seed: Number(seed), radius: number(address, "radius", 1), depth: number(address, "depth", 5),
  })],
  [/\/circle\/\d+\/drawing$/, async (address, found) => drawing(
    address.href.replace(/\d+\/drawing.*/, `0/drawing?radius=1&v=${address.searchParams.get("v")}`),
    await carOf(address),
    { seed: Number(/\d+/.exec(found[0])), radius: number(address, "radius", 1) },
  )],
  [/\/priced$/, priced],
  [/\/point$/, async (address) => plans.point(await carOf(address), {
    x: number(address, "x", 0), y: number(address, "y", 0), depth: number(address, "depth", 5),
  })],
];
/** @type {WeakMap<HTMLImageElement, number>} where each sheet goes on, so that all its parts move with a slider */
const turns = new WeakMap();

/** Fetches what it takes to paint other pictures of this kind. @param {string} address */
export function prepare(address) {
  plannerOf(new URL(address, location.href))?.().catch(() => {}); // who asks for the picture asks again
}

/** The planner of a picture that this browser can paint now. @param {URL} address */
function plannerOf(address) {
  if (!isReady()) return null;
  for (const [route, plan] of planners) {
    const found = route.exec(address.pathname);
    if (found) return () => plan(address, found);
  }
  return null;
}

/**
 * Where an image finds the picture of this address: what this browser paints, again after each part of it, or, where it
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
      else yield* painted(planned, image);
      return;
    }
  } catch (error) {
    console.info(`The server paints ${address}, because it could not be painted here: ${error}`);
  }
  yield address;
}

/**
 * @param {Plan} plan
 * @param {HTMLImageElement} image
 */
async function* painted(plan, image) {
  const sheet = new Sheet(plan);
  const start = turns.get(image) ?? 0;
  if (plan.count > 1) sheet.begin(image);
  for (let turn = start; turn < start + plan.count; turn += 1) {
    const place = turn % plan.count;
    sheet.put(place, await decode({ z: plan.code(place), depth: plan.depth, price: plan.price ?? 1 }));
    turns.set(image, place + 1);
    yield sheet.address();
  }
}

/** The car whose picture this is. @param {URL} address */
function carOf(address) {
  const path = address.pathname.replace(/(\/cars\/[^/]+)\/.*/, "$1/latents");
  return latentsAt(`${path}?v=${address.searchParams.get("v")}`);
}

/**
 * @param {URL} address
 * @param {string} name
 * @param {number} missing
 */
function number({ searchParams }, name, missing) {
  return Number(searchParams.get(name) ?? missing);
}
