import { TidegateError } from "./access.js";

/** Errors after which nothing more is taken on that socket, and the next one may be better. */
const ENDING = ["timeout", "too-many-connections", "too-many-failures", "unauthenticated"];

/** By which a server closes a WebSocket that got a longer message than it takes. */
const TOO_LONG = 1009;

/** Errors after which the same change may be taken later. */
const PASSING = ["outcome-unknown", "store-failed", "unavailable"];

/**
 * A WebSocket for changes, which are sent without waiting for the answers. Answers come in the order of the requests. When it ends,
 * what has no answer is sent again on the next one, in the same order and under the same ids, so that it takes effect once.
 *
 *     change ─► waiting ─► sent ─► answered
 *                  ▲        │
 *                  └────────┘ the socket has ended, or the change could not be taken now
 */
export class WriterSocket {
  #connection;
  #socket = null;
  #isOpening = false;
  #isClosed = false;
  #tries = 0;
  #timer = null;
  #alarm = null;

  /** Before that moment, of `performance.now()`, nothing is sent, and nobody is connected to. */
  #goesAt = 0;

  /** How long the server wants it to stay away. */
  #slot;

  /** How many changes there were, and of each document that has some on their way how many these are. */
  #count = 0;
  #ofDocument = new Map();

  /** Changes that are to be sent, in the order of their numbers. */
  #waiting = new Set();

  /** Requests without an answer on the socket that there is; nobody waits for that of an `auth`. */
  #sent = [];

  /** @param connection says which server is asked, as whom, and with which options */
  constructor(connection) {
    this.#connection = connection;
  }

  async change(verb, [collection, key], text, id, signal) {
    const words = [verb, collection, encodeURIComponent(key), `@id=${id}`, text];
    const line = words.filter((word) => word !== undefined).join(" ");
    const change = { number: this.#count++, name: `${collection}/${key}`, line };
    const outcome = new Promise((resolve, reject) => Object.assign(change, { resolve, reject }));
    const giveUp = () => this.#giveUp(change, signal.reason);
    signal.addEventListener("abort", giveUp);
    try {
      if (this.#isClosed) {
        change.reject(new TidegateError("closed", "it was closed"));
      } else if (signal.aborted) {
        giveUp();
      } else {
        this.#ofDocument.set(change.name, (this.#ofDocument.get(change.name) ?? 0) + 1);
        this.#waiting.add(change);
        this.#go();
      }
      return await outcome;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** If it was sent its answer is still owed, and is waited for. */
  #giveUp(change, reason) {
    change.isGivenUp = true;
    if (this.#waiting.delete(change)) {
      this.#forget(change);
    }
    change.reject(new TidegateError("outcome-unknown", reason.message));
  }

  /** A change is not on its way any more. */
  #forget({ name }) {
    const others = (this.#ofDocument.get(name) ?? 1) - 1;
    others ? this.#ofDocument.set(name, others) : this.#ofDocument.delete(name);
  }

  /** Sends what waits, now or as soon as that is possible. */
  #go() {
    clearTimeout(this.#timer);
    if (this.#isOpening || !this.#waiting.size) {
      return;
    }
    const wait = this.#goesAt - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#go(), wait);
    } else if (!this.#socket) {
      this.#open();
    } else if (this.#socket.readyState === 1) {
      const due = [...this.#waiting].sort((one, other) => one.number - other.number);
      this.#waiting.clear();
      due.forEach((change) => this.#send(change));
    }
  }

  #pause(wait) {
    this.#goesAt = Math.max(this.#goesAt, performance.now() + wait);
    this.#go();
  }

  #send(request) {
    // What is sent behind it does not put off when its answer is due.
    if (this.#sent.push(request) === 1) {
      this.#watch();
    }
    this.#socket.send(request.line);
  }

  async #open() {
    this.#isOpening = true;
    try {
      const token = await this.#connection.access.shown();
      if (!this.#isClosed) {
        this.#connect(token);
      }
      this.#isOpening = false;
    } catch {
      // No token was to be had, or no WebSocket: that is tried again like a connection that was lost.
      this.#isOpening = false;
      this.#lost();
    }
  }

