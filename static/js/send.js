import { find, read } from "find";
import { scaled } from "scale";

/**
 * Scales the chosen photograph down before it is sent, shows that work is under way, and sends once only.
 * @param {HTMLFormElement} form
 */
export default function send(form) {
  const input = find(form, "input[type=file]", HTMLInputElement);
  const button = find(form, "[type=submit]", HTMLButtonElement);
  const status = find(form, "[data-status]", HTMLElement);
  const idleText = button.textContent;

  /** @param {boolean} busy */
  function setBusy(busy) {
    form.ariaBusy = String(busy);
    button.disabled = busy;
    button.textContent = busy ? "Squeezing…" : idleText;
    if (busy) status.textContent = "Sending your photograph. This takes a moment.";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const file = input.files?.[0];
    if (!file) {
      status.textContent = "Choose a photograph first.";
      input.focus();
      return;
    }
    setBusy(true);
    const maxBytes = Number(read(form, "maxBytes"));
    const photograph = await scaled(file, maxBytes);
    if (photograph.size > maxBytes) {
      // Not sent at all: Lambda would answer a body that is too large without a page of the site.
      setBusy(false);
      status.textContent = "This file is too large, and your browser cannot make it smaller. Save it as a JPEG first.";
      input.focus();
      return;
    }
    const transfer = new DataTransfer();
    transfer.items.add(photograph);
    input.files = transfer.files;
    form.submit();
  });

  // The back button may bring this page back from memory, still busy.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    setBusy(false);
    status.textContent = "";
  });
}
