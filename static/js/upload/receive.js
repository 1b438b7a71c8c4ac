const LINK = "That is a link, and not a photograph. Save the picture on your device, then drop its file here.";
const FIELDS = "input:not([name=image]), textarea";

/**
 * Gives `take` the files that are dropped anywhere on the page or pasted, and says why a link is not taken.
 * @param {HTMLElement} target is marked while files are over the page
 * @param {(files: FileList) => void} take
 * @param {(words: string) => void} say
 */
export function receive(target, take, say) {
  let isOurs = false; // whether what is dragged is a part of this page

  /** @param {DragEvent | ClipboardEvent} event */
  const isForField = (event) => event.target instanceof Element && event.target.closest(FIELDS) !== null;

  /** @param {DragEvent} event */
  function mayTake(event) {
    const types = event.dataTransfer?.types ?? [];
    return !isOurs && !isForField(event) && (types.includes("Files") || types.includes("text/uri-list"));
  }

  document.addEventListener("dragstart", () => { isOurs = true; });
  document.addEventListener("dragend", () => { isOurs = false; });
  document.addEventListener("dragover", (event) => {
    if (!mayTake(event)) return;
    event.preventDefault();
    target.classList.add("drop-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) target.classList.remove("drop-over");
  });
  document.addEventListener("drop", (event) => {
    target.classList.remove("drop-over");
    if (!mayTake(event)) return;
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (files?.length) take(files);
    else say(LINK);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length || isForField(event)) return;
    event.preventDefault();
    take(files);
  });
}
