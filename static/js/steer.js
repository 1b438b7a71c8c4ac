import { newest } from "newest";

/**
 * Shows the car as the sliders steer it.
 * @param {HTMLFormElement} form
 */
export default function steer(form) {
  const sliders = [...form.querySelectorAll("input[type=range]")];
  const keep = form.querySelector("[type=submit]");
  const status = form.querySelector("[data-status]");
  const showCar = newest([form.querySelector("[data-steered]")], status);

  function show() {
    const moved = sliders.filter((slider) => Number(slider.value));
    const address = new URL(form.dataset.steer, location.href);
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
    if (!sliders.includes(target)) return;
    target.value = "0";
    show();
  });
  keep.disabled = true; // until there is something to keep
}
