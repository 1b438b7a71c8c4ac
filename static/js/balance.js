import { remember } from "address";
import { find, findAll } from "find";

/**
 * Shows the cars at the chosen price of the code, which how.css does by moving the sheets.
 * @param {HTMLElement} section
 */
export default function balance(section) {
  const range = find(section, "input[type=range]", HTMLInputElement);
  const rows = findAll(section, "tbody tr", HTMLTableRowElement);

  function show() {
    section.dataset.stop = range.value;
    rows.forEach((row, number) => { row.ariaCurrent = number + 1 === Number(range.value) ? "true" : null; });
    const [price, rate, error] = [...rows[Number(range.value) - 1].cells].map((cell) => cell.textContent.trim());
    find(section, "output", HTMLElement).textContent = price;
    range.ariaValueText = `${price}: a rate of ${rate}, an error of ${error} shades`;
  }

  range.addEventListener("input", show);
  range.addEventListener("change", () => remember({ balance: range.value }));
  show();
}
