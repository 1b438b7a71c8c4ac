import { deliver, NotTaken } from "upload/deliver";
import { read } from "find";
import { decodeHeic, isHeic } from "upload/heic";
import { scaled } from "upload/scale";

/** @typedef {import("upload/lines").Line} Line */

const TOO_LARGE = "This file is too large, and your browser cannot make it smaller. Save it as a JPEG first.";

/**
 * Sends these photographs one after another, without those that have arrived already. Resolves to what was not taken.
 * @param {HTMLFormElement} form
 * @param {Line[]} lines
 * @param {AbortSignal} signal
 * @param {(words: string) => void} say what is going on
 */
export async function sendAll(form, lines, signal, say) {
  const left = lines.filter((line) => !line.address);
  for (const line of left) line.wait();
  /** @type {NotTaken[]} */
  const refusals = [];
  for (const [number, line] of left.entries()) {
    say(left.length > 1 ? `Sending ${number + 1} of ${left.length}: ${line.name}` : `Sending ${line.name}`);
    try {
      await sendOne(form, line, signal);
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      line.fail();
      const isOneOfMany = lines.length > 1 && !error.stops;
      refusals.push(isOneOfMany ? new NotTaken(`${line.name}: ${error.message}`, false) : error);
      if (error.stops) break;
    }
  }
  return refusals;
}

/**
 * @param {HTMLFormElement} form
 * @param {Line} line
 * @param {AbortSignal} signal
 */
async function sendOne(form, line, signal) {
  const maxBytes = Number(read(form, "maxBytes"));
  line.prepare();
  const photograph = await scaled(line.file, maxBytes, async (file) => (isHeic(file) ? decodeHeic(file, form, signal) : null));
  // Not sent at all: Lambda would answer a body that is too large without a page of the site.
  if (photograph.size > maxBytes) throw new NotTaken(TOO_LARGE, false);
  const { address, wasThere } = await deliver(form, photograph, (part) => line.progress(part), signal);
  line.arrive(address, wasThere);
}
