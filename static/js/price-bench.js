import { find } from "find";

/**
 * The pictures that the divider of the page compares, where it has one: `rebuilt` takes the place of the sheet of depths
 * as soon as it has loaded.
 * @returns {{ rebuilt: HTMLImageElement[], showWebp: (address: string, words: string) => void }}
 */
export function bench() {
  const stage = document.querySelector(".compare");
  if (!stage) return { rebuilt: [], showWebp: () => {} };
  const sprite = find(stage, "[data-picture=rebuilt] .sprite", HTMLElement);
  const webp = find(stage, "[data-picture=webp]", HTMLElement);
  const sheet = find(sprite, "img", HTMLImageElement);
  const rebuilt = Object.assign(new Image(), { alt: sheet.alt });
  rebuilt.addEventListener("load", () => {
    delete sprite.dataset.depth;
    sprite.style.setProperty("--stop", "1");
    sprite.classList.add("sprite-whole");
    sheet.replaceWith(rebuilt);
  }, { once: true });
  return {
    rebuilt: [rebuilt],
    showWebp(address, words) {
      find(webp, "img", HTMLImageElement).src = address;
      find(webp, "figcaption", HTMLElement).textContent = webp.dataset.words = words;
    },
  };
}
