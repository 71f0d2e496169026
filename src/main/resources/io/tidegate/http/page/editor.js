import { element } from "./dom.js";
import { Draft } from "./draft.js";
import { compact } from "./json.js";
import { pathOf } from "./names.js";
import { Proof } from "./proof.js";
import { told } from "./reader.js";

/** Given to no other change, so that one whose answer was lost takes effect once when it is sent again. */
const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

/** Changes the document that is shown, as it is shown: what somebody else has done meanwhile is not overwritten unseen. */
export class Editor {
  #reader;
  #whole;
  #proof;
  #draft = new Draft({ save: () => this.#save(), discard: () => this.#discard() });

  /** Whether a change is on its way: what comes of the document now may be that. */
  isWriting = false;

  /** The condition under which what was asked about is deleted. */
  #doomed = null;

  /** What was sent last without an answer, and its id. */
  #sent = null;

  /**
   * @param whole what shows the document: `document()`, null for one that is made; `note(text)`, `show()`, `read()`, which says whether
   *     it was read; `open(collection, key)`, `close()`
   */
  constructor(reader, whole) {
    this.#reader = reader;
    this.#whole = whole;
    this.#proof = new Proof(reader);
    const on = (id, action) => element(id).addEventListener("click", action);
    on("change", () => this.#change());
    on("delete", () => {
      this.#doomed = this.#whole.document().tag;
      this.#sure(true);
    });
    on("keep", () => this.#sure(false));
    on("delete-it", () => this.#delete());
  }

  get isOpen() {
    return this.#draft.isOpen;
  }

  /** The tag of what is changed, as it was when somebody began. */
  get tag() {
    return this.#draft.base?.tag ?? null;
  }

  get isChanged() {
    return this.#draft.isChanged;
  }

  make(collection) {
    this.#draft.make(collection);
  }

  /** Nothing is changed any more. */
  end() {
    this.#proof.leave();
    this.#draft.end();
    element("sure").hidden = true;
  }

  #change() {
    this.#whole.note("");
    element("tools").hidden = true;
    this.#draft.change(this.#whole.document());
  }

  #discard() {
    this.end();
    this.#whole.note("");
    if (this.#whole.document() === null) {
      this.#whole.close();
    } else {
      this.#whole.read();
      element("whole-text").focus();
    }
  }

  async #save() {
    const document = this.#whole.document();
    const isNew = document === null;
    const { collection, key } = document ?? this.#draft;
    const { text: body, base } = this.#draft;
    if (!isNew && base.text !== null && body === compact(base.text)) {
      this.end();
      this.#whole.note("Nothing was changed.");
      // Not what was there before: somebody else may have changed it.
      this.#whole.read();
      return;
    }
    const condition = base.tag === null ? { "If-None-Match": "*" } : { "If-Match": base.tag };
    try {
      await this.#write(pathOf(collection, key), "PUT", condition, body);
      if (this.#isStill(document, base)) {
        this.#whole.open(collection, key);
        this.#whole.note(isNew ? "Made." : "Saved.");
      }
    } catch (failure) {
      if (this.#isStill(document, base)) {
        await this.#refused(failure, isNew);
      }
    }
  }

  /** Not if somebody looks at something else by now, or has begun anew. */
  #isStill(document, base) {
    return document === this.#whole.document() && base === this.#draft.base;
  }

  /** With the id of before if it is the same change, since nobody knows what became of it. */
  async #write(path, method, condition, body) {
    const what = JSON.stringify([path, method, condition, body]);
    if (this.#sent?.what !== what) {
      this.#sent = { what, id: newId() };
    }
    const headers = { "Content-Type": "application/json", "Idempotency-Key": `"${this.#sent.id}"`, ...condition };
    const { base } = this.#draft;
    this.isWriting = true;
    this.#draft.rest(true);
    try {
      await this.#proof.doing(() => this.#reader.ask(path, { method, body, headers }));
    } finally {
      this.isWriting = false;
      if (base === this.#draft.base) {
        this.#draft.rest(false);
      }
    }
    this.#sent = null;
  }

  async #refused(failure, isNew) {
    if (failure.status !== 412) {
      const isUnknown = failure.code === "offline";
      this.#whole.note(isUnknown ? "The server cannot be reached: try again, it takes effect once." : told(failure));
    } else if (isNew) {
      this.#whole.note("There is such a document already: open it to change it.");
    } else {
      const { base } = this.#draft;
      this.#whole.note("Somebody has changed it meanwhile: this is what it is now.");
      // Only what somebody was shown is overwritten.
      if ((await this.#whole.read()) && this.isOpen && base === this.#draft.base) {
        this.#draft.overwrite(this.#whole.document());
        this.#whole.note("Somebody has changed it meanwhile: below is what it is now. Save once more to put yours in its place.");
      }
    }
  }

  #sure(isAsked) {
    element("sure").hidden = !isAsked;
    element(isAsked ? "keep" : "delete").focus();
  }

  async #delete() {
    element("sure").hidden = true;
    const document = this.#whole.document();
    const { base } = this.#draft;
    try {
      await this.#write(pathOf(document.collection, document.key), "DELETE", { "If-Match": this.#doomed ?? "*" });
      document.text = document.tag = null;
      if (document === this.#whole.document()) {
        this.#whole.show();
        this.#whole.note("Deleted.");
        element("whole-close").focus();
      }
    } catch (failure) {
      if (this.#isStill(document, base)) {
        await this.#refused(failure, false);
      }
    }
  }
}
