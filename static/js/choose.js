import { find, findAll } from "find";

/**
 * Takes a photograph that is dropped anywhere on the page, pasted, picked or taken, and shows it on the bench.
 * A drop is sent at once; after a pick or a paste, which may be a mistake, the visitor presses the button.
 * @param {HTMLFormElement} form
 */
export default function choose(form) {
  const [main, camera] = findAll(form, "input[type=file]", HTMLInputElement);
  const preview = find(form, "[data-preview]", HTMLImageElement);
  const status = find(form, "[data-status]", HTMLElement);

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
    find(form, "[type=submit]", HTMLElement).focus();
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
    if (take(event.dataTransfer?.files)) form.requestSubmit();
  });
}
