import { remember } from "address";
import { find, findAll, read } from "find";
import { newest } from "newest";

/**
 * Moves through the pictures of a morph, which are one sheet, and fetches another sheet for another car.
 * @param {HTMLElement} section
 */
export default function morph(section) {
  if (!section.querySelector("input[type=range]")) return; // there is no other car yet
  const way = find(section, "input[type=range]", HTMLInputElement);
  const walker = find(section, "[data-morph] .sprite", HTMLElement);
  const status = find(section, "[data-status]", HTMLElement);
  const sprites = findAll(section, ".morph-picture .sprite", HTMLElement);
  const showStrip = newest(sprites.map((sprite) => find(sprite, "img", HTMLImageElement)), status);

  function walk() {
    walker.style.setProperty("--stop", String(Number(way.value) + 1));
    const percent = `${Math.round((100 * Number(way.value)) / Number(way.max))} %`;
    find(section, "output", HTMLElement).textContent = percent;
    way.ariaValueText = `${percent} of the way`;
  }

  /** @param {HTMLInputElement} choice */
  function choose(choice) {
    for (const sprite of sprites) find(sprite, "svg", SVGElement).setAttribute("viewBox", `0 0 ${read(choice, "tile")}`);
    showStrip(read(choice, "strip"));
    find(section, "a[data-webp]", HTMLAnchorElement).href = read(choice, "webp");
    find(section, "a[data-gif]", HTMLAnchorElement).href = read(choice, "gif");
    find(section, "a[data-other]", HTMLAnchorElement).href = read(choice, "page");
    status.textContent = "Another car was chosen.";
    remember({ with: choice.value });
  }

  way.addEventListener("input", walk);
  section.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === "with") choose(target);
  });
  walk();
}
