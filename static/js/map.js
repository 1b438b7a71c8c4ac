import { find, findAll, read } from "find";
import { FEW, apart } from "map-apart";
import { Between } from "map-between";
import { Camera } from "map-camera";
import { fetchCars, spread } from "map-cars";
import { Drawing } from "map-drawing";
import { gestures } from "map-gestures";
import { carAt, carBeyond } from "map-picking";

const MARGIN = 60; // pixels

/**
 * The gallery as a map that can be moved, zoomed and walked over by keyboard; pressing a car opens its page.
 * @param {HTMLElement} section
 */
export default async function map(section) {
  const canvas = find(section, "canvas", HTMLCanvasElement);
  const status = find(section, "[data-status]", HTMLElement);
  const rows = await fetchCars(read(section, "cars"));
  if (!rows) {
    status.textContent = "The map did not arrive. Reload the page in a moment.";
    return;
  }
  const cars = spread(rows, canvas.clientWidth / canvas.clientHeight);
  const slugs = rows.map(([slug]) => slug), count = rows.length;
  /** @type {(template: string, i: number) => string} */
  const address = (template, i) => template.replace("SLUG", slugs[i]);
  const camera = new Camera();
  const between = new Between(find(section, ".map-between", HTMLElement), cars.stretch, status);
  const drawing = new Drawing(canvas, cars, camera, (i) => address(read(section, "picture"), i));

  /** @type {(factor: number, right?: number, down?: number) => void} */
  function zoom(factor, right, down) {
    between.hide();
    if (factor) camera.zoomBy(factor, right, down);
    else camera.fit(cars.xs, cars.ys, MARGIN);
    drawing.redraw();
  }

  /** @param {number} i */
  function open(i) {
    if (i >= 0) location.assign(address(read(section, "car"), i));
  }

  /** @param {number} i */
  function choose(i) {
    drawing.chosen = i;
    const [right, down] = camera.screen(cars.xs[i], cars.ys[i]);
    if (right < MARGIN || down < MARGIN || right > camera.width - MARGIN || down > camera.height - MARGIN) {
      Object.assign(camera, { x: cars.xs[i], y: cars.ys[i] });
    }
    status.textContent = `Car ${i + 1} of ${count}, counted from the newest. Enter opens it.`;
    drawing.redraw();
  }

  gestures(canvas, {
    zoom,
    move(right, down) {
      between.hide();
      camera.moveBy(right, down);
      drawing.redraw();
    },
    hover: (right, down) => canvas.toggleAttribute("data-over", carAt(drawing, right, down) >= 0),
    press(right, down) {
      const i = carAt(drawing, right, down);
      if (i >= 0) open(i);
      else between.show(right, down, ...camera.point(right, down));
    },
    open: () => open(drawing.chosen),
    step(right, down) {
      const i = carBeyond(drawing, right, down);
      if (i >= 0) choose(i);
    },
  });
  for (const button of findAll(section, "[data-zoom]", HTMLElement)) {
    button.addEventListener("click", () => zoom(Number(read(button, "zoom"))));
  }
  new ResizeObserver(() => drawing.resize()).observe(canvas);
  drawing.resize();
  if (count <= FEW) apart(cars.xs, cars.ys, camera, MARGIN);
  zoom(0);
  status.textContent = `${count.toLocaleString("en")} ${count === 1 ? "car" : "cars"}`;
}
