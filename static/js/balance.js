import { remember } from "address";

/**
 * Shows what the model makes of the cars that was trained with the chosen price of the code: how.css moves the sheets.
 * @param {HTMLElement} section
 */
export default function balance(section) {
  const range = section.querySelector("input[type=range]");
  const rows = [...section.querySelectorAll("tbody tr")];

  function show() {
    section.dataset.stop = range.value;
    rows.forEach((row, number) => { row.ariaCurrent = number + 1 === Number(range.value) ? "true" : null; });
    const [price, ...figures] = [...rows[range.value - 1].cells].map((cell) => cell.textContent.trim());
    section.querySelector("output").textContent = price;
    range.ariaValueText = `${price}: ${figures.join(", ")}`;
  }

  range.addEventListener("input", show);
  range.addEventListener("change", () => remember({ balance: range.value }));
  show();
}
