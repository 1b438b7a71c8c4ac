import { find, findAll, read } from "find";

const MOST = 8;

/**
 * Enlarges all pictures of the stage alike, by its buttons and by what it returns.
 * @param {HTMLElement} bench
 * @param {HTMLElement} stage
 */
export function magnifier(bench, stage) {
  const output = find(bench, "[data-scale]", HTMLElement);
  let scale = 1, left = 0, top = 0; // where the pictures' corner lies, in pixels of the stage

  function show() {
    left = Math.min(0, Math.max(stage.clientWidth * (1 - scale), left));
    top = Math.min(0, Math.max(stage.clientHeight * (1 - scale), top));
    for (const [name, value] of [["--zoom", `${scale}`], ["--left", `${left}px`], ["--top", `${top}px`]]) stage.style.setProperty(name, value);
    stage.classList.toggle("compare-zoomed", scale > 1);
    output.textContent = `${Number(scale.toFixed(1))} ×`;
  }

  /**
   * Enlarges around a place, so that what lies there stays there.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const before = scale;
    scale = Math.min(MOST, Math.max(1, scale * factor));
    left = x - ((x - left) * scale) / before;
    top = y - ((y - top) * scale) / before;
    show();
    return scale !== before;
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  function pan(right, down) {
    left += right;
    top += down;
    show();
  }

  for (const button of findAll(bench, "[data-zoom]", HTMLElement)) {
    button.addEventListener("click", () => zoom(Number(read(button, "zoom"))));
  }
  addEventListener("resize", show);
  return { zoom, pan, scale: () => scale };
}