  #connect(token) {
    const { WebSocket = globalThis.WebSocket } = this.#connection.options;
    const url = new URL("v1/socket", this.#connection.base).href.replace(/^http/, "ws");
    const socket = (this.#socket = new WebSocket(url));
    // Of a socket that was left nothing counts any more.
    const isCurrent = () => socket === this.#socket;
    this.#watch();
    socket.onopen = () => {
      if (isCurrent()) {
        this.#watch();
        token && this.#send({ line: `auth ${token}` });
        this.#go();
      }
    };
    socket.onmessage = ({ data }) => {
      data
        .trim()
        .split("\n")
        .forEach((line) => isCurrent() && this.#heed(JSON.parse(line)));
      isCurrent() && this.#watch();
    };
    socket.onclose = (event) => {
      if (isCurrent()) {
        event.code === TOO_LONG && this.#refuseLongest(event.reason);
        this.#lost();
      }
    };
    // What was wrong is told by the close that follows.
    socket.onerror = () => {};
  }

  /** From now on the server is left if it is silent for too long while it owes something: that it is there at all, or an answer. */
  #watch() {
    clearTimeout(this.#alarm);
    if (this.#socket.readyState === 0 || this.#sent.length) {
      this.#alarm = setTimeout(() => this.#leave(), this.#connection.options.silence);
    }
  }

  #heed(event) {
    switch (event.event) {
      case "accepted":
        this.#tries = 0;
        this.#answered()?.resolve?.({ seq: event.seq });
        break;
      case "authenticated":
        this.#answered();
        break;
      case "expiring":
        this.#showAgain();
        break;
      case "goodbye":
        this.#slot = event.reconnectAfterMs;
        break;
      case "error":
        this.#refused(new TidegateError(event.code, event.message));
        break;
    }
  }

  /** The oldest request, which has its answer now. */
  #answered() {
    const request = this.#sent.shift();
    if (request?.name) {
      this.#forget(request);
    }
    return request;
  }

  #refused(failure) {
    const { code } = failure;
    if (code === "unauthenticated" && !this.#connection.access.renew()) {
      this.#end(failure);
    } else if (this.#sent[0]?.isRenewal && code !== "unauthenticated") {
      // It stays who it was; another socket begins with the other token.
      this.#answered();
    } else if (ENDING.includes(code)) {
      this.#leave();
    } else if (PASSING.includes(code) && this.#mayWait(this.#sent[0])) {
      this.#waiting.add(this.#sent.shift());
      if (this.#goesAt <= performance.now()) {
        this.#pause(this.#connection.options.backoff(this.#tries++));
      }
    } else if (code !== "draining") {
      // While it drains nothing that has no answer is taken, and its goodbye follows.
      this.#answered()?.reject?.(failure);
    }
  }

  /** One on its way was too long. If several were, the others are found as they are sent again. */
  #refuseLongest(reason) {
    const length = ({ line }) => new TextEncoder().encode(line).length;
    const [longest] = this.#sent.filter(({ name }) => name).sort((one, other) => length(other) - length(one));
    if (longest) {
      this.#sent = this.#sent.filter((request) => request !== longest);
      this.#forget(longest);
      longest.reject(new TidegateError("too-large", reason || "it is too long for the server", { isFinal: true }));
    }
  }

  /** Whether a change may be sent again: never to come behind a later one of its document. */
  #mayWait(change) {
    return change?.name && !change.isGivenUp && this.#ofDocument.get(change.name) === 1;
  }

  async #showAgain() {
    if (this.#connection.access.renew()) {
      // Who has no other token now is asked again when the connection has ended by that.
      const token = await this.#connection.access.shown().catch(() => undefined);
      if (token && this.#socket?.readyState === 1) {
        this.#send({ line: `auth ${token}`, isRenewal: true });
      }
    }
  }

  /** Does not wait until it is closed, which on a path that leads nowhere is never. */
  #leave() {
    const socket = this.#socket;
    this.#lost();
    socket.close();
  }

  #lost() {
    clearTimeout(this.#alarm);
    this.#socket = null;
    const changes = this.#sent.filter(({ name }) => name);
    this.#sent = [];
    changes.forEach((change) => (change.isGivenUp ? this.#forget(change) : this.#waiting.add(change)));
    const wait = this.#slot ?? this.#connection.options.backoff(this.#tries++);
    this.#slot = undefined;
    this.#pause(wait);
  }

  #end(failure) {
    const open = [...this.#sent, ...this.#waiting];
    const socket = this.#socket;
    clearTimeout(this.#timer);
    clearTimeout(this.#alarm);
    this.#socket = null;
    this.#slot = undefined;
    this.#sent = [];
    this.#waiting.clear();
    this.#ofDocument.clear();
    open.forEach((request) => request.reject?.(failure));
    socket?.close();
  }

  close() {
    this.#isClosed = true;
    this.#end(new TidegateError("closed", "it was closed"));
  }
}
