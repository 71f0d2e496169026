import { copyBy, element, number, paced } from "./dom.js";
import { Editor } from "./editor.js";
import { History } from "./history.js";
import { nameOf, pathOf } from "./names.js";
import { told } from "./reader.js";
import { Tree } from "./tree.js";

const ago = (milliseconds) => {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 60 ? `${seconds} s ago` : `${number(Math.floor(seconds / 60))} min ago`;
};

/** One document as a whole: shown, changed, deleted, or made. */
export class Whole {
  #ask;
  #isSomebody;
  #updates;
  #arrivalOf;
  #closed;
  #dialog = element("whole");
  #tree = new Tree(element("whole-text"));
  #history;
  #editor;
  #reading = null;
  #again = paced(() => this.#document !== null && !this.#editor.isOpen && this.#read(), 200);

  /** Its name; `text` as it came, null if there is none; `tag`, the condition under which it may be changed. */
  #document = null;
  #isRaw = false;

  /** Why it could not be read, as it was said; null if it could. */
  #failure = null;
  #isLeaving = false;

  /**
   * @param reader asks the server
   * @param updates where the feed is
   * @param arrivalOf when an update came
   * @param closed called when it was closed
   */
  constructor(reader, updates, arrivalOf, closed) {
    this.#ask = (path, init) => reader.ask(path, init);
    this.#isSomebody = () => reader.isSomebody;
    this.#updates = updates;
    this.#arrivalOf = arrivalOf;
    this.#closed = closed;
    this.#history = new History(this.#ask, updates);
    this.#editor = new Editor(reader, {
      document: () => this.#document,
      note: (text) => this.#note(text),
      show: () => this.#show(),
      read: () => this.#read(),
      open: (collection, key) => this.open(collection, key),
      close: () => this.close(),
    });
    // Told later: meanwhile it may have been opened again.
    this.#dialog.addEventListener("close", () => this.#dialog.open || this.#left());
    this.#dialog.addEventListener("cancel", (event) => this.#leaving(event));
    // What browsers do not ask by cancel, such as Esc in a page in which nothing was pressed before.
    this.#dialog.addEventListener("keydown", (event) => event.key === "Escape" && this.#leaving(event));
    const on = (id, action) => element(id).addEventListener("click", action);
    on("whole-close", () => this.#mayLeave("Close it") && this.#dialog.close());
    on("fold", () => this.#tree.fold(false));
    on("unfold", () => this.#tree.fold(true));
    on("as-it-came", () => this.#showRaw(!this.#isRaw));
    on("copy", () => copyBy(element("copy"), this.#document.text));
    on("copy-curl", () => copyBy(element("copy-curl"), this.#curl));
  }

  /** What it shows is no secret: the token is that of the shell. */
  get #curl() {
    const shown = this.#isSomebody() ? '-H "Authorization: Bearer $TOKEN" ' : "";
    return `curl -i ${shown}'${new URL(this.#path, document.baseURI).href}'`;
  }

  get #path() {
    return pathOf(this.#document.collection, this.#document.key);
  }

  open(collection, key) {
    this.#begin({ collection, key, text: null, tag: null });
    element("whole-text").focus();
    this.#read();
    this.#history.look(collection, key);
  }

  /** A document that is not there yet. */
  make(collection) {
    this.#begin(null);
    this.#editor.make(collection);
  }

  #begin(document) {
    this.#reading?.abort();
    this.#document = document;
    this.#failure = null;
    this.#history.clear();
    this.#showRaw(false);
    this.#note("");
    this.#editor.end();
    element("whole-title").textContent = document === null ? "New document" : nameOf(document.collection, document.key);
    element("whole-text").textContent = document === null ? "" : "Loading…";
    element("tools").hidden = true;
    this.facts();
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  /** Whether it was read, and is shown as it is. */
  async #read() {
    this.#reading?.abort();
    const { signal } = (this.#reading = new AbortController());
    const document = this.#document;
    const { position } = this.#updates;
    // From the node that is asked, which may be behind the one that the updates come from.
    const headers = position === undefined ? {} : { "Tidegate-At-Least": position };
    try {
      const response = await this.#ask(this.#path, { signal, headers });
      document.text = (await response.text()).replace(/\n$/, "");
      document.bytes = new Blob([document.text]).size;
      document.tag = response.headers.get("ETag");
    } catch (failure) {
      if (signal.aborted || document !== this.#document) {
        return false;
      }
      if (failure.status !== 404) {
        this.#failure = told(failure);
        this.#note(this.#failure);
        return false;
      }
      document.text = document.tag = null;
    }
    const isShown = document === this.#document && !signal.aborted;
    if (isShown) {
      if (this.#failure !== null && element("whole-note").textContent === this.#failure) {
        this.#note("");
      }
      this.#failure = null;
      this.#show();
    }
    return isShown;
  }

  #show() {
    const { text } = this.#document;
    if (text === null) {
      element("whole-text").textContent = "There is no such document now.";
    } else if (this.#isRaw) {
      element("whole-text").textContent = text;
    } else {
      this.#tree.show(text);
    }
    element("tools").hidden = text === null || this.#editor.isOpen;
    this.facts();
  }

  #showRaw(isRaw) {
    this.#isRaw = isRaw;
    element("as-it-came").setAttribute("aria-pressed", String(isRaw));
    if (this.#document?.text) {
      this.#show();
    }
  }

  /** Where it is, and how old; called every now and then, since that changes. */
  facts() {
    const { text = null, tag = null, bytes } = this.#document ?? {};
    const parts = [];
    if (tag !== null) {
      const position = tag.replace(/^"|"$/g, "");
      const seq = Number(position.split(":")[1]);
      const since = this.#updates.seq - seq;
      const at = this.#arrivalOf(seq);
      parts.push(position);
      if (since >= 0) {
        parts.push(since === 0 ? "the newest update" : `${number(since)} update${since === 1 ? "" : "s"} ago`);
      }
      if (at !== undefined) {
        parts.push(ago(Date.now() - at));
      }
    }
    if (text !== null) {
      parts.push(`${number(bytes)} byte${bytes === 1 ? "" : "s"}`);
    }
    element("whole-facts").textContent = parts.join(" · ");
  }

  #note(text) {
    element("whole-note").textContent = text;
  }

  /** It may have changed unseen, or what failed may be possible again. */
  again() {
    this.#again();
  }

  /** Live again: what could not be read before may be there now. */
  live() {
    if (this.#failure !== null) {
      this.#again();
    }
  }

  /** An update, of whatever document. */
  take(update) {
    const document = this.#document;
    if (document === null || update.key !== document.key || update.collection !== document.collection) {
      return;
    }
    this.#history.take(update);
    if (!this.#editor.isOpen) {
      this.#again();
    } else if (!this.#editor.isWriting && `${this.#updates.epoch}:${update.seq}` !== this.#editor.tag?.slice(1, -1)) {
      this.#note("Somebody has changed it meanwhile. What you save is refused at first, and shows what it is now.");
    }
  }

  // ---- the end

  #leaving(event) {
    if (!this.#mayLeave("Esc")) {
      event.preventDefault();
    }
  }

  /** What was written is not lost at once. */
  #mayLeave(how) {
    if (!this.#editor.isChanged || this.#isLeaving) {
      return true;
    }
    this.#isLeaving = true;
    setTimeout(() => (this.#isLeaving = false), 5_000);
    this.#note(`It is not saved: ${how} once more throws it away.`);
    return false;
  }

  #left() {
    this.#reading?.abort();
    this.#history.clear();
    this.#editor.end();
    this.#document = null;
    this.#closed();
  }

  close() {
    if (this.#dialog.open) {
      this.#dialog.close();
    }
  }

  /** Something else is looked at, or nothing any more: what somebody writes stays until he closes it. */
  leave() {
    if (this.#editor.isChanged) {
      this.#note("The page behind this has changed. What you write is kept until you close it.");
    } else {
      this.close();
    }
  }
}
