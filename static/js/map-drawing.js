import { FEW } from "map-apart";
import { HEIGHT, THUMBNAIL, levelAt, levels, room } from "map-levels";
import { Thumbnails } from "map-thumbnails";

/** @import { Camera } from "map-camera" */

const GAP = 4;
const RING = 14; // pixels around a chosen dot

/** @typedef {{ i: number, left: number, top: number, width: number, height: number }} Tile of car i, in pixels */
/** @typedef {{ xs: number[], ys: number[] }} Cars the first are the first to get a picture */

/** Draws cars on a canvas: a picture where there is room for it, a dot where there is none. */
export class Drawing {
  #drawing = 0;
  /** @type {Tile[]} what is drawn as a picture */
  tiles = [];
  chosen = -1;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Cars} cars
   * @param {Camera} camera
   * @param {(i: number) => string} picture a car's address
   */
  constructor(canvas, cars, camera, picture) {
    this.canvas = canvas;
    this.cars = cars;
    this.camera = camera;
    this.picture = picture;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.first = cars.xs.length <= FEW ? new Uint8Array(cars.xs.length) : levels(cars.xs, cars.ys);
    this.thumbnails = new Thumbnails(() => this.redraw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Draws before the next frame, once, however often it is asked to. */
  redraw() {
    this.#drawing ||= requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#draw();
    });
  }

  resize() {
    const { camera, canvas } = this, density = Math.min(2, devicePixelRatio);
    Object.assign(camera, { width: canvas.clientWidth, height: canvas.clientHeight });
    Object.assign(canvas, { width: camera.width * density, height: camera.height * density });
    this.context.setTransform(density, 0, 0, density, 0, 0);
    this.redraw();
  }

  #draw() {
    const { camera, context, first, cars: { xs, ys } } = this;
    const level = levelAt(camera.scale, THUMBNAIL);
    const width = Math.min(room(level) * camera.scale, 2 * THUMBNAIL) - GAP, height = width * HEIGHT;
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, camera.width, camera.height);
    context.fillStyle = style.color;
    this.tiles = [];
    for (let i = 0; i < xs.length; i += 1) {
      const [right, down] = camera.screen(xs[i], ys[i]);
      if (right < -width || down < -height || right > camera.width + width || down > camera.height + height) continue;
      if (first[i] <= level) this.tiles.push({ i, left: right - width / 2, top: down - height / 2, width, height });
      else context.fillRect(right - 1.5, down - 1.5, 3, 3);
    }
    for (const tile of this.tiles) this.#drawTile(tile);
    if (this.chosen >= 0) {
      const [right, down] = camera.screen(xs[this.chosen], ys[this.chosen]);
      const [w, h] = first[this.chosen] <= level ? [width, height] : [RING, RING];
      context.lineWidth = 3;
      context.strokeStyle = style.getPropertyValue("--map-chosen");
      context.strokeRect(right - w / 2, down - h / 2, w, h);
    }
    this.thumbnails.want(this.tiles.map(({ i }) => this.picture(i)));
  }

  /**
   * The picture, cut to the tile's proportions.
   * @param {Tile} tile
   */
  #drawTile({ i, left, top, width, height }) {
    this.context.fillStyle = "white";
    this.context.fillRect(left, top, width, height);
    const picture = this.thumbnails.get(this.picture(i));
    if (!picture) return;
    const { naturalWidth, naturalHeight } = picture;
    const shownWidth = Math.min(naturalWidth, naturalHeight / HEIGHT), shownHeight = shownWidth * HEIGHT;
    const [fromLeft, fromTop] = [(naturalWidth - shownWidth) / 2, (naturalHeight - shownHeight) / 2];
    this.context.drawImage(picture, fromLeft, fromTop, shownWidth, shownHeight, left, top, width, height);
  }
}
