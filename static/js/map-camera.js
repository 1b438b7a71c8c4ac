const CLOSEST = 150_000; // pixels a unit: two cars that differ in the third decimal stand side by side

/** What the canvas shows of the map: the point in its middle, and how many pixels a unit takes. y goes upwards. */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  farthest = 1;
  width = 1;
  height = 1;

  /**
   * The pixel of a point of the map: from the left, from the top.
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]}
   */
  screen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (this.y - y) * this.scale + this.height / 2];
  }

  /**
   * The point of the map at a pixel.
   * @param {number} right
   * @param {number} down
   * @returns {[number, number]}
   */
  point(right, down) {
    return [this.x + (right - this.width / 2) / this.scale, this.y - (down - this.height / 2) / this.scale];
  }

  /**
   * @param {number} right in pixels
   * @param {number} down
   */
  moveBy(right, down) {
    this.x -= right / this.scale;
    this.y += down / this.scale;
  }

  /**
   * Zooms so that what is at this pixel stays there.
   * @param {number} factor
   * @param {number} right
   * @param {number} down
   */
  zoomBy(factor, right = this.width / 2, down = this.height / 2) {
    const scale = Math.min(CLOSEST, Math.max(this.farthest, this.scale * factor));
    const moved = 1 / this.scale - 1 / scale;
    this.x += (right - this.width / 2) * moved;
    this.y -= (down - this.height / 2) * moved;
    this.scale = scale;
  }

  /**
   * Shows all of the points, with `margin` pixels around them.
   * @param {number[]} xs
   * @param {number[]} ys
   * @param {number} margin
   */
  fit(xs, ys, margin) {
    const [left, right, bottom, top] = [...range(xs), ...range(ys)];
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    const across = Math.max(right - left, 1), upwards = Math.max(top - bottom, 1);
    this.scale = Math.min((this.width - 2 * margin) / across, (this.height - 2 * margin) / upwards);
    this.farthest = this.scale / 2;
  }
}

/**
 * The least and the greatest of the values.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function range(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
