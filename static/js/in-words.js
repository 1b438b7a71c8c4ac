import { find } from "find";

/**
 * Says where a slider stands by the words at its ends, for those who do not see it.
 * @param {HTMLElement} slider with the input, and the element of its ends' words
 */
export default function inWords(slider) {
  const input = find(slider, "input[type=range]", HTMLInputElement);
  // What follows a colon explains the word before it: enough to have heard it once.
  const [low, high] = [...find(slider, ".slider-ends", HTMLElement).children].map((end) => String(end.textContent).split(":")[0].toLowerCase());
  const least = Number(input.min), greatest = Number(input.max);

  function show() {
    const share = (Number(input.value) - least) / (greatest - least);
    const percent = Math.round(100 * Math.abs(least < 0 ? 2 * share - 1 : share));
    if (least >= 0) input.ariaValueText = `${percent} % of the way from ${low} to ${high}`;
    else input.ariaValueText = percent ? `${percent} % ${share < 0.5 ? low : high}` : "as it was";
  }

  input.addEventListener("input", show);
  input.form?.addEventListener("reset", () => setTimeout(show)); // the input is set after this event
  show();
}
