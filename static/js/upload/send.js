import { find, read } from "find";
import { Line } from "upload/lines";
import { sendAll } from "upload/send-all";

/** @typedef {import("upload/deliver").NotTaken} NotTaken */

/**
 * Sends the chosen photographs one after another, each scaled down, with a line of progress each; then opens the car,
 * or the history. What was not taken stays chosen, and can be sent again.
 * @param {HTMLFormElement} form
 */
export default function send(form) {
  const input = find(form, "input[type=file]", HTMLInputElement);
  const button = find(form, "[type=submit]", HTMLButtonElement);
  const cancel = find(form, "[data-cancel]", HTMLButtonElement);
  const status = find(form, "[data-status]", HTMLElement);
  const errors = find(form, "[data-errors]", HTMLElement);
  const list = find(form, "[data-sending]", HTMLElement);
  const template = find(form, "template", HTMLTemplateElement);
  const idleText = button.textContent ?? "";
  /** @type {AbortController | null} */
  let current = null;
  /** @type {Line[]} */
  let lines = [];

  function rest() {
    current = null;
    form.ariaBusy = "false";
    button.disabled = false;
    button.textContent = idleText;
    cancel.hidden = true;
    status.textContent = "";
  }

  function forget() {
    rest();
    lines = [];
    list.hidden = errors.hidden = true;
  }

  /** @param {AbortController} stop */
  function begin(stop) {
    current = stop;
    form.ariaBusy = "true";
    button.disabled = true;
    button.textContent = "Squeezing…";
    cancel.hidden = list.hidden = false;
    errors.hidden = true;
    list.replaceChildren(...lines.map((line) => line.element));
  }

  /** @param {NotTaken[]} refusals */
  function explain(refusals) {
    errors.replaceChildren(...refusals.map(({ message }) => Object.assign(document.createElement("p"), { textContent: message })));
    errors.hidden = false;
    errors.focus();
    if (refusals.some(({ stops }) => stops)) button.textContent = "Try again";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (current) return;
    const files = [...(input.files ?? [])];
    if (!files.length) {
      status.textContent = "Choose a photograph first.";
      input.focus();
      return;
    }
    if (!lines.length) lines = files.map((file) => new Line(file, template));
    const stop = new AbortController();
    begin(stop);
    const say = (/** @type {string} */ words) => { status.textContent = words; };
    const refusals = await sendAll(form, lines, stop.signal, say).finally(rest);
    if (refusals.length) return explain(refusals);
    if (lines.length === 1 && lines[0].wasThere) {
      status.textContent = "You have sent this photograph before.";
      return lines[0].focus();
    }
    location.assign(lines.length > 1 ? read(form, "history") : lines[0].address);
  });

  cancel.addEventListener("click", () => current?.abort());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") current?.abort(); });
  addEventListener("pagehide", () => current?.abort());
  form.addEventListener("chosen", forget);
}
