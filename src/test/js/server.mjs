import { createServer } from "node:http";

/** A server that answers as a test tells it to. */
export class ScriptedServer {
  #server;
  #requests = [];
  #waiting = [];

  static async start() {
    const server = new ScriptedServer();
    await new Promise((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  constructor() {
    this.#server = createServer((request, response) => {
      const exchange = new Exchange(request, response);
      const waiting = this.#waiting.shift();
      waiting ? waiting(exchange) : this.#requests.push(exchange);
    });
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** The next request, when it comes. */
  async asked() {
    return this.#requests.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Requests that nobody has looked at. */
  get unasked() {
    return this.#requests.length;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

class Exchange {
  constructor(request, response) {
    this.method = request.method;
    this.headers = request.headers;
    this.path = request.url.split("?")[0];
    this.query = decodeURIComponent(request.url.split("?")[1] ?? "");
    this.response = response;
    this.ended = new Promise((resolve) => response.on("close", resolve));
    this.body = new Promise((resolve) => {
      let text = "";
      request.on("data", (piece) => (text += piece));
      request.on("end", () => resolve(text));
    });
  }

  /** Events of a stream, which stays open. */
  send(...events) {
    if (!this.response.headersSent) {
      this.response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    }
    this.response.write(events.map((event) => JSON.stringify(event) + "\n").join(""));
    return this;
  }

  raw(text) {
    this.response.write(text);
    return this;
  }

  end() {
    this.response.end();
  }

  cut() {
    this.response.destroy();
  }

  refuse(status, code, headers = {}) {
    this.answer(status, JSON.stringify({ status, code, detail: `that is ${code}` }), headers);
  }

  answer(status, body = "", headers = {}) {
    this.response.writeHead(status, headers);
    this.response.end(body);
  }
}

const named = (name) => {
  const [collection, ...key] = name.split("/");
  return { collection, key: key.join("/") };
};

export const document = (name, value) => ({ event: "document", ...named(name), value });
export const put = (seq, name, value) => ({ event: "put", seq, ...named(name), value });
export const gone = (seq, name) => ({ event: "delete", seq, ...named(name) });
export const at = (event, seq, epoch = "e") => ({ event, epoch, seq });
export const resync = { event: "resync", reason: "it is gone" };
export const goodbye = (reason, seq, more) => ({ event: "goodbye", reason, epoch: "e", seq, reconnectAfterMs: 1, ...more });

/** A snapshot, and all that follows it. */
export const snapshot = (seq, documents) => [
  ...Object.entries(documents).map(([name, value]) => document(name, value)),
  at("synced", seq),
  at("subscribed", seq),
  at("caughtup", seq),
];

/** Waits until something is so. */
export async function until(holds, what = String(holds)) {
  const giveUpAt = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > giveUpAt) {
      throw new Error(`it never came true: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
