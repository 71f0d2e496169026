import { Access, TidegateError, refusal } from "./access.js";
import { nameOf, readLines, textIn } from "./events.js";

const isReady = (map) => map.isReady;
const isPending = (map) => !map.isReady;
const settle = (map) => map.settle();
const selection = (maps) => new Set(maps.flatMap((map) => map.selectors));

/**
 * The stream that all live maps of a client share. When it ends, another one goes on where it was; when maps come and go, another
 * one takes its place: `after` has the position of the maps that are ready, `select` what they have, `watch` what others want.
 */
export class Connection {
  state = "connecting";
  reason = null;
  #home;
  #maps = [];
  #nodes = [];
  #stream;
  #timer;
  #tries = 0;
  /** How many maps are added at once: one where one of many is refused. */
  #most = Infinity;

  // Where the maps that are ready have come to, and as whom that was read.
  #epoch;
  #seq;
  #token;

  /** Where they were as the server was, the last time: what is caught up with may leave out steps. */
  position;

  // Of the stream: its maps, those that its snapshot is for, those that are added behind it; whether it has all of these, whether
  // its snapshot is whole, or it has none; and its last word.
  #asked = [];
  #first = [];
  #added = [];
  #isSettled = false;
  #isWhole = true;
  #goodbye = {};

  constructor(home, options) {
    this.#home = home;
    this.options = options;
    this.access = new Access(options);
  }

  /** The server that is asked now. */
  get base() {
    return this.#nodes[0] ?? this.#home;
  }

  add(map) {
    this.#maps.push(map);
    this.#reselect();
    queueMicrotask(() => map.tell());
    return map;
  }

  /** Some maps end; all of them if none are named. */
  remove(maps = this.#maps, reason) {
    this.#maps = this.#maps.filter((map) => !maps.includes(map));
    this.#reselect();
    maps.forEach((map) => map.end(reason));
  }

