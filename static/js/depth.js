import { remember } from "address";
import { find, findAll, read } from "find";
import { opensNewTab } from "new-tab";

/**
 * Moves every picture that shows the car at a depth to the chosen one: all depths are in one sheet, so nothing is loaded.
 * The steps below the slider press it; without scripts each is a link to its picture.
 * @param {HTMLElement} section
 */
export default function depth(section) {
  const range = find(section, "input[type=range]", HTMLInputElement);
  const steps = findAll(section, "a", HTMLAnchorElement);
  const status = find(section, "[data-status]", HTMLElement);

  function show() {
    for (const sprite of findAll(document, "[data-depth]", HTMLElement)) sprite.style.setProperty("--stop", range.value);
    steps.forEach((step, number) => { step.ariaCurrent = number + 1 === Number(range.value) ? "true" : null; });
    range.ariaValueText = read(steps[Number(range.value) - 1], "words");
  }

  section.style.setProperty("--levels", range.max);
  range.addEventListener("input", show);
  range.addEventListener("change", () => remember({ depth: range.value }));

  steps.forEach((step, number) => {
    step.addEventListener("click", (event) => {
      if (opensNewTab(event)) return;
      event.preventDefault();
      range.value = String(number + 1);
      range.dispatchEvent(new Event("input"));
      range.dispatchEvent(new Event("change"));
      status.textContent = read(step, "words");
    });
  });
  show();
}
