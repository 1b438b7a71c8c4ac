/**
 * Shows other cars to choose from in the place of these, where otherwise the whole page would be loaded for them.
 * @param {HTMLElement} section
 */
export default function more(section) {
  const choices = section.querySelector("#choices");

  choices.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
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
    choices.replaceChildren(...page.getElementById("choices").childNodes);
    choices.querySelector("input, a")?.focus({ preventScroll: true });
  });
}
