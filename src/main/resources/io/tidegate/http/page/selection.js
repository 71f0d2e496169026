import { query, wordOf, wordOfMany } from "./names.js";

/** In place of selectors. */
const NOTHING = "none";

const decoded = (part) => part.replace(/(%[\da-f]{2})+/gi, decodeURIComponent);

/** What a selector is about; what is wrong with it is for the server to say. */
function parse(word) {
  const [, collection, keys = "*"] = /^([^/]*)(?:\/(.*))?$/s.exec(word);
  try {
    const isMany = keys.endsWith("*");
    return { collection: decoded(collection), beginning: decoded(isMany ? keys.slice(0, -1) : keys), isMany };
  } catch {
    return { collection, beginning: keys, isMany: false };
  }
}

/** What is looked at, as it stands in the page's address: selectors; everything if there are none. */
export class Selection {
  #parts;

  /** Those of the address, each once. */
  static ofAddress() {
    return new Selection(new URLSearchParams(location.hash.slice(1)).getAll("select"));
  }

  /** Those that somebody wrote, separated by spaces. */
  static ofText(text) {
    return new Selection(text.split(/\s+/).filter((word) => word !== ""));
  }

  constructor(words) {
    this.words = [...new Set(words)];
    this.#parts = this.text === NOTHING ? [] : this.words.map((word) => ({ word, ...parse(word) }));
  }

  get isAll() {
    return this.words.length === 0;
  }

  get text() {
    return this.words.join(" ");
  }

  /** As a part of the page's address. */
  get address() {
    return new URLSearchParams(this.words.map((word) => ["select", word])).toString();
  }

  /** The parameters of a request. */
  get parameters() {
    return this.words.map((word) => ["select", word]);
  }

  /** The collections that it names, if it does not mean all. */
  get collections() {
    return [...new Set(this.#parts.map((part) => part.collection))];
  }

  /** Whether a collection is in it as a whole. */
  hasWhole(collection) {
    return this.isAll || this.#parts.some((part) => part.collection === collection && part.isMany && part.beginning === "");
  }

  /** What it has of a collection, of keys that begin so. */
  of(collection, beginning) {
    if (this.isAll) {
      return new Selection([wordOfMany(collection, beginning)]);
    }
    const words = [];
    for (const part of this.#parts.filter((each) => each.collection === collection)) {
      if (part.beginning.startsWith(beginning)) {
        words.push(part.word);
      } else if (part.isMany && beginning.startsWith(part.beginning)) {
        words.push(wordOfMany(collection, beginning));
      }
    }
    return new Selection(words.length > 0 ? words : [NOTHING]);
  }

  /** Whether a key of the collection that all of it is about is in it. */
  covers(key) {
    return this.#parts.some(({ beginning, isMany }) => (isMany ? key.startsWith(beginning) : key === beginning));
  }

  /** One document. */
  static ofDocument(collection, key) {
    return new Selection([wordOf(collection, key)]);
  }

  /** With more parameters, as a request has them. */
  query(more) {
    return query([...this.parameters, ...more]);
  }
}
