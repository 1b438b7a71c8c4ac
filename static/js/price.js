import { remember } from "address";
import { filesAt } from "coding/files";
import { find, read } from "find";
import { newest } from "newest";
import { ready } from "player/player";
import { bench } from "price-bench";

/** @import { Priced } from "coding/files" */

const AWAITED = ["Its file has not arrived yet", "Its WebP has not arrived yet"];

/**
 * Shows the car at another price of its code, beside a WebP of as many bytes.
 * @param {HTMLElement} section
 */
export default function price(section) {
  const range = find(section, "input[type=range]", HTMLInputElement);
  const depth = find(document, "[form=state][name=depth]", HTMLInputElement);
  const choice = find(section, "[form=state][name=price]", HTMLSelectElement);
  const [own, webp] = ["priced", "webp"].map((name) => find(section, `img[data-${name}]`, HTMLImageElement));
  const [words, webpWords] = ["words", "webp-words"].map((name) => find(section, `[data-${name}]`, HTMLElement));
  const compared = bench();
  const showCar = newest([own, ...compared.rebuilt], find(section, "[data-status]", HTMLElement));
  const address = new URL(own.src);
  /** @type {Priced[]} */
  let files = [];
  let isChosen = new URLSearchParams(location.search).has("price");
  let hasMoved = false;

  /** All prices are one answer, which is asked for at the first touch; where it does not come, at the next. */
  async function ask() {
    const arrived = await filesAt(read(section, "files")).catch(() => null);
    if (!arrived) return;
    ({ files } = arrived);
    say();
    ready.then(arrived.readAhead).catch(() => {}); // who reads a file is told
  }

  function say() {
    const price = choice.value;
    const file = files.at(choice.selectedIndex);
    find(section, "[data-price]", HTMLElement).textContent = price;
    if (file) {
      words.textContent = file.words;
      webpWords.textContent = file.webp_words;
      webp.src = file.webp;
      if (isChosen) compared.showWebp(file.webp, file.webp_words);
    } else if (hasMoved) {
      [words.textContent, webpWords.textContent] = AWAITED;
    }
    range.ariaValueText = `β = ${price}. ${words.textContent}. ${webpWords.textContent}`;
  }

  function show() {
    choice.selectedIndex = Number(range.value) - 1;
    section.dataset.stop = range.value;
    address.searchParams.set("price", choice.value);
    address.searchParams.set("depth", depth.value);
    showCar(address.href);
    say();
  }

  for (const touch of ["pointerenter", "focus", "input"]) range.addEventListener(touch, ask);
  range.addEventListener("input", () => {
    isChosen = hasMoved = true;
    show();
  });
  range.addEventListener("change", () => {
    remember({ price: choice.value });
    choice.dispatchEvent(new Event("change")); // the circle follows when the hand rests: its nine cars would be in the way
  });
  depth.addEventListener("input", () => { if (isChosen) show(); });
  if (isChosen) show();
  else say();
}
