// Asks whether that is really meant.
import { element } from "./dom.js";

/** Whether a question is not answered yet; there is one dialog for all. */
let isAsked = false;

/** Whatever is asked is not meant any more. */
export function dismiss() {
  if (isAsked) {
    element("confirm").close("");
  }
}

/**
 * Asks in a dialog, which Esc closes as well. Fails as long as something else is asked.
 *
 * @param title what is about to be done
 * @param text what comes of it
 * @param action what the button says that does it
 * @param word has to be typed before; none if that is empty
 * @return whether it is to be done
 */
export async function confirmed({ title, text, action, word = "" }) {
  if (isAsked) {
    throw new Error("Something else is asked already: answer that first.");
  }
  isAsked = true;
  const dialog = element("confirm");
  const typed = element("confirm-word");
  const doIt = element("confirm-do");
  element("confirm-title").textContent = title;
  element("confirm-text").textContent = text;
  element("confirm-type").hidden = word === "";
  element("confirm-expected").textContent = word;
  doIt.textContent = action;
  typed.value = "";
  const look = () => (doIt.disabled = typed.value.trim() !== word);
  typed.oninput = look;
  look();
  element("confirm-form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close("do");
  };
  element("confirm-not").onclick = () => dialog.close("");
  dialog.returnValue = "";
  dialog.showModal();
  (word === "" ? element("confirm-not") : typed).focus();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  isAsked = false;
  return dialog.returnValue === "do";
}
