import { find, findAll } from "find";
import { opensNewTab } from "new-tab";

/**
 * Replaces the cars to choose from by others, without loading the whole page.
 * @param {HTMLElement} section
 */
export default function more(section) {
  const choices = find(section, "#choices", HTMLElement);

  choices.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-more]");
    if (!(link instanceof HTMLAnchorElement) || opensNewTab(event)) return;
    event.preventDefault();
    const url = new URL(link.href);
    const chosen = new URLSearchParams(location.search).get("with"); // since the link was written
    if (chosen) url.searchParams.set("with", chosen);
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) {
      location.assign(url);
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    choices.replaceChildren(...find(page, "#choices", HTMLElement).childNodes);
    findAll(choices, "input, a", HTMLElement)[0]?.focus({ preventScroll: true });
  });
}
