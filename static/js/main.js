import { findAll, read } from "find";

// Every element with data-behaviour="name …" is given to the default export of each module it names.
const attached = findAll(document, "[data-behaviour]", HTMLElement).flatMap((element) =>
  read(element, "behaviour").split(" ").map(async (name) => (await import(name)).default(element)),
);

// <html data-ready>: whoever drives the page by a program knows that it answers from now on.
await Promise.all(attached);
document.documentElement.dataset.ready = "";
