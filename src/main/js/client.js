import { Connection } from "./client/connection.js";
import { LiveMap } from "./client/live-map.js";

export { TidegateError } from "./client/access.js";

/** Longer from try to try, and each time another while, so that not all clients come at once. */
const backoff = (tries) => Math.min(1000 * 1.5 ** tries, 10_000) * (0.75 + Math.random() / 2);

const clients = new Map();

/** The client of a server. Who asks for it in the same way gets the same one, and shares its connection. */
export function tidegate(url = "/", options = {}) {
  const home = new URL(url.replace(/\/?$/, "/"), globalThis.location?.href);
  const key = JSON.stringify([home, options]) + options.parse;
  if (!clients.has(key)) {
    clients.set(key, new Client(key, new Connection(home, { backoff, silence: 40_000, ...options })));
  }
  return clients.get(key);
}

class Client {
  #key;
  #connection;
  #writes;

  constructor(key, connection) {
    this.#key = key;
    this.#connection = connection;
  }

  follow(...selectors) {
    return this.#connection.add(new LiveMap(this.#connection, selectors.length ? selectors : ["*"]));
  }

  get(...words) {
    return this.#write("get", words);
  }

  put(...words) {
    return this.#write("put", words);
  }

  delete(...words) {
    return this.#write("delete", words);
  }

  /** Who only follows does not load what writes. What could not be loaded is loaded anew the next time. */
  async #write(verb, words) {
    this.#writes ??= import("./client/writes.js").then(({ Writes }) => new Writes(this.#connection));
    this.#writes.catch(() => (this.#writes = null));
    return (await this.#writes)[verb](...words);
  }

  async close() {
    clients.delete(this.#key);
    this.#connection.remove();
    (await this.#writes)?.close();
  }
}
