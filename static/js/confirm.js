import { find } from "find";

/**
 * Shows the question of the details element in a dialog.
 * @param {HTMLDetailsElement} details
 */
export default function confirm(details) {
  const dialog = document.createElement("dialog");
  const form = find(details, "form", HTMLFormElement);
  const cancel = Object.assign(document.createElement("button"), {
    type: "button",
    autofocus: true, // so that a careless Enter keeps the car
    className: "button button-quiet",
    textContent: "Keep it",
  });
  cancel.addEventListener("click", () => dialog.close());
  form.append(cancel);
  dialog.append(form);
  dialog.ariaLabel = "Delete this car?";
  details.after(dialog);

  find(details, "summary", HTMLElement).addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
