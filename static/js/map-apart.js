import { HEIGHT, THUMBNAIL, levelAt, room } from "map-levels";

/** @import { Camera } from "map-camera" */

export const FEW = 60; // cars of which each is shown as a picture
const ROUNDS = 300;

/**
 * Moves few cars, in place, so far apart that their pictures do not overlap where the whole map is shown.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {Camera} camera
 * @param {number} margin in pixels
 */
export function apart(xs, ys, camera, margin) {
  for (let round = 0; round < ROUNDS; round += 1) {
    camera.fit(xs, ys, margin);
    const width = room(levelAt(camera.scale, THUMBNAIL));
    if (!pushed(xs, ys, width, width * HEIGHT)) return;
  }
}

/**
 * Moves those that overlap half of the way apart, on the axis on which it is shorter; says whether there were any.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {number} width
 * @param {number} height
 */
function pushed(xs, ys, width, height) {
  let any = false;
  for (let i = 0; i < xs.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const right = xs[i] - xs[j], up = ys[i] - ys[j];
      const tooNear = { x: width - Math.abs(right), y: height - Math.abs(up) };
      if (Math.min(tooNear.x, tooNear.y) <= 1e-6 * width) continue;
      any = true;
      const [places, by] = tooNear.x / width < tooNear.y / height ? [xs, (right < 0 ? -tooNear.x : tooNear.x) / 2] : [ys, (up < 0 ? -tooNear.y : tooNear.y) / 2];
      places[i] += by;
      places[j] -= by;
    }
  }
  return any;
}
