import { find } from "find";

/**
 * Shows the question of the details element in a dialog.
 * @param {HTMLDetailsElement} details
 */
export default function confirm(details) {
  const dialog = document.createElement("dialog");
  const question = find(details, ".deletion-form", HTMLElement);
  const cancel = Object.assign(document.createElement("button"), {
    type: "button",
    autofocus: true, // so that a careless Enter keeps the car
    className: "button button-quiet",
    textContent: question.dataset.keep ?? "Keep it",
  });
  cancel.addEventListener("click", () => dialog.close());
  question.append(cancel);
  dialog.append(question);
  dialog.ariaLabel = find(question, "strong", HTMLElement).textContent;
  details.after(dialog);

  find(details, "summary", HTMLElement).addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
