/**
 * Asks in a dialog what the open details would have asked in the page.
 * @param {HTMLDetailsElement} details
 */
export default function confirm(details) {
  const dialog = document.createElement("dialog");
  const form = details.querySelector("form");
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

  details.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
