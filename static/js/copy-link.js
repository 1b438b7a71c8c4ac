/**
 * Copies the page's address and says so on the button.
 * @param {HTMLButtonElement} button
 */
export default function copyLink(button) {
  const idleText = button.textContent;
  button.ariaLive = "polite";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      // Browsers give the clipboard to secure pages only.
      button.textContent = "Copy it from the address bar";
    }
    setTimeout(() => { button.textContent = idleText; }, 3000);
  });
}
