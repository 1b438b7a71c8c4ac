import { remember } from "address";
import { newest } from "newest";

/**
 * Draws the circle and its eight cars anew when radius or depth change, and rolls other ones.
 * @param {HTMLElement} section
 */
export default function circle(section) {
  const { radius, depth } = document.forms.state.elements;
  const again = section.querySelector("[data-again]");
  const status = section.querySelector("[data-status]");
  const showCars = newest([...section.querySelectorAll(".circle-cars img")], status);
  const showDrawing = newest([section.querySelector("[data-drawing]")], status);
  let seed = new URLSearchParams(location.search).get("seed") ?? "0";

  // The cars first: the drawing would take turns with them on the server.
  async function show() {
    section.querySelector("[data-radius]").textContent = radius.value;
    const query = new URLSearchParams({ radius: radius.value, depth: depth.value, v: section.dataset.version });
    const path = section.dataset.circle.replace(/0$/, seed);
    await showCars(`${path}?${query}`);
    showDrawing(`${path}/drawing?${query}`);
  }

  radius.addEventListener("input", show);
  radius.addEventListener("change", () => remember({ radius: radius.value }));
  depth.addEventListener("input", show);
  again.addEventListener("click", (event) => {
    event.preventDefault();
    seed = String(Math.floor(Math.random() * section.dataset.maxSeed));
    remember({ seed, radius: radius.value, depth: depth.value });
    status.textContent = `Roll ${seed}: eight other points. The link to this page shows these eight.`;
    show();
  });
}
