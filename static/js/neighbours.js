import { findAll } from "find";

const SIDES = new Map([["ArrowLeft", "prev"], ["ArrowRight", "next"]]);
const HAVE_THEIR_OWN = "input, select, textarea, canvas, video, dialog, [contenteditable], [role=slider], [role=application]";

/**
 * Left and right lead to the cars beside this one, unless what has the focus does something else with the arrows.
 * @param {HTMLElement} nav
 */
export default function neighbours(nav) {
  addEventListener("keydown", (event) => {
    const side = SIDES.get(event.key);
    if (!side || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (document.fullscreenElement || (event.target instanceof Element && event.target.closest(HAVE_THEIR_OWN))) return;
    findAll(nav, `[rel=${side}]`, HTMLAnchorElement)[0]?.click();
  });
}
