import { find } from "find";

const SAID_MS = 3000;

/**
 * Copies the page's address, or the one that data-leading leads to, or the text of the field data-field, and says so.
 * @param {HTMLButtonElement} button
 */
export default function copyLink(button) {
  const { leading, field } = button.dataset;
  const text = () => (field ? find(document, `#${field}`, HTMLTextAreaElement).value : location.href);
  const say = says(button);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(leading ? await end(leading) : text());
      say("Copied");
    } catch {
      // Browsers give the clipboard to secure pages only.
      say(leading ? "Open it and copy its address" : `Copy it from the ${field ? "field" : "address bar"}`);
    }
  });
}

/**
 * Returns a function that says something on the button for a while.
 * @param {HTMLButtonElement} button
 */
export function says(button) {
  const idleText = button.textContent;
  button.ariaLive = "polite";
  /** @param {string} words */
  return (words) => {
    button.textContent = words;
    setTimeout(() => { button.textContent = idleText; }, SAID_MS);
  };
}

/**
 * The address at the end of the redirects.
 * @param {string} address
 */
async function end(address) {
  const response = await fetch(address, { method: "HEAD" });
  if (!response.ok) throw new Error(`The link is answered ${response.status}.`);
  return response.url;
}
