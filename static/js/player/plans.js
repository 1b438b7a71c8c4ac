import { mix } from "player/mixing";
import { levelSizes, model } from "player/model";
import { noiseOf } from "player/noise";
import { steer } from "player/steering";

/**
 * What a sheet shows: each of its pictures is decoded from the code in its place, counted from 0.
 * @typedef {import("player/sheet").Layout & { code: (place: number) => Float32Array, depth: number, price?: number, order?: number[] }} Plan
 * `price` is 1 where it is not said. `order`: of the places, of which each also shows its nearest one until it has its own.
 * @typedef {import("player/latents").Latents} Latents
 */

/**
 * Eight draws from the circle, as reconstruct.pictures.circle.Points.
 * @param {Latents} car
 * @param {{ seed: number, radius: number, depth: number }} asked
 * @returns {Plan}
 */
export function circle({ mean, logvar, ...layout }, { seed, radius, depth }) {
  const noise = noiseOf(seed, mean.length);

  /** @param {number} place */
  function code(place) {
    const drawn = noise(place);
    return mean.map((number, at) => number + radius * Math.exp(logvar[at] / 2) * drawn[at]);
  }

  const { circle_cars: count } = model();
  return { ...layout, count, columns: count, code, depth };
}

/**
 * The mean, moved in the two numbers of the drawing, as reconstruct.pictures.circle.Point.
 * @param {Latents} car
 * @param {{ x: number, y: number, depth: number }} asked
 * @returns {Plan}
 */
export function point(car, { x, y, depth }) {
  const [first, second] = car.pair;
  const code = car.mean.slice();
  code[first] += x;
  code[second] += y;
  return { ...car, count: 1, columns: 1, code: () => code, depth };
}

/**
 * The morph to another car, as reconstruct.pictures.morphs.frames; first in large steps.
 * @param {Latents} car
 * @param {Latents} other
 * @returns {Plan}
 */
export function strip(car, other) {
  const sizes = levelSizes();
  const { morph_frames: count } = model();
  const [left, top, right, bottom] = car.frame.map((side, at) => [side, other.frame[at]]);
  const frame = [Math.min(...left), Math.min(...top), Math.max(...right), Math.max(...bottom)];
  const steps = [12, 6, 3, 1].map((step) => [...Array(count).keys()].filter((place) => place % step === 0));
  return {
    frame, mirrored: car.mirrored, count, columns: count, depth: sizes.length, order: [...new Set(steps.flat())],
    code: (place) => mix(car.mean, other.mean, place / (count - 1), sizes),
  };
}

/**
 * The car as it is steered.
 * @param {Latents} car
 * @param {import("player/steering").Fields} fields
 * @param {import("player/steering").Amounts} amounts
 * @param {number} depth
 * @returns {Plan}
 */
export function steered(car, fields, amounts, depth) {
  return { ...car, count: 1, columns: 1, depth, code: () => steer(car.mean, amounts, fields, depth) };
}
