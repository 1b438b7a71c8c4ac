import { find, findAll } from "find";
import { opensNewTab } from "new-tab";

/**
 * Replaces the cars to choose from by others, without loading the whole page.
 * @param {HTMLElement} section
 */
export default function more(section) {
  const choices = find(section, "#choices", HTMLElement);
  let request = new AbortController();

  choices.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-more]");
    if (!(link instanceof HTMLAnchorElement) || opensNewTab(event)) return;
    event.preventDefault();
    const url = new URL(link.href);
    const chosen = new URLSearchParams(location.search).get("with"); // since the link was written
    if (chosen) url.searchParams.set("with", chosen);
    request.abort(); // an answer to an older press must not replace the one to this
    request = new AbortController();
    const { signal } = request;
    const html = await fetch(url, { signal }).then((answer) => answer.ok ? answer.text() : null).catch(() => null);
    if (signal.aborted) return;
    if (html === null) {
      location.assign(url);
      return;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    choices.replaceChildren(...find(page, "#choices", HTMLElement).childNodes);
    findAll(choices, "input, a", HTMLElement)[0]?.focus({ preventScroll: true });
  });
}
