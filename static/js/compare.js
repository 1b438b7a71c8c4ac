import { gestures } from "compare-gestures";
import { magnifier } from "compare-zoom";
import { find, findAll, read } from "find";
import { sizes } from "webp";

const GRIP = 24; // pixels beside the divider from where it is still moved, when the pictures are enlarged

/**
 * Two of four pictures on top of each other: radio buttons say which, a divider how much of each, and both are enlarged alike.
 * @param {HTMLElement} bench
 */
export default function compare(bench) {
  const stage = find(bench, ".compare", HTMLElement);
  const range = find(stage, "input[type=range]", HTMLInputElement);
  const figures = findAll(stage, "[data-picture]", HTMLElement);
  const radios = findAll(bench, "input[type=radio]", HTMLInputElement);
  const zoom = magnifier(bench, stage);
  const sayWebp = sizes(bench);
  /** @type {Record<string, string>} */
  const chosen = { left: "photograph", right: "rebuilt" };

  /** @param {string} side */
  const name = (side) => find(stage, `[data-side=${side}] figcaption`, HTMLElement).textContent;

  function show() {
    stage.style.setProperty("--split", `${range.value}%`);
    range.ariaValueText = `${range.value} % ${name("left")}, ${100 - Number(range.value)} % ${name("right")}`;
  }

  /**
   * Where the other side has that picture, the sides change theirs.
   * @param {string} side
   * @param {string} picture
   */
  async function put(side, picture) {
    const other = side === "left" ? "right" : "left";
    if (chosen[other] === picture) chosen[other] = chosen[side];
    chosen[side] = picture;
    for (const radio of radios) radio.checked = chosen[radio.name] === radio.value;
    for (const figure of figures) {
      const of = Object.keys(chosen).find((one) => chosen[one] === read(figure, "picture"));
      if (of) figure.dataset.side = of;
      else delete figure.dataset.side;
    }
    if (picture === "webp") await sayWebp();
    show();
  }

  const fraction = () => Number(range.value) / 100;
  gestures(stage, {
    grabs: (x) => zoom.scale() === 1 || Math.abs(x - fraction() * stage.clientWidth) < GRIP,
    slide: (x) => {
      range.value = String(Math.round((100 * x) / stage.clientWidth));
      range.focus({ preventScroll: true }); // from now on the wheel enlarges
      show();
    },
    ...zoom,
  });
  range.addEventListener("input", show);
  for (const radio of radios) radio.addEventListener("change", () => put(radio.name, radio.value));
  show();
}
