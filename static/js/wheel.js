/**
 * By how much a turn of the wheel enlarges; below 1 it makes smaller.
 * @param {WheelEvent} event
 */
export function zoomOf(event) {
  const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
  return Math.exp(-Math.max(-100, Math.min(100, pixels)) / 300);
}
