import { model } from "player/model";

/** @param {URL} address @param {string} other */
export function besideCar(address, other) {
  return beside(address, /(\/cars\/[^/]+)\/.*/, `$1/${other}`);
}

/** @param {URL} address */
export function tablesOf(address) {
  return beside(address, /\/cars\/.*/, "/code/tables");
}

/**
 * The address of what belongs to a picture, for the same version of the model.
 * @param {URL} address
 * @param {RegExp} part of its path
 * @param {string} other
 * @param {Record<string, string>} query
 */
export function beside({ pathname, searchParams }, part, other, query = {}) {
  return `${pathname.replace(part, other)}?${new URLSearchParams({ ...query, v: searchParams.get("v") ?? "" })}`;
}

/**
 * @param {URL} address
 * @param {string} name
 * @param {number} missing
 */
export function number({ searchParams }, name, missing) {
  return Number(searchParams.get(name) ?? missing);
}

/** The depth that the address of a picture names, or else full depth. @param {URL} address */
export function depthOf(address) {
  return number(address, "depth", model().grids.length);
}
