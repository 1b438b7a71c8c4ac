// Every element with data-behaviour="name …" is given to the default export of each module it names.
for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(" ")) {
    import(name).then((behaviour) => behaviour.default(element));
  }
}
