import { find, findAll } from "find";

/**
 * The queue of the admin by keyboard: a decision takes its car off the page, and the next one has the focus.
 * @param {HTMLFormElement} form
 */
export default function queue(form) {
  const status = find(form, "[data-status]", HTMLElement);
  const waiting = find(document, "#waiting", HTMLElement);
  const all = find(form, "[data-tick-all]", HTMLButtonElement);

  const cars = () => findAll(form, "[data-car]:not([hidden])", HTMLElement);
  /** @param {HTMLElement} car */
  const box = (car) => find(car, "input", HTMLInputElement);
  /** @param {EventTarget | null} element */
  const carOf = (element) => cars().find((car) => element instanceof Node && car.contains(element));

  /** @param {HTMLElement | undefined} car */
  function focus(car) {
    if (!car) return;
    box(car).focus({ preventScroll: true });
    car.scrollIntoView({ block: "center" });
  }

  /**
   * @param {HTMLElement} car
   * @param {string} decision
   */
  async function decide(car, decision) {
    const body = new URLSearchParams({ [decision]: box(car).value });
    body.set("csrfmiddlewaretoken", find(form, "[name=csrfmiddlewaretoken]", HTMLInputElement).value);
    const next = cars().indexOf(car);
    car.hidden = true;
    focus(cars()[next] ?? cars()[next - 1]);
    // The answer leads to the page anew, and to the words about this decision, which nobody needs here.
    const answer = await fetch(location.href, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect") {
      car.hidden = false;
      focus(car);
      status.textContent = "That did not arrive. Open this page again.";
      return;
    }
    waiting.textContent = String(Number(waiting.textContent) - 1);
    status.textContent = decision === "approve" ? "Approved." : "Hidden.";
    car.remove();
    if (!cars().length) location.reload();
  }

  /** @type {Record<string, (car: HTMLElement) => void>} */
  const keys = {
    a: (car) => decide(car, "approve"),
    h: (car) => decide(car, "hide"),
    arrowright: (car) => focus(cars()[cars().indexOf(car) + 1]),
    arrowleft: (car) => focus(cars()[cars().indexOf(car) - 1]),
  };

  form.addEventListener("keydown", (event) => {
    const car = carOf(event.target);
    const act = keys[event.key.toLowerCase()];
    if (!car || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(car);
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const car = carOf(button);
    if (!car || !(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    decide(car, button.name);
  });

  all.addEventListener("click", () => { for (const car of cars()) box(car).checked = true; });
  all.hidden = false;
  focus(cars()[0]);
}
