import { find } from "find";

/** A photograph on its way, as one line of the list: name, progress, and in words where it is. */
export class Line {
  /**
   * @param {File} file
   * @param {HTMLTemplateElement} template
   */
  constructor(file, template) {
    const copy = document.importNode(template.content, true);
    this.element = find(copy, "li", HTMLElement);
    this.bar = find(copy, "progress", HTMLProgressElement);
    this.words = find(copy, "[data-words]", HTMLElement);
    this.file = file;
    this.name = file.name;
    this.address = ""; // of its car, once it has one
    this.wasThere = false; // the car, before this
    find(copy, "[data-name]", HTMLElement).textContent = this.bar.ariaLabel = file.name;
  }

  wait() {
    this.bar.value = 0;
    this.words.textContent = "Waiting";
  }

  prepare() {
    this.bar.removeAttribute("value");
    this.words.textContent = "Being made ready";
  }

  /** @param {number} part of the file that is sent, from 0 to 1 */
  progress(part) {
    if (part < 1) this.bar.value = part;
    else this.bar.removeAttribute("value"); // nobody knows how long the model will take
    this.words.textContent = part < 1 ? `${Math.floor(100 * part)} %` : "The model is at work";
  }

  /**
   * @param {string} address of the car
   * @param {boolean} wasThere
   */
  arrive(address, wasThere) {
    Object.assign(this, { address, wasThere });
    this.bar.value = 1;
    const words = wasThere ? "Sent before: open its car" : "Done: open its car";
    this.words.replaceChildren(Object.assign(document.createElement("a"), { href: address, textContent: words }));
  }

  fail() {
    this.bar.value = 0;
    this.words.textContent = "Not stored";
  }

  focus() {
    find(this.words, "a", HTMLAnchorElement).focus();
  }
}
