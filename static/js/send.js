import { scaled } from "scale";

/**
 * Scales the chosen photograph down before it is sent, shows that work is under way, and sends once only.
 * @param {HTMLFormElement} form
 */
export default function send(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("[type=submit]");
  const status = form.querySelector("[data-status]");
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
    const file = input.files[0];
    if (!file) {
      status.textContent = "Choose a photograph first.";
      input.focus();
      return;
    }
    setBusy(true);
    const transfer = new DataTransfer();
    transfer.items.add(await scaled(file, Number(form.dataset.maxBytes)));
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
