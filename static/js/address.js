/**
 * Writes the state of the page's sliders into its address, so that a link shows the same.
 * @param {Record<string, string>} state
 */
export function remember(state) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(state)) url.searchParams.set(name, value);
  history.replaceState(history.state, "", url);
}
