import { findAll, read } from "find";

// Every element with data-behaviour="name …" is given to the default export of each module it names.
const attached = findAll(document, "[data-behaviour]", HTMLElement).flatMap((element) =>
  read(element, "behaviour").split(" ").map(async (name) => (await import(name)).default(element)),
);

// <html data-ready> marks, for the browser tests, that all behaviours are attached.
await Promise.all(attached);
document.documentElement.dataset.ready = "";
