import { savesData, summon } from "player/player";

const IDLE_MS = 4000; // after which a page that its visitor looks at counts as idle

/**
 * Loads the decoder when the first slider is touched, or when the page has been idle for a while; then the codes of the
 * cars that the page shows, so that the server is not asked again.
 */
export default function summonOnTouch() {
  let called = false;

  async function load() {
    if (called || savesData()) return;
    called = true;
    const [isReady, { prepare }] = await Promise.all([summon(), import("player/planners"), import("player/pictures")]);
    if (!isReady) return;
    for (const { src } of document.images) prepare(src);
  }

  /** @param {Event} event */
  function onTouch({ target }) {
    if (target instanceof HTMLInputElement && target.type === "range") load();
  }
  for (const kind of ["pointerdown", "focusin", "input"]) document.addEventListener(kind, onTouch);
  setTimeout(() => { if (!document.hidden) load(); }, IDLE_MS);
}
