const LOST = "The connection was lost. What has not arrived is still chosen: try again.";
export const STOPPED = "You cancelled it. What has not arrived is still chosen.";
const BROKEN = "The site did not answer as it should. Try again in a minute.";
const OF_THE_FILE = [413, 422]; // statuses that another file may not get

/** A photograph was not taken. The message says why; `stops` whether the next one would not be taken either. */
export class NotTaken extends Error {
  /**
   * @param {string} message
   * @param {boolean} stops
   */
  constructor(message, stops) {
    super(message);
    this.stops = stops;
  }
}

/**
 * Sends the form with this photograph. Resolves to its car's address, and whether that was there before.
 * Rejects with NotTaken.
 * @param {HTMLFormElement} form
 * @param {File} photograph
 * @param {(part: number) => void} progress is called with how much of it is sent, from 0 to 1
 * @param {AbortSignal} signal
 * @returns {Promise<{ address: string, wasThere: boolean }>}
 */
export function deliver(form, photograph, progress, signal) {
  if (signal.aborted) return Promise.reject(new NotTaken(STOPPED, true));
  const request = new XMLHttpRequest(); // fetch does not say how much is sent
  const data = new FormData(form);
  data.set("image", photograph, photograph.name);
  return new Promise((resolve, reject) => {
    const lose = () => {
      reject(new NotTaken(LOST, true));
      request.abort();
    };
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => {
      const address = request.getResponseHeader("Location");
      if (address) resolve({ address, wasThere: request.status === 200 });
      else reject(new NotTaken(wordsOf(request), !OF_THE_FILE.includes(request.status)));
    });
    request.addEventListener("error", lose);
    request.addEventListener("abort", () => reject(new NotTaken(STOPPED, true)));
    request.addEventListener("loadend", () => removeEventListener("offline", lose));
    addEventListener("offline", lose);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(data);
  });
}

/**
 * What the site's page of a refusal says.
 * @param {XMLHttpRequest} request
 */
function wordsOf(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const words = [...page.querySelectorAll(".errors p, .page-head .lede")].map((element) => element.textContent);
  return words.join(" ") || BROKEN;
}
