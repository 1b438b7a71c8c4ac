import { hold } from "upload/held";
import { read } from "find";
import { sorted } from "upload/pictures";
import { receive } from "upload/receive";

const FAILED = "Your browser cannot take this along. Drop it on the first page.";

/**
 * Takes photographs that are dropped or pasted on this page to the one that has the form.
 * @param {HTMLElement} page
 */
export default function carry(page) {
  const status = document.createElement("p");
  status.role = "status";
  status.className = "carry-status message";

  /** @param {string} words */
  function say(words) {
    status.textContent = words;
    page.prepend(status);
    status.scrollIntoView({ block: "nearest" });
  }

  receive(page, async (files) => {
    const { pictures, refusal } = sorted(files);
    if (!pictures.length) return say(refusal);
    try {
      await hold(pictures);
    } catch {
      return say(FAILED);
    }
    location.assign(read(page, "form"));
  }, say);
}
