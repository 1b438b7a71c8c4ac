/**
 * A function that fetches an address and reads the answer, once for each address. It rejects where nothing arrives, and
 * may then be called again.
 * @template Kind
 * @param {(answer: Response) => Promise<Kind>} read
 * @returns {(address: string) => Promise<Kind>}
 */
export function once(read) {
  /** @type {Map<string, Promise<Kind>>} */
  const asked = new Map();

  /** @param {string} address */
  async function download(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return read(answer);
  }

  return (address) => {
    const kept = asked.get(address) ?? download(address);
    asked.set(address, kept);
    kept.catch(() => asked.delete(address));
    return kept;
  };
}
