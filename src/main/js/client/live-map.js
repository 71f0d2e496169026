import { TidegateError } from "./access.js";
import { covering } from "./events.js";

/** The documents of a selection by their names, as they are. The connection writes into it; others read. */
export class LiveMap extends Map {
  isReady = false;
  #connection;
  #covers;
  #answer;
  #arriving = false;
  #changes = [];
  #listeners = new Set();
  #told;
  #reason = null;

  constructor(connection, selectors) {
    super();
    this.#connection = connection;
    this.selectors = selectors;
    this.#covers = selectors.map(covering);
    this.ready = new Promise((resolve, reject) => (this.#answer = { resolve, reject }));
    // Who does not wait for it sees the state.
    this.ready.catch(() => {});
  }

  get state() {
    const { state } = this.#connection;
    return this.#reason ? "ended" : state === "live" && !this.isReady ? "loading" : state;
  }

  get reason() {
    return this.#reason ?? this.#connection.reason;
  }

  get position() {
    return this.isReady ? this.#connection.position : undefined;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close() {
    this.#connection.remove([this]);
  }

  covers(name) {
    return this.#covers.some((covers) => covers(name));
  }

  /** Its documents are about to come, but for what others have of it; or they are not, if there are no others. */
  expect(others) {
    this.#arriving = others && new Map();
    for (const other of others || []) {
      other.forEach((value, name) => this.covers(name) && this.#arriving.set(name, { name, value }));
    }
  }

  /** An event of one document, which belongs to what arrives, and if it is an update, to what is there. */
  take(change) {
    const { event, name, value } = change;
    const write = (map, entry) => (event === "delete" ? map.delete(name) : map.set(name, entry));
    if (this.#arriving) {
      write(this.#arriving, change);
    }
    if (this.isReady && event !== "document") {
      write(this, value);
      this.#changes.push(change);
    }
  }

  /** What has arrived takes the place of what was there. */
  settle() {
    const isSame = this.#connection.options.parse ? Object.is : (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const arrived = this.#arriving || new Map();
    for (const name of this.keys()) {
      if (!arrived.has(name)) {
        this.take({ event: "delete", name });
      }
    }
    this.#arriving = false;
    this.isReady = true;
    for (const [name, document] of arrived) {
      if (!this.has(name) || !isSame(this.get(name), document.value)) {
        // Where it was changed on the way, other documents were as well, and in another order.
        this.take({ ...document, event: "put", seq: undefined });
      }
    }
    this.#answer.resolve(this);
  }

  end(reason = new TidegateError("closed", "closed")) {
    this.#reason = reason;
    this.#answer.reject(reason);
    this.tell();
  }

  /** Tells whoever listens what has changed since the last time. */
  tell() {
    const changes = this.#changes;
    if (changes.length || this.#told !== this.state) {
      this.#changes = [];
      this.#told = this.state;
      // Each by itself: what one of them throws is no matter of the others.
      this.#listeners.forEach((listener) => queueMicrotask(() => listener(changes, this)));
    }
  }
}
