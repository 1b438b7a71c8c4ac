import { find, read } from "find";

/**
 * The served model, as the page describes it: a code's levels, top first, each `channels` numbers at size × size places;
 * the side of its pictures, and how many of them a circle and a morph have.
 * @typedef {{ channels: number, size: number }} Grid
 * @typedef {{ grids: Grid[], directions: { name: string, steps: number }[], side: number, circle_cars: number, morph_frames: number }} Model
 */

/** @returns {Model} */
export function model() {
  return JSON.parse(read(find(document, "[data-player]", HTMLElement), "model"));
}

/** How many numbers each level has. @returns {number[]} */
export function levelSizes() {
  return model().grids.map(({ channels, size }) => channels * size * size);
}
