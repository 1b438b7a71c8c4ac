import { read } from "find";

/**
 * Hands the page's address to the device's own sharing, where there is one.
 * @param {HTMLButtonElement} button
 */
export default function share(button) {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    // Rejected where the visitor thinks better of it, which needs no word.
    navigator.share({ title: read(button, "title"), url: location.href }).catch(() => null);
  });
}
