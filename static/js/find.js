/**
 * The first element inside `root` that matches. Throws where there is none, or one of another kind.
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind such as HTMLInputElement
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} that matches ${selector}.`);
}

/**
 * All elements inside `root` that match and are of this kind.
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind[]}
 */
export function findAll(root, selector, kind) {
  return [...root.querySelectorAll(selector)].flatMap((element) => (element instanceof kind ? [element] : []));
}

/**
 * The value of the element's data-… attribute; `name` in camelCase. Throws where the element has no such attribute.
 * @param {HTMLElement} element
 * @param {string} name
 * @returns {string}
 */
export function read(element, name) {
  const text = element.dataset[name];
  if (text !== undefined) return text;
  throw new TypeError(`The page has a ${element.localName} without data for ${name}.`);
}
