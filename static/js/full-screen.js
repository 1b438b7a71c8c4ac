/**
 * Shows the comparison around the button on the whole screen, where the browser can.
 * @param {HTMLButtonElement} button
 */
export default function fullScreen(button) {
  const bench = button.closest(".compare-bench");
  const [, , width, height] = bench?.querySelector("svg")?.getAttribute("viewBox")?.split(" ").map(Number) ?? [];
  if (!(bench instanceof HTMLElement) || !document.fullscreenEnabled) return;
  const idleText = button.textContent;

  bench.style.setProperty("--ratio", String(width / height)); // of the pictures, which then fit into the height as well
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : bench.requestFullscreen()));
  bench.addEventListener("fullscreenchange", () => {
    button.textContent = document.fullscreenElement ? "Leave full screen" : idleText;
    dispatchEvent(new Event("resize"));
  });
}