  /**
   * Maps have come or gone. One for which others have all there is has it from them. Another stream takes the place of this one, once
   * that has begun, if there are maps for which nobody has it, or nobody wants some of it any more.
   */
  #reselect() {
    const ready = this.#maps.filter(isReady);
    const has = selection(ready);
    for (const map of this.#isWhole ? this.#maps.filter(isPending) : []) {
      if (map.selectors.every((selector) => has.has(selector) || has.has("*"))) {
        map.expect(ready);
        map.settle();
      }
    }
    const isMore = this.#maps.some((map) => isPending(map) && !this.#asked.includes(map));
    const isLess = selection(this.#asked.concat(this.#maps)).size > selection(this.#maps).size;
    if (!this.#maps.length) {
      this.#stop();
      this.#asked = [];
      this.state = "connecting";
    } else if ((isMore || isLess) && (this.#stream ? this.#isSettled : !this.#timer)) {
      this.#open(0);
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#stream?.abort();
    this.#timer = this.#stream = null;
  }

  #open(wait) {
    this.#stop();
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  async #run() {
    const stream = (this.#stream = new AbortController());
    this.#timer = null;
    this.#isSettled = false;
    this.#goodbye = {};
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => stream.abort(new Error("silence")), this.options.silence);
      this.#tell();
    };
    try {
      heard();
      const response = await this.access.fetch(() => this.#ask(), {
        headers: { Accept: "application/x-ndjson" },
        signal: stream.signal,
      });
      if (!response.ok) {
        throw await refusal(response);
      }
      if (this.state !== "live" || this.options.latest) {
        this.#become("loading");
      }
      await readLines(response.body, (line) => this.#heed(line), heard);
      const { reason = "cut" } = this.#goodbye;
      throw new TidegateError(reason, "the stream ended: " + reason);
    } catch (failure) {
      if (stream === this.#stream) {
        this.#ended(failure instanceof TidegateError ? failure : new TidegateError("offline", failure.message));
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  /** The request for all that the maps want. */
  #ask() {
    const ready = this.#maps.filter(isReady);
    const pending = this.#maps.filter(isPending).slice(0, this.#most);
    const { token } = this.access;
    this.#asked = ready.concat(pending);
    // Else it begins anew: so does who follows everything as somebody else, and would miss what he could not read before.
    this.#isWhole = ready.length && !(selection(this.#asked).has("*") && (pending.length || token !== this.#token));
    this.#token = token;
    this.#first = this.#isWhole ? ready : this.#asked;
    this.#added = this.#isWhole ? pending : [];
    this.#asked.forEach((map) => map.expect(this.#isWhole ? isPending(map) && ready : []));
    const has = selection(this.#first);
    const query = this.options.latest ? ["latest"] : [];
    const add = (name, value) => query.push(`${name}=${encodeURIComponent(value)}`);
    if (!has.has("*")) {
      has.forEach((selector) => add("select", selector));
      selection(this.#added).forEach((selector) => has.has(selector) || add("watch", selector));
    }
    this.#isWhole && add("after", `${this.#epoch}:${this.#seq}`);
    return new URL("v1/follow?" + query.join("&"), this.base);
  }

  #heed(line) {
    const event = JSON.parse(line);
    switch (event.event) {
      case "document":
      case "put":
      case "delete":
        this.#pass(event, line);
        break;
      case "resync":
        this.#isWhole = false;
        this.#first = this.#maps.filter(isReady);
        this.#first.concat(this.#added).forEach((map) => map.expect([]));
        this.#become("loading");
        break;
      case "synced":
        this.#isWhole = true;
        this.#first.forEach(settle);
        break;
      case "watching":
        this.#added.forEach(settle);
        this.#added = [];
        this.#begun();
        break;
      case "subscribed":
        this.#added.length || this.#begun();
        break;
      case "condensed":
        this.#become("loading");
        break;
      case "caughtup":
        this.#become("live");
        break;
      case "goodbye":
        this.#goodbye = event;
        break;
      case "error":
        throw new TidegateError(event.code, event.message);
    }
    if (this.#isWhole && event.seq >= 0) {
      this.#epoch = event.epoch ?? this.#epoch;
      this.#seq = event.seq;
      if (this.state === "live" || event.event === "synced") {
        this.position = `${this.#epoch}:${this.#seq}`;
      }
    }
  }

  /** To each map what concerns it, and each update once. */
  #pass({ event, collection, key, seq, value }, line) {
    if (seq <= this.#seq) {
      return;
    }
    const change = { event, name: nameOf(collection, key), seq };
    if (event !== "delete") {
      const { parse = () => value } = this.options;
      change.value = parse((change.text = textIn(line)));
    }
    this.#maps.forEach((map) => map.covers(change.name) && map.take(change));
  }

  /** The stream has what it was asked for. */
  #begun() {
    this.#isSettled = true;
    this.#tries = 0;
    this.#reselect();
    this.#maps.some(isPending) || (this.#most = Infinity);
  }

  #ended(failure) {
    const { comeBack = "as-is", reconnectAfterMs, nodes } = this.#goodbye;
    const pending = this.#asked.filter((map) => isPending(map) && this.#maps.includes(map));
    if (failure.isFinal && failure.status !== 401 && this.#maps.length > 1) {
      // Perhaps what one of them selects is refused: that shows when they are added one by one, those that were ready too.
      pending.length || this.#maps.forEach((map) => (map.isReady = false));
      this.#most = 1;
      this.#open(0);
      pending.length > 1 || this.remove(pending, failure);
    } else if (failure.isFinal || comeBack === "never" || (comeBack !== "as-is" && !this.access.renew())) {
      this.remove(this.#maps, failure);
    } else {
      // A page of the server itself may ask no other node.
      if (nodes && this.#home.origin !== globalThis.location?.origin) {
        this.#nodes = nodes;
      }
      failure.retryInMs = reconnectAfterMs ?? this.#nextTry(failure);
      this.#open(failure.retryInMs);
      this.#become("waiting", failure);
    }
  }

  /** When nobody is at one of the nodes that the server named, the next one is tried at once, and at last the server itself. */
  #nextTry({ retryAfter = 0 }) {
    if (this.#nodes.length && !this.#isSettled) {
      this.#nodes.shift();
      return 0;
    }
    return Math.max(retryAfter, this.options.backoff(this.#tries++));
  }

  #become(state, reason = null) {
    Object.assign(this, { state, reason });
    this.#tell();
  }

  #tell() {
    this.#maps.forEach((map) => map.tell());
  }
}
