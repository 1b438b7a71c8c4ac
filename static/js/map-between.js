import { find, read } from "find";
import { newest } from "newest";

const GAP = 12; // pixels between the place and its picture

/** What the model decodes from a place of the map where no car is. */
export class Between {
  right = 0;
  down = 0;

  /**
   * @param {HTMLElement} figure
   * @param {number} stretch of the map, sideways
   * @param {HTMLElement} status
   */
  constructor(figure, stretch, status) {
    this.figure = figure;
    this.stretch = stretch;
    this.image = find(figure, "img", HTMLImageElement);
    this.showNewest = newest([this.image], status);
    this.image.addEventListener("load", () => {
      figure.hidden = false;
      const room = /** @type {HTMLElement} */ (figure.parentElement);
      figure.style.left = `${Math.max(0, Math.min(this.right + GAP, room.clientWidth - figure.offsetWidth))}px`;
      figure.style.top = `${Math.max(0, Math.min(this.down + GAP, room.clientHeight - figure.offsetHeight))}px`;
      status.textContent = "Decoded from this place";
    });
  }

  /**
   * @param {number} right in pixels
   * @param {number} down
   * @param {number} x of the map
   * @param {number} y
   */
  show(right, down, x, y) {
    Object.assign(this, { right, down });
    const address = new URL(read(this.figure, "between"), location.href);
    address.searchParams.set("x", (x / this.stretch).toFixed(2));
    address.searchParams.set("y", y.toFixed(2));
    this.showNewest(address.href);
  }

  hide() {
    this.figure.hidden = true;
  }
}
