import { remember } from "address";
import { newest } from "newest";

/**
 * Walks along the way between two cars, which is one sheet, and fetches another sheet for another car.
 * @param {HTMLElement} section
 */
export default function morph(section) {
  const way = section.querySelector("input[type=range]");
  if (!way) return; // there is no other car yet
  const walker = section.querySelector("[data-morph] .sprite");
  const status = section.querySelector("[data-status]");
  const sprites = [...section.querySelectorAll(".morph-picture .sprite")];
  const showStrip = newest(sprites.map((sprite) => sprite.querySelector("img")), status);

  function walk() {
    walker.style.setProperty("--stop", String(Number(way.value) + 1));
    const percent = `${Math.round((100 * way.value) / way.max)} %`;
    section.querySelector("output").textContent = percent;
    way.ariaValueText = percent;
  }

  /** @param {HTMLInputElement} choice */
  function choose({ value, dataset }) {
    for (const sprite of sprites) sprite.querySelector("svg").setAttribute("viewBox", `0 0 ${dataset.tile}`);
    showStrip(dataset.strip);
    section.querySelector("a[data-webp]").href = dataset.webp;
    section.querySelector("a[data-gif]").href = dataset.gif;
    section.querySelector("a[data-other]").href = dataset.page;
    status.textContent = "Another car was chosen.";
    remember({ with: value });
  }

  way.addEventListener("input", walk);
  section.addEventListener("change", ({ target }) => { if (target.name === "with") choose(target); });
  walk();
}
