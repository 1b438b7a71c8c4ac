import { findAll, read } from "find";

// Every element with data-behaviour="name …" is given to the default export of each module it names.
for (const element of findAll(document, "[data-behaviour]", HTMLElement)) {
  for (const name of read(element, "behaviour").split(" ")) {
    import(name).then((behaviour) => behaviour.default(element));
  }
}
