import { element } from "./dom.js";
import { compact, isJson, pretty } from "./json.js";

/** What somebody writes: a document that is changed, or one that is new. */
export class Draft {
  #before = "";

  /** @param heard is told: `save()`, `discard()` */
  constructor(heard) {
    const form = element("draft");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      heard.save();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    element("discard").addEventListener("click", () => heard.discard());
  }

  get isOpen() {
    return !element("draft").hidden;
  }

  get isChanged() {
    return this.isOpen && element("draft-text").value !== this.#before;
  }

  /** On one line as it was, but for white space; what is no JSON as it is, for the server to say what is wrong. */
  get text() {
    const text = element("draft-text").value;
    return isJson(text) ? compact(text) : text;
  }

  get collection() {
    return element("draft-collection").value;
  }

  get key() {
    return element("draft-key").value;
  }

  /** A document as it is. */
  change(text) {
    this.#begin(pretty(text), false);
    element("draft-text").focus();
  }

  /** A new one, perhaps in that collection. */
  make(collection) {
    element("draft-collection").value = collection ?? "";
    element("draft-key").value = "";
    this.#begin("{\n  \n}", true);
    element(collection === null ? "draft-collection" : "draft-key").focus();
  }

  #begin(text, isNew) {
    this.#before = text;
    element("draft-text").value = text;
    element("draft-name").hidden = !isNew;
    element("draft-collection").required = isNew;
    element("draft-key").required = isNew;
    element("draft").hidden = false;
    this.mayOverwrite(false);
  }

  /** Whether somebody knows that what he saves takes the place of another change. */
  mayOverwrite(isKnown) {
    element("save").textContent = isKnown ? "Save over it" : "Save";
  }

  end() {
    element("draft").hidden = true;
  }
}
