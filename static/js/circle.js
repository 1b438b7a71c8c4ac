import { remember } from "address";
import { find, findAll, read } from "find";
import { newest } from "newest";

/**
 * Shows the circle and its eight cars for another radius, depth, seed or price of the code.
 * @param {HTMLElement} section
 */
export default function circle(section) {
  const radius = find(document, "[form=state][name=radius]", HTMLInputElement);
  const depth = find(document, "[form=state][name=depth]", HTMLInputElement);
  const price = find(document, "[form=state][name=price]", HTMLSelectElement);
  const again = find(section, "[data-again]", HTMLElement);
  const status = find(section, "[data-status]", HTMLElement);
  const showCars = newest(findAll(section, ".circle-cars img", HTMLImageElement), status);
  const showDrawing = newest([find(section, "[data-drawing]", HTMLImageElement)], status);
  let seed = new URLSearchParams(location.search).get("seed") ?? "0";
  let drawing = "";

  function say() {
    find(section, "[data-radius]", HTMLElement).textContent = radius.value;
    radius.ariaValueText = `${radius.value} standard deviation${radius.value === "1" ? "" : "s"}`;
  }

  async function show() {
    say();
    const query = new URLSearchParams({ radius: radius.value, depth: depth.value, price: price.value, v: read(section, "version") });
    const path = read(section, "circle").replace(/0$/, seed);
    const cars = `${path}?${query}`;
    query.delete("depth");
    drawing = `${path}/drawing?${query}`;
    // The cars first: the drawing's request would delay theirs. Meanwhile the slider may have moved on.
    await showCars(cars);
    showDrawing(drawing);
  }

  radius.addEventListener("input", show);
  radius.addEventListener("change", () => remember({ radius: radius.value }));
  depth.addEventListener("input", show);
  price.addEventListener("change", show);
  again.addEventListener("click", (event) => {
    event.preventDefault();
    seed = String(Math.floor(Math.random() * Number(read(section, "maxSeed"))));
    remember({ seed, radius: radius.value, depth: depth.value });
    status.textContent = `Eight other draws, of seed ${seed}. The link to this page shows these eight.`;
    show();
  });
  say();
}
