const AT_ONCE = 8; // requests
const KEPT = 600; // pictures, of 64 KiB each

/** Pictures by address, fetched while they are wanted: what has left the canvas before its turn is not asked for. */
export class Thumbnails {
  #pictures = new Map(); // in order of use
  #wanted = [];
  #underWay = 0;

  /** @param {() => void} arrived is called whenever there is another picture */
  constructor(arrived) {
    this.arrived = arrived;
  }

  /** @returns {HTMLImageElement | undefined} the picture, once it is there */
  get(address) {
    const picture = this.#pictures.get(address);
    if (!picture) return undefined;
    this.#pictures.delete(address);
    this.#pictures.set(address, picture);
    return picture.naturalWidth ? picture : undefined;
  }

  /** Sets what is to be fetched, the first first. */
  want(addresses) {
    this.#wanted = addresses.filter((address) => !this.#pictures.has(address)).reverse();
    this.#fetch();
  }

  async #fetch() {
    if (this.#underWay === AT_ONCE || !this.#wanted.length) return;
    this.#underWay += 1;
    const address = this.#wanted.pop();
    const picture = Object.assign(new Image(), { src: address });
    this.#pictures.set(address, picture);
    if (this.#pictures.size > KEPT) this.#pictures.delete(this.#pictures.keys().next().value);
    this.#fetch();
    await picture.decode().catch(() => {}); // a car that is gone since stays a blank tile
    this.#underWay -= 1;
    this.arrived();
    this.#fetch();
  }
}
