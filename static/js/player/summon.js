import { summon } from "player/player";

const IDLE_MS = 4000; // after which a page that its visitor looks at counts as idle

/** Loads the decoder when the first slider is touched, or when the page has been idle for a while. */
export default function summonOnTouch() {
  /** @param {Event} event */
  function onTouch({ target }) {
    if (target instanceof HTMLInputElement && target.type === "range") summon();
  }
  for (const kind of ["pointerdown", "focusin", "input"]) document.addEventListener(kind, onTouch);
  setTimeout(() => { if (!document.hidden) summon(); }, IDLE_MS);
}
