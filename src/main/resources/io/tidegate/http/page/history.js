import { readLines, textIn } from "../client/events.js";
import { element, node, number, shortened } from "./dom.js";
import { Selection } from "./selection.js";

/** So many updates of a document are shown. */
const SHOWN = 10;

/** They are looked for in so many of the newest updates, and further back if there are fewer. */
const WINDOWS = [1_000, 10_000, 100_000];

/** The last updates of one document: those that the log holds, and those that come. */
export class History {
  #ask;
  #updates;
  #looking = null;
  #found = [];

  constructor(ask, updates) {
    this.#ask = ask;
    this.#updates = updates;
  }

  clear() {
    this.#looking?.abort();
    this.#looking = null;
    this.#found = [];
    this.#draw("");
  }

  /** Looks for those of a document. */
  async look(collection, key) {
    this.clear();
    const looking = (this.#looking = new AbortController());
    if (this.#updates.position === undefined) {
      return;
    }
    this.#draw("Looking…");
    let seen = 0;
    try {
      for (const back of WINDOWS) {
        const from = Math.max(0, this.#updates.seq - back);
        const found = await this.#read(Selection.ofDocument(collection, key), from, looking.signal);
        this.#merge(found);
        seen = back;
        if (this.#found.length >= SHOWN || from === 0) {
          break;
        }
      }
    } catch {
      // The log does not go back so far, or the page has moved on.
    }
    if (looking === this.#looking) {
      this.#looking = null;
      this.#draw(this.#found.length > 0 || seen === 0 ? "" : `None among the last ${number(seen)} updates.`);
    }
  }

  async #read(selection, from, signal) {
    const whole = new AbortController();
    signal.addEventListener("abort", () => whole.abort());
    const response = await this.#ask("v1/updates?" + selection.query([["after", `${this.#updates.epoch}:${from}`]]), {
      headers: { Accept: "application/x-ndjson" },
      signal: whole.signal,
    });
    let found = [];
    let isThere = false;
    await readLines(
      response.body,
      (line) => {
        const { event, seq } = JSON.parse(line);
        if (event === "put" || event === "delete") {
          found.push({ event, seq, text: event === "put" ? shortened(textIn(line)) : "" });
          found = found.slice(-SHOWN);
        }
        if (event === "caughtup" || event === "error") {
          isThere = true;
          whole.abort();
        }
      },
      () => {},
    ).catch((failure) => {
      if (!isThere) {
        throw failure;
      }
    });
    return found;
  }

  /** One that comes while the document is shown. */
  take({ event, seq, text }) {
    this.#merge([{ event, seq, text: shortened(text) }]);
    this.#draw("");
  }

  #merge(more) {
    const all = new Map([...this.#found, ...more].map((update) => [update.seq, update]));
    this.#found = [...all.values()].sort((one, other) => other.seq - one.seq).slice(0, SHOWN);
  }

  #draw(note) {
    element("history").replaceChildren(
      ...this.#found.map(({ event, seq, text }) =>
        node("li", { className: event }, node("b", {}, String(seq)), ` ${event === "delete" ? "deleted" : text}`),
      ),
    );
    element("history-note").textContent = note;
    element("history-part").hidden = note === "" && this.#found.length === 0;
  }
}
