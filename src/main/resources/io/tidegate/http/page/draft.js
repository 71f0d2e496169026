import { element } from "./dom.js";
import { compact, isJson, pretty } from "./json.js";

/** What somebody writes: a document that is changed, or one that is new. */
export class Draft {
  #before = "";

  /**
   * What it changes, as that was when somebody began: `text` and `tag`, both null where there is nothing. Another one with each
   * beginning; null while nothing is written.
   */
  base = null;

  /** @param heard is told: `save()`, `discard()` */
  constructor(heard) {
    const form = element("draft");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!element("save").disabled) {
        heard.save();
      }
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

  /** A document as it is now, whatever becomes of it meanwhile. */
  change({ text, tag }) {
    this.base = { text, tag };
    this.#begin(pretty(text), false);
    element("draft-text").focus();
  }

  /** A new one, perhaps in that collection. */
  make(collection) {
    this.base = { text: null, tag: null };
    element("draft-collection").value = collection ?? "";
    element("draft-key").value = "";
    this.#begin("{\n  \n}", true);
    element(collection === null ? "draft-collection" : "draft-key").focus();
  }

  #begin(text, isNew) {
    this.rest(false);
    this.#before = text;
    element("draft-text").value = text;
    element("draft-name").hidden = !isNew;
    element("draft-collection").required = isNew;
    element("draft-key").required = isNew;
    element("draft").hidden = false;
    element("save").textContent = "Save";
  }

  /** What is on its way is not written on: it would be lost. */
  rest(isResting) {
    ["draft-collection", "draft-key", "draft-text"].forEach((id) => (element(id).readOnly = isResting));
    element("save").disabled = isResting;
  }

  /** It takes the place of what somebody was shown since. */
  overwrite({ text, tag }) {
    this.base = { text, tag };
    element("save").textContent = "Save over it";
  }

  end() {
    this.base = null;
    element("draft").hidden = true;
  }
}
