import { remember } from "address";
import { find, findAll, read } from "find";
import { opensNewTab } from "new-tab";
import { newest } from "newest";
import { isReady } from "player/player";

/**
 * Shows another twelve cars, or the same twelve at another temperature, without leaving the page.
 * @param {HTMLElement} section
 */
export default function dream(section) {
  const [sliders, keep] = findAll(section, "form", HTMLFormElement);
  const roll = find(sliders, "[name=roll]", HTMLInputElement);
  const temperature = find(sliders, "[name=temperature]", HTMLInputElement);
  const kept = find(keep, "[name=temperature]", HTMLInputElement);
  const tiles = findAll(keep, "button", HTMLButtonElement);
  const images = findAll(keep, "img", HTMLImageElement);
  const status = find(section, "[data-status]", HTMLElement);
  const show = newest(images, status);
  const draws = find(section, "[data-draws]", HTMLImageElement);
  const showDraws = newest([draws], status);
  const sheet = images[0].src;

  function address(degree = temperature.value) {
    const url = new URL(sheet);
    url.searchParams.set("roll", roll.value);
    url.searchParams.set("temperature", degree);
    return url.href;
  }

  // A press keeps the car that is shown, also while the picture for the slider's new position is loading.
  images[0].addEventListener("load", () => {
    const shown = new URL(images[0].dataset.address ?? images[0].src).searchParams;
    kept.value = shown.get("temperature") ?? "";
    tiles.forEach((tile, number) => { tile.value = String(tiles.length * Number(shown.get("roll")) + number); });
    status.textContent = `Twelve dreams, of seed ${shown.get("roll")}`;
  });

  temperature.addEventListener("input", () => {
    find(section, "output", HTMLElement).textContent = temperature.value;
    show(address());
  });
  temperature.addEventListener("change", () => remember({ temperature: temperature.value }));

  // A pointer near the slider will probably move it, so the pictures of its other stops are fetched.
  for (const approach of ["focus", "pointerenter"]) {
    temperature.addEventListener(approach, () => {
      if (isReady()) return; // this browser decodes them
      for (const stop of temperature.list?.options ?? []) new Image().src = address(stop.value);
    });
  }

  find(section, "[data-again]", HTMLElement).addEventListener("click", (event) => {
    if (opensNewTab(event)) return;
    event.preventDefault();
    roll.value = String(Math.floor(Math.random() * Number(read(section, "rolls"))));
    history.pushState(null, "", location.href);
    remember({ roll: roll.value, temperature: temperature.value });
    show(address());
    const drawn = new URL(draws.src);
    drawn.searchParams.set("roll", roll.value);
    showDraws(drawn.href);
  });
  addEventListener("popstate", () => location.reload());
}
