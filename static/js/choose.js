import { find, findAll } from "find";

/**
 * Takes a photograph that is dropped anywhere on the page, pasted, picked or taken, and shows it on the bench.
 * The visitor presses the button to send it: it may be a mistake, and whether the gallery shows it is not yet said.
 * @param {HTMLFormElement} form
 */
export default function choose(form) {
  const [main, camera] = findAll(form, "input[type=file]", HTMLInputElement);
  const preview = find(form, "[data-preview]", HTMLImageElement);
  const status = find(form, "[data-status]", HTMLElement);
  const button = find(form, "[type=submit]", HTMLElement);

  /** @param {FileList | null | undefined} files */
  function take(files) {
    const file = files?.[0];
    if (!file) return false;
    if (file.type && !file.type.startsWith("image/")) {
      status.textContent = `${file.name} is not a picture. Choose a photograph of a car.`;
      return false;
    }
    main.files = files;
    camera.value = "";
    show(file);
    if (files.length > 1) status.textContent = `${files.length} files came, and one at a time is taken: ${file.name}.`;
    return true;
  }

  /** @param {File} file */
  function show(file) {
    URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(file);
    preview.hidden = false;
    status.textContent = `${file.name} is ready.`;
  }

  // A picture that the browser cannot show (TIFF) may still be one that the server reads.
  preview.addEventListener("error", () => { preview.hidden = true; });
  main.addEventListener("change", () => take(main.files));
  camera.addEventListener("change", () => take(camera.files));

  document.addEventListener("paste", (event) => {
    if (!take(event.clipboardData?.files)) return;
    event.preventDefault();
    button.focus();
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("drop-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("drop-over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("drop-over");
    if (take(event.dataTransfer?.files)) button.focus();
  });
}
