/**
 * Whether the picture at an address arrives; it is decoded then, so that an image shows it at once.
 * @param {string} address
 */
export function arrives(address) {
  return Object.assign(new Image(), { src: address }).decode().then(() => true, () => false);
}
