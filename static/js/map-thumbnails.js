const AT_ONCE = 8; // requests
const KEPT = 600; // pictures, of 64 KiB each

/** Pictures by address, fetched while they are wanted: what has left the canvas before its turn is not asked for. */
export class Thumbnails {
  /** @type {Map<string, HTMLImageElement>} in order of use */
  #pictures = new Map();
  /** @type {string[]} */
  #wanted = [];
  #underWay = 0;

  /** @param {() => void} arrived is called whenever there is another picture */
  constructor(arrived) {
    this.arrived = arrived;
  }

  /**
   * The picture, once it is there.
   * @param {string} address
   */
  get(address) {
    const picture = this.#pictures.get(address);
    if (!picture) return undefined;
    this.#pictures.delete(address);
    this.#pictures.set(address, picture);
    return picture.naturalWidth ? picture : undefined;
  }

  /**
   * Sets what is to be fetched, the first first.
   * @param {string[]} addresses
   */
  want(addresses) {
    this.#wanted = addresses.filter((address) => !this.#pictures.has(address)).reverse();
    this.#fetch();
  }

  async #fetch() {
    if (this.#underWay === AT_ONCE) return;
    const address = this.#wanted.pop();
    if (address === undefined) return;
    this.#underWay += 1;
    const picture = Object.assign(new Image(), { src: address });
    this.#pictures.set(address, picture);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > KEPT) this.#pictures.delete(oldest);
    this.#fetch();
    await picture.decode().catch(() => {}); // a car that is gone since stays a blank tile
    this.#underWay -= 1;
    this.arrived();
    this.#fetch();
  }
}
