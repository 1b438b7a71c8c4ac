import { find, findAll, read } from "find";
import { newest } from "newest";

/**
 * Shows the car as the sliders steer it.
 * @param {HTMLFormElement} form
 */
export default function steer(form) {
  const sliders = findAll(form, "input[type=range]", HTMLInputElement);
  const keep = find(form, "[type=submit]", HTMLButtonElement);
  const status = find(form, "[data-status]", HTMLElement);
  const showCar = newest([find(form, "[data-steered]", HTMLImageElement)], status);

  function show() {
    const moved = sliders.filter((slider) => Number(slider.value));
    const address = new URL(read(form, "steer"), location.href);
    for (const slider of moved) address.searchParams.set(slider.name, slider.value);
    keep.disabled = !moved.length;
    showCar(address.href);
  }

  form.addEventListener("input", show);
  form.addEventListener("reset", () => {
    setTimeout(show); // the sliders are set after this event
    status.textContent = "All sliders are in the middle again.";
  });
  form.addEventListener("dblclick", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !sliders.includes(target)) return;
    target.value = "0";
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  keep.disabled = true; // until there is something to keep
}
