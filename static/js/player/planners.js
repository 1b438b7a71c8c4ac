import { arraysAt } from "coding/npz";
import { beside, besideCar, depthOf, number, tablesOf } from "player/beside";
import { drawing } from "player/drawing";
import { dreamsAt, roll } from "player/dreams";
import { latentsAt, posteriorsAt } from "player/latents";
import * as plans from "player/plans";
import { priced } from "player/priced";
import { fieldsAt } from "player/steering";

/** @typedef {import("player/plans").Plan} Plan */
/** @typedef {(address: URL, found: RegExpMatchArray) => Promise<Plan | Blob>} Planner */
/** @type {[RegExp, Planner][]} */
const planners = [
  [/\/circle\/(\d+)$/, async (address, [, seed]) => plans.circle(await carOf(address), {
    seed: Number(seed), radius: number(address, "radius", 1), depth: depthOf(address),
  })],
  [/\/circle\/\d+\/drawing$/, async (address, found) => drawing(
    beside(address, /\d+\/drawing$/, "0/drawing", { radius: "1", price: "1" }), // which the page has shown
    await carOf(address),
    { seed: Number(/\d+/.exec(found[0])), radius: number(address, "radius", 1) },
  )],
  [/\/priced$/, async (address) => priced(address, { files: besideCar(address, "files"), tables: tablesOf(address) })],
  [/\/point$/, async (address) => plans.point(await carOf(address), {
    x: number(address, "x", 0), y: number(address, "y", 0), depth: depthOf(address),
  })],
  [/\/steer$/, async (address) => plans.steered(
    await carOf(address), await fieldsAt(beside(address, /\/cars\/.*/, "/code/directions")),
    Object.fromEntries([...address.searchParams].map(([name, text]) => [name, Number(text)])), depthOf(address),
  )],
  [/\/morph\/([^/]+)\/strip$/, async (address, [, other]) => plans.strip(
    await carOf(address), await latentsAt(beside(address, /\/cars\/.*/, `/cars/${other}/latents`)),
  )],
  [/\/explore\/dreams$/, async (address) => roll(
    await dreamsAt(beside(address, /dreams$/, "dreams/codes", { roll: address.searchParams.get("roll") ?? "" })),
    number(address, "temperature", 0.75),
  )],
];

/**
 * Fetches what it takes to decode other pictures of this kind; but the files at all prices, which the server takes a while
 * to make, wait until their slider is touched.
 * @param {string} source
 */
export function prepare(source) {
  const address = new URL(source, location.href);
  const isPriced = /\/priced$/.test(address.pathname);
  const fetched = isPriced ? [arraysAt(tablesOf(address)), posteriorsAt(besideCar(address, "posteriors"))] : [planAt(address)];
  for (const one of fetched) one?.catch(() => {}); // who asks for the picture asks again
}

/**
 * What the picture of an address is decoded from, which arrives from the server once; null for a picture that only the
 * server makes.
 * @param {URL} address
 */
export function planAt(address) {
  for (const [route, plan] of planners) {
    const found = route.exec(address.pathname);
    if (found) return plan(address, found);
  }
  return null;
}

/** The car whose picture this is, at the price of its code that the address names. @param {URL} address */
async function carOf(address) {
  const car = latentsAt(besideCar(address, "latents"));
  const price = number(address, "price", 1);
  if (price === 1) return car;
  const posterior = await posteriorsAt(besideCar(address, "posteriors"));
  return { ...await car, ...posterior(price) };
}
