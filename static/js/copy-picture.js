import { read } from "find";
import { says } from "copy-link";

/**
 * Copies the rebuilt car as a PNG, where the browser's clipboard takes pictures.
 * @param {HTMLButtonElement} button
 */
export default function copyPicture(button) {
  if (!navigator.clipboard?.write || !window.ClipboardItem) return;
  button.hidden = false;
  const say = says(button);
  button.addEventListener("click", () => {
    // The clipboard waits for the picture: asked for only afterwards, Safari would refuse it.
    const picture = fetch(read(button, "picture")).then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(answer.statusText))));
    navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]).then(() => say("Copied"), () => say("Download it instead"));
  });
}
