/**
 * Shows the pressed depth in the comparison above; without scripts each step is a link to its picture.
 * @param {HTMLElement} section
 */
export default function depths(section) {
  const rebuilt = document.querySelector("[data-rebuilt]");
  const steps = [...section.querySelectorAll("a")];

  for (const step of steps) {
    step.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      rebuilt.src = step.href;
      for (const other of steps) other.ariaCurrent = other === step ? "true" : null;
    });
  }
}
