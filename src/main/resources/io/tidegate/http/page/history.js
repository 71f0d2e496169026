import { TidegateError } from "../client/access.js";
import { readLines, textIn } from "../client/events.js";
import { element, node, number, shortened } from "./dom.js";
import { told } from "./reader.js";
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
    const selection = Selection.ofDocument(collection, key);
    const head = this.#updates.seq;
    let seen = 0;
    let why = "";
    try {
      for (const window of WINDOWS) {
        const back = await this.#lookBack(selection, head, seen, Math.min(window, head), looking.signal);
        const isAll = back < window;
        seen = back;
        if (this.#found.length >= SHOWN || isAll) {
          break;
        }
      }
    } catch (failure) {
      why = told(failure);
    }
    if (looking === this.#looking) {
      this.#looking = null;
      const none = seen === 0 ? "The log holds none of the updates before." : `None among the last ${number(seen)} updates.`;
      this.#draw(why || (this.#found.length > 0 ? "" : none));
    }
  }

  /** Reads what lies between two numbers of updates before the head, or half of that, and so on, as far as the log goes back. */
  async #lookBack(selection, head, seen, back, signal) {
    while (back > seen) {
      try {
        const upTo = seen === 0 ? Infinity : head - seen;
        this.#merge(await this.#read(selection, head - back, upTo, signal));
        return back;
      } catch (failure) {
        if (failure.code !== "position-unavailable") {
          throw failure;
        }
        back = seen + Math.floor((back - seen) / 2);
      }
    }
    return seen;
  }

  async #read(selection, from, upTo, signal) {
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
        const { event, seq, code, message } = JSON.parse(line);
        if (event === "error") {
          throw new TidegateError(code, message);
        }
        const isUpdate = event === "put" || event === "delete";
        if (isUpdate && seq <= upTo) {
          found.push({ event, seq, text: event === "put" ? shortened(textIn(line)) : "" });
          found = found.slice(-SHOWN);
        }
        if (event === "caughtup" || (isUpdate && seq >= upTo)) {
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
