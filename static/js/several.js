import { find, findAll } from "find";

/**
 * Says how many cars are ticked, ticks them all, and offers nothing to do while none is.
 * @param {HTMLFormElement} form
 */
export default function several(form) {
  const ticks = [...form.elements].flatMap((field) => field instanceof HTMLInputElement && field.type === "checkbox" ? [field] : []);
  const all = find(form, "[data-tick-all]", HTMLButtonElement);
  const status = find(form, "[data-status]", HTMLElement);

  function show() {
    const ticked = ticks.filter((tick) => tick.checked).length;
    for (const button of findAll(form, "[name=do]", HTMLButtonElement)) button.disabled = !ticked;
    findAll(form, "details", HTMLElement).forEach((details) => details.toggleAttribute("inert", !ticked));
    all.textContent = ticked === ticks.length ? "Tick none" : "Tick all";
    status.textContent = `${ticked} of ${ticks.length} ticked`;
  }

  for (const tick of ticks) tick.addEventListener("change", show);
  all.addEventListener("click", () => {
    const checked = !ticks.every((tick) => tick.checked);
    for (const tick of ticks) tick.checked = checked;
    show();
  });
  show();
}
