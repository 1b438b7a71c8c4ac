import { find, findAll } from "find";
import { release } from "upload/held";
import { listOf, sorted } from "upload/pictures";
import { receive } from "upload/receive";

/**
 * Takes photographs that are dropped anywhere on the page, pasted, picked or taken, and shows the first on the bench.
 * The visitor presses the button to send them: it may be a mistake, and whether the gallery shows them is not yet said.
 * @param {HTMLFormElement} form
 */
export default async function choose(form) {
  const [main, camera] = findAll(form, "input[type=file]", HTMLInputElement);
  const preview = find(form, "[data-preview]", HTMLImageElement);
  const status = find(form, "[data-status]", HTMLElement);
  const button = find(form, "[type=submit]", HTMLElement);
  main.multiple = true; // without scripts one at a time: send.js sends each by itself, the form would send all in one
  /** @type {File[]} */
  let chosen = [];

  /** @param {string} words */
  const say = (words) => { status.textContent = words; };

  /** @param {Iterable<File>} files */
  function take(files) {
    if (form.ariaBusy === "true") return;
    const { pictures, refusal } = sorted(files);
    if (pictures.length) chosen = pictures;
    main.files = listOf(chosen);
    camera.value = "";
    form.dispatchEvent(new Event("chosen"));
    show();
    say([refusal, ready()].join(" ").trim());
  }

  function show() {
    URL.revokeObjectURL(preview.src);
    preview.hidden = !chosen.length;
    if (chosen.length) preview.src = URL.createObjectURL(chosen[0]);
  }

  function ready() {
    if (!chosen.length) return "";
    return chosen.length > 1 ? `${chosen.length} photographs are ready.` : `${chosen[0].name} is ready.`;
  }

  // A picture that the browser cannot show (TIFF) may still be one that the server reads.
  preview.addEventListener("error", () => { preview.hidden = true; });
  main.addEventListener("change", () => take(main.files ?? []));
  camera.addEventListener("change", () => take(camera.files ?? []));
  receive(form, (files) => {
    take(files);
    if (sorted(files).pictures.length) button.focus();
  }, say);

  // The back button may bring the page back with what was chosen, before this runs or after.
  const restore = () => { if (main.files?.length) take(main.files); };
  addEventListener("pageshow", restore);
  restore();

  const carried = await release();
  if (!carried.length) return;
  take(carried);
  button.focus();
}
