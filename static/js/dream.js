import { remember } from "address";
import { newest } from "newest";

/**
 * Shows another twelve cars, or the same twelve at another temperature, without leaving the page.
 * @param {HTMLElement} section
 */
export default function dream(section) {
  const [dials, keep] = section.querySelectorAll("form");
  const { roll, temperature } = dials.elements;
  const tiles = [...keep.querySelectorAll("button")];
  const images = [...keep.querySelectorAll("img")];
  const status = section.querySelector("[data-status]");
  const show = newest(images, status);
  const sheet = images[0].src;

  function address(degree = temperature.value) {
    const url = new URL(sheet);
    url.searchParams.set("roll", roll.value);
    url.searchParams.set("temperature", degree);
    return url.href;
  }

  // A press takes the car that is seen, which may not be the one that the slider stands at yet.
  images[0].addEventListener("load", () => {
    const shown = new URL(images[0].src).searchParams;
    keep.elements.temperature.value = shown.get("temperature");
    tiles.forEach((tile, number) => { tile.value = String(tiles.length * Number(shown.get("roll")) + number); });
    status.textContent = `Dreams of roll ${shown.get("roll")}`;
  });

  temperature.addEventListener("input", () => {
    section.querySelector("output").textContent = temperature.value;
    show(address());
  });
  temperature.addEventListener("change", () => remember({ temperature: temperature.value }));

  // Who comes near the slider will move it: its other stops are fetched beforehand.
  for (const approach of ["focus", "pointerenter"]) {
    temperature.addEventListener(approach, () => {
      for (const stop of temperature.list.options) new Image().src = address(stop.value);
    });
  }

  section.querySelector("[data-again]").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    roll.value = String(Math.floor(Math.random() * Number(section.dataset.rolls)));
    history.pushState(null, "", location.href);
    remember({ roll: roll.value, temperature: temperature.value });
    show(address());
  });
  addEventListener("popstate", () => location.reload());
}
