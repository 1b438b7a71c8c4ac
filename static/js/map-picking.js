/** @import { Drawing } from "map-drawing" */

const REACH = 14; // pixels around a dot that count as the dot

/**
 * The car at this pixel of a drawing, by its picture or its dot; -1 where there is none.
 * @param {Drawing} drawing
 * @param {number} right
 * @param {number} down
 */
export function carAt({ tiles, cars, camera }, right, down) {
  const tile = tiles.findLast((t) => right >= t.left && right <= t.left + t.width && down >= t.top && down <= t.top + t.height);
  if (tile) return tile.i;
  let nearest = -1, reach = REACH;
  cars.xs.forEach((x, i) => {
    const [carRight, carDown] = camera.screen(x, cars.ys[i]);
    const distance = Math.hypot(carRight - right, carDown - down);
    if (distance < reach) [nearest, reach] = [i, distance];
  });
  return nearest;
}

/**
 * The next picture in this direction from the chosen car, or the chosen one where there is none; while none is chosen,
 * the picture nearest to the middle.
 * @param {Drawing} drawing
 * @param {number} right 1, 0 or -1
 * @param {number} down 1, 0 or -1
 */
export function carBeyond({ tiles, cars: { xs, ys }, camera, chosen }, right, down) {
  const [fromRight, fromDown] = chosen >= 0 ? camera.screen(xs[chosen], ys[chosen]) : [camera.width / 2, camera.height / 2];
  let nearest = chosen, least = Infinity;
  for (const { i, left, top, width, height } of tiles) {
    const x = left + width / 2 - fromRight, y = top + height / 2 - fromDown;
    const ahead = x * right + y * down, aside = Math.abs(x * down - y * right);
    const distance = chosen >= 0 ? ahead + 2 * aside : Math.hypot(x, y);
    if ((chosen < 0 || ahead > aside / 2) && i !== chosen && distance < least) [nearest, least] = [i, distance];
  }
  return nearest;
}
