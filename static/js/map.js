import { Camera, range } from "map-camera";
import { Drawing } from "map-drawing";
import { gestures } from "map-gestures";
import { HEIGHT } from "map-levels";
import { carAt, carBeyond } from "map-picking";

const MARGIN = 60; // pixels
const WIDEST = 4; // times as wide as high, for a unit of the map

/**
 * The gallery as a map that can be moved, zoomed and walked over by keyboard; pressing a car opens its page.
 * @param {HTMLElement} section
 */
export default async function map(section) {
  const canvas = section.querySelector("canvas");
  const status = section.querySelector("[data-status]");
  const rows = await fetchCars(section.dataset.cars);
  if (!rows) {
    status.textContent = "The map did not arrive. Reload the page in a moment.";
    return;
  }
  const cars = spread(rows, canvas.clientWidth / canvas.clientHeight);
  const address = (template, i) => template.replace("SLUG", rows[i][0]);
  const camera = new Camera();
  const drawing = new Drawing(canvas, cars, camera, (i) => address(section.dataset.picture, i));

  function zoom(factor, right, down) {
    if (factor) camera.zoomBy(factor, right, down);
    else camera.fit(cars.xs, cars.ys, MARGIN);
    drawing.redraw();
  }

  function open(i) {
    if (i >= 0) location.assign(address(section.dataset.car, i));
  }

  function choose(i) {
    drawing.chosen = i;
    const [right, down] = camera.screen(cars.xs[i], cars.ys[i]);
    if (right < MARGIN || down < MARGIN || right > camera.width - MARGIN || down > camera.height - MARGIN) {
      Object.assign(camera, { x: cars.xs[i], y: cars.ys[i] });
    }
    status.textContent = `Car ${i + 1} of ${rows.length}, counted from the newest. Enter opens it.`;
    drawing.redraw();
  }

  gestures(canvas, {
    zoom,
    move(right, down) {
      camera.moveBy(right, down);
      drawing.redraw();
    },
    hover: (right, down) => canvas.toggleAttribute("data-over", carAt(drawing, right, down) >= 0),
    press: (right, down) => open(carAt(drawing, right, down)),
    open: () => open(drawing.chosen),
    step(right, down) {
      const i = carBeyond(drawing, right, down);
      if (i >= 0) choose(i);
    },
  });
  for (const button of section.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  }
  new ResizeObserver(() => drawing.resize()).observe(canvas);
  drawing.resize();
  zoom(0);
  status.textContent = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "car" : "cars"}`;
}

/** The cars' places, drawn out sideways towards the canvas's proportions: left and right have no measure of their own. */
function spread(rows, proportion) {
  const xs = rows.map((row) => row[1]), ys = rows.map((row) => row[2]);
  const [left, right] = range(xs), [bottom, top] = range(ys);
  const stretch = Math.min(WIDEST, Math.max(1 / HEIGHT, (proportion * (top - bottom)) / Math.max(right - left, 1)));
  return { xs: xs.map((x) => x * stretch), ys };
}

/** Slug, x and y of each; null when they cannot be had. */
async function fetchCars(address) {
  try {
    const response = await fetch(address);
    return (await response.json()).cars;
  } catch {
    return null;
  }
}
