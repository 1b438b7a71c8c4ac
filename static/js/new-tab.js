/**
 * Whether a click on a link asks for a new tab or window, which is the browser's to open.
 * @param {MouseEvent} event
 */
export function opensNewTab(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey;
}
