import { remember } from "address";

/**
 * Moves every picture that shows the car at a depth to the chosen one: all depths are in one sheet, so nothing is loaded.
 * The steps below the slider press it; without scripts each is a link to its picture.
 * @param {HTMLElement} section
 */
export default function depth(section) {
  const range = section.querySelector("input[type=range]");
  const steps = [...section.querySelectorAll("a")];
  const status = section.querySelector("[data-status]");

  function show() {
    for (const sprite of document.querySelectorAll("[data-depth]")) sprite.style.setProperty("--stop", range.value);
    steps.forEach((step, number) => { step.ariaCurrent = number + 1 === Number(range.value) ? "true" : null; });
    range.ariaValueText = steps[range.value - 1].dataset.words;
  }

  range.addEventListener("input", show);
  range.addEventListener("change", () => remember({ depth: range.value }));

  steps.forEach((step, number) => {
    step.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      range.value = String(number + 1);
      range.dispatchEvent(new Event("input"));
      range.dispatchEvent(new Event("change"));
      status.textContent = step.dataset.words;
    });
  });
  show();
}
