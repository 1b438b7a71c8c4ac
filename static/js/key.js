import { find } from "find";

/**
 * Puts the key that the page's address has after its # into the form, and takes it out of the address.
 * @param {HTMLFormElement} form
 */
export default function key(form) {
  if (!location.hash.startsWith("#key=")) return;
  const input = find(form, "[name=key]", HTMLInputElement);
  input.value = location.href;
  history.replaceState(null, "", location.pathname);
  find(form, "[type=submit]", HTMLButtonElement).focus();
}
