import { find, findAll, read } from "find";

const NEW = "new_car=1"; // the server sets this cookie, for the new car's page alone
const STEP_MS = 900;
const STOPS = ["pointerdown", "keydown", "wheel"];

/**
 * On arriving at a new car, shows it in the comparison at every depth once, from the first idea to the whole car.
 * Whatever the visitor does ends it.
 * @param {HTMLElement} bench
 */
export default async function reveal(bench) {
  if (!document.cookie.includes(NEW)) return;
  document.cookie = `${NEW}; max-age=0; path=${location.pathname}`; // so a reload does not play it again
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;

  const figure = find(bench, "[data-picture=rebuilt]", HTMLElement);
  const sprite = find(figure, "[data-depth]", HTMLElement);
  const caption = find(figure, "figcaption", HTMLElement);
  const stage = find(bench, ".compare", HTMLElement);
  const range = find(bench, "input[type=range]", HTMLInputElement);
  const steps = findAll(document, "#depth [data-words]", HTMLElement);
  const [idleText, chosen, split] = [caption.textContent, sprite.style.getPropertyValue("--stop"), range.value];
  const stopped = new AbortController();
  for (const stop of STOPS) addEventListener(stop, () => stopped.abort(), { signal: stopped.signal, passive: true, capture: true });

  // Not awaited by main.js: the page is ready meanwhile.
  (async () => {
    await find(sprite, "img", HTMLImageElement).decode().catch(() => stopped.abort());
    stage.style.setProperty("--split", "0%");
    for (const [number, step] of steps.entries()) {
      if (stopped.signal.aborted) break;
      sprite.style.setProperty("--stop", String(number + 1));
      caption.textContent = read(step, "words");
      await new Promise((resolve) => {
        setTimeout(resolve, STEP_MS);
        stopped.signal.addEventListener("abort", resolve);
      });
    }
    stopped.abort();
    caption.textContent = idleText;
    sprite.style.setProperty("--stop", chosen);
    range.value = split;
    range.dispatchEvent(new Event("input"));
  })();
}
