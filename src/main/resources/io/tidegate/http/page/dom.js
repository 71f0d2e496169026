// What all parts of the page make elements with.

const formats = new Intl.NumberFormat("en");

/** As much of a text as a line shows. */
const SHOWN_CHARACTERS = 300;

export const number = (value) => formats.format(value);

export const element = (id) => document.getElementById(id);

/** An element with properties and children; text is never taken for markup. */
export function node(name, properties, ...children) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

/** One of many: Tab meets one of them, and the arrows the others. */
export const entry = (properties, ...children) =>
  node("button", { type: "button", tabIndex: -1, ...properties }, ...children);

export const shortened = (text) => (text.length > SHOWN_CHARACTERS ? text.slice(0, SHOWN_CHARACTERS) + "…" : text);

/** Puts a text on the clipboard, which browsers give to encrypted pages and those of this machine only. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = node("textarea", { className: "aside", value: text });
    // What is behind an open dialog cannot be selected.
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    const focused = document.activeElement;
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return isDone;
  }
}

/** A button says for a moment that it is done. */
export async function copyBy(button, text) {
  const label = button.textContent;
  button.textContent = (await copy(text)) ? "Copied" : "Not copied";
  setTimeout(() => (button.textContent = label), 1_500);
}

/** Calls an action soon after it is asked for, and not more often than the eye can follow. */
export function paced(action, milliseconds = 100) {
  let isDue = false;
  return () => {
    if (!isDue) {
      isDue = true;
      // Not by a frame of the window: where there is none for a while, what is shown would be of before.
      setTimeout(() => {
        isDue = false;
        action();
      }, milliseconds);
    }
  };
}
