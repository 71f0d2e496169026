import { readLines, textIn } from "../client/events.js";
import { shortened } from "./dom.js";
import { isBefore, wordOf } from "./names.js";

/** So many documents are on a page; fewer if these have so many characters already. */
const PAGE = 100;
const PAGE_CHARACTERS = 4_000_000;

/** Of what updates add a page is cut again when it has so many more. */
const SLACK = 50;

/** Milliseconds without a byte of a page; then it is asked for again, and nothing more is kept of what has changed meanwhile. */
const PATIENCE = 30_000;

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * One page of the documents of a collection, from the server, and kept as they are by the updates that come. What is before and behind
 * the page is not held; a page is found again by the key behind which it begins.
 */
export class Listing {
  #ask;
  #changed;
  #patience;
  #beyond = [null];
  #byKey = new Map();
  #loading = null;
  #loaded = Promise.resolve();
  #turns = Promise.resolve();
  /** The last update of each document while a page is on its way. */
  #meanwhile = new Map();
  #seq = 0;

  rows = [];
  collection = null;
  selection = null;
  isLoading = false;
  isLast = true;
  /** Why it cannot be read now; null if it can. */
  failure = null;

  /**
   * @param ask asks the server
   * @param changed is called when there is something else to show
   * @param patience milliseconds that a page may be silent
   */
  constructor(ask, changed, patience = PATIENCE) {
    this.#ask = ask;
    this.#changed = changed;
    this.#patience = patience;
  }

  /** Which page it is; the first one is 1. */
  get page() {
    return this.#beyond.length;
  }

  /** The first page of something else. */
  show(collection, selection) {
    this.collection = collection;
    this.selection = selection;
    this.#beyond = [null];
    this.#replace([]);
    return this.#begin();
  }

  /** Nothing is shown. */
  clear() {
    this.#loading?.abort();
    this.#loading = null;
    this.isLoading = false;
    this.collection = null;
    this.failure = null;
    this.isLast = true;
    this.#beyond = [null];
    this.#replace([]);
  }

  next() {
    return this.#turn(() => {
      if (!this.isLast && this.rows.length > 0) {
        this.#beyond.push(this.rows.at(-1).key);
        return this.#begin();
      }
    });
  }

  previous() {
    return this.#turn(() => {
      if (this.page > 1) {
        this.#beyond.pop();
        return this.#begin();
      }
    });
  }

  /** One after the other, when what is on its way is there, unless something else is shown by then. */
  #turn(step) {
    const { selection } = this;
    const turn = async () => {
      while (this.isLoading && selection === this.selection) {
        await this.#loaded;
      }
      if (selection === this.selection) {
        await step();
      }
    };
    return (this.#turns = this.#turns.then(turn));
  }

  /** The same page anew. */
  async reload() {
    if (this.collection !== null) {
      await this.#begin();
    }
  }

  #begin() {
    return (this.#loaded = this.#load());
  }

  async #load() {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    this.isLoading = true;
    this.failure = null;
    this.#changed();
    while (loading === this.#loading) {
      try {
        await this.#read(loading);
        return;
      } catch (failure) {
        if (loading !== this.#loading) {
          return;
        }
        this.failure = failure;
        this.#changed();
        if (failure.isFinal) {
          this.isLoading = false;
          return;
        }
        await delay(Math.max(failure.retryAfter ?? 0, 1_000));
      }
    }
  }

  async #read(loading) {
    // Whatever came before is in what is asked for now.
    this.#meanwhile.clear();
    const beyond = this.#beyond.at(-1);
    // With one more it is known whether there is another page. Of a collection it is what its reader may read.
    const more = [
      ["limit", PAGE + 1],
      ["readable", "true"],
    ];
    if (beyond !== null) {
      more.push(["beyond", wordOf(this.collection, beyond)]);
    }
    // Ended by itself when there is enough: not by who loads something else.
    const enough = new AbortController();
    loading.signal.addEventListener("abort", () => enough.abort());
    let patience;
    const alive = () => {
      clearTimeout(patience);
      patience = setTimeout(() => enough.abort(new Error("the server takes its time")), this.#patience);
    };
    alive();
    const page = await this.#readPage(more, enough, alive).finally(() => clearTimeout(patience));
    if (loading === this.#loading) {
      this.#loading = null;
      this.isLoading = false;
      this.failure = null;
      this.isLast = page.isLast;
      this.#seq = page.seq;
      this.#replace(page.rows);
      const updates = [...this.#meanwhile.values()];
      this.#meanwhile.clear();
      updates.forEach((update) => this.#apply(update));
      this.#changed();
    }
  }

  async #readPage(more, enough, alive) {
    const response = await this.#ask("v1/documents?" + this.selection.query(more), {
      headers: { Accept: "application/x-ndjson" },
      signal: enough.signal,
    });
    const rows = [];
    let characters = 0;
    let isCut = false;
    const take = (line) => {
      if (characters <= PAGE_CHARACTERS) {
        characters += line.length;
        rows.push({ key: JSON.parse(line).key, text: shortened(textIn(line)), changed: 0 });
      } else {
        isCut = true;
        enough.abort();
      }
    };
    await readLines(response.body, take, alive).catch((failure) => {
      if (!isCut) {
        throw failure;
      }
    });
    return {
      rows: rows.slice(0, PAGE),
      isLast: rows.length <= PAGE && !isCut,
      seq: Number(response.headers.get("Tidegate-Position")?.split(":")[1] ?? 0),
    };
  }

  #replace(rows) {
    this.rows = rows;
    this.#byKey = new Map(rows.map((row) => [row.key, row]));
  }

  /** An update, of whatever document. */
  take(update) {
    if (update.collection === this.collection && this.selection.covers(update.key)) {
      if (this.isLoading) {
        this.#meanwhile.set(update.key, { ...update, text: shortened(update.text) });
      } else {
        this.#apply(update);
      }
    }
  }

  /** One that the page has already, or that is of another page, changes nothing. */
  #apply({ event, key, seq, text }) {
    const last = this.rows.at(-1)?.key;
    const beyond = this.#beyond.at(-1);
    const isHere =
      seq > this.#seq &&
      (beyond === null || isBefore(beyond, key)) &&
      (this.isLast || (last !== undefined && !isBefore(last, key)));
    if (isHere && event === "delete") {
      this.#remove(key);
    } else if (isHere) {
      this.#put(key, shortened(text));
    }
  }

  #remove(key) {
    if (this.#byKey.delete(key)) {
      this.rows = this.rows.filter((row) => row.key !== key);
      if (!this.isLast && this.rows.length < PAGE / 2 && !this.isLoading) {
        this.#begin();
      }
      this.#changed();
    }
  }

  #put(key, text) {
    let row = this.#byKey.get(key);
    if (row === undefined) {
      row = { key };
      const behind = this.rows.findIndex((other) => isBefore(key, other.key));
      this.rows.splice(behind < 0 ? this.rows.length : behind, 0, row);
      this.#byKey.set(key, row);
      this.#cut();
    }
    row.text = text;
    row.changed = performance.now();
    this.#changed();
  }

  #cut() {
    if (this.rows.length > PAGE + SLACK) {
      this.#replace(this.rows.slice(0, PAGE));
      this.isLast = false;
    }
  }
}
