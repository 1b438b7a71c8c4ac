/**
 * Copies the page's address, or the one that data-leading leads to, and says so on the button.
 * @param {HTMLButtonElement} button
 */
export default function copyLink(button) {
  const idleText = button.textContent, { leading } = button.dataset;
  button.ariaLive = "polite";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(leading ? await end(leading) : location.href);
      button.textContent = "Copied";
    } catch {
      // Browsers give the clipboard to secure pages only.
      button.textContent = leading ? "Open it and copy its address" : "Copy it from the address bar";
    }
    setTimeout(() => { button.textContent = idleText; }, 3000);
  });
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
