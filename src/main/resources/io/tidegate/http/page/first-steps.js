import { copyBy, element } from "./dom.js";
import { pathOf } from "./names.js";

/** What to do next where there is nothing yet. */
export class FirstSteps {
  #reader;

  constructor(reader) {
    this.#reader = reader;
    const copying = element("copy-command");
    copying.addEventListener("click", () => copyBy(copying, element("command").textContent));
  }

  show(isEmpty) {
    if (isEmpty) {
      element("command").textContent = this.#command;
    }
    element("empty").hidden = !isEmpty;
    element("listed").hidden = isEmpty;
  }

  /** With its URL in quotes: zsh takes some of what is in URLs for patterns. */
  get #command() {
    const shown = this.#reader.isSomebody ? [`  -H "Authorization: Bearer $TOKEN"`] : [];
    const url = new URL(pathOf("orders", "o-17"), document.baseURI).href;
    return ["curl -X PUT -H 'Content-Type: application/json'", ...shown, `  -d '{"qty":5}' '${url}'`].join(" \\\n");
  }
}
