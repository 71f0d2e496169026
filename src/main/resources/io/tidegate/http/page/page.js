// A live view of the feed. One EventSource follows it: a snapshot first, then updates, each with its position as the event's
// id. When the connection ends, the browser comes back by itself, with the last id, after the time that the server's goodbye
// gave it as its slot; only what the browser gives up on is started again here.

/** What the page keeps and shows at most. The counts stay right beyond it. */
const KEPT_DOCUMENTS = 20_000;
const SHOWN_DOCUMENTS = 300;
const SHOWN_UPDATES = 100;

/** Waits before another try when the browser has given up, in milliseconds. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

const element = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");

/** The documents of one collection. */
class Collection {
  documents = new Map();
}

/** What the feed has told so far. */
class Feed {
  collections = new Map();
  position = null;
  documents = 0;
  updates = 0;
  recent = [];
  fresh = new Set();

  clear() {
    this.collections.clear();
    this.documents = 0;
    this.fresh.clear();
  }

  put({ collection, key, value }) {
    let known = this.collections.get(collection);
    if (!known) {
      known = new Collection();
      this.collections.set(collection, known);
    }
    if (!known.documents.has(key)) {
      this.documents++;
    }
    const kept = known.documents.get(key) !== undefined || this.documents <= KEPT_DOCUMENTS;
    known.documents.set(key, kept ? value : undefined);
  }

  delete({ collection, key }) {
    const known = this.collections.get(collection);
    if (known?.documents.delete(key)) {
      this.documents--;
      if (known.documents.size === 0) {
        this.collections.delete(collection);
      }
    }
  }

  updated(update) {
    this.updates++;
    this.fresh.add(update.collection + "\n" + update.key);
    this.recent.unshift(update);
    this.recent.length = Math.min(this.recent.length, SHOWN_UPDATES);
  }
}

/** Follows the server for as long as the page is open. */
class Follower {
  #feed;
  #changed;
  #source = null;
  #wait = FIRST_WAIT;
  #goodbye = null;
  #synced = false;

  /**
   * @param feed is told what arrives
   * @param changed called after each event with the state of the connection, if that has changed too
   */
  constructor(feed, changed) {
    this.#feed = feed;
    this.#changed = changed;
  }

  connect() {
    const after = this.#synced && this.#feed.position ? "?after=" + encodeURIComponent(this.#feed.position) : "";
    const source = new EventSource("v1/follow" + after);
    source.onopen = () => this.#opened();
    source.onmessage = (message) => this.#event(message);
    source.onerror = () => this.#ended(source);
    this.#source = source;
  }

  #opened() {
    this.#goodbye = null;
    this.#wait = FIRST_WAIT;
    if (!this.#synced) {
      // The last connection broke before its snapshot was complete: this one brings all of it again.
      this.#feed.clear();
    }
    this.#changed(this.#synced ? "live" : "loading", this.#synced ? "Live" : "Loading the documents…");
  }

  #event(message) {
    const event = JSON.parse(message.data);
    switch (event.event) {
      case "document":
        this.#feed.put(event);
        break;
      case "synced":
        this.#synced = true;
        this.#changed("live", "Live");
        break;
      case "put":
        this.#feed.put(event);
        this.#feed.updated(event);
        break;
      case "delete":
        this.#feed.delete(event);
        this.#feed.updated(event);
        break;
      case "resync":
        this.#synced = false;
        this.#feed.clear();
        this.#changed("loading", "Loading the documents anew: " + event.reason);
        break;
      case "goodbye":
        this.#goodbye = event;
        this.#changed("draining", this.#farewell());
        break;
      case "error":
        this.#changed("offline", event.message);
        break;
    }
    if (message.lastEventId && this.#synced) {
      this.#feed.position = message.lastEventId;
    }
    this.#changed();
  }

  #farewell() {
    const { reason, reconnectAfterMs } = this.#goodbye;
    return `The server said goodbye (${reason}): coming back after ${number.format(reconnectAfterMs)} ms`;
  }

  #ended(source) {
    if (source.readyState === EventSource.CLOSED) {
      // The browser gives up on a refused connection or an error answer.
      this.#changed("offline", `The server cannot be reached: next try after ${number.format(this.#wait / 1000)} s`);
      setTimeout(() => this.connect(), this.#wait);
      this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    } else if (this.#goodbye) {
      this.#changed("draining", this.#farewell());
    } else {
      this.#changed("connecting", "The connection broke: coming back");
    }
  }
}

/** Draws the feed, once a frame at most. */
class View {
  #feed;
  #selected = null;
  #due = false;
  #seen = { updates: 0, at: performance.now() };

  constructor(feed) {
    this.#feed = feed;
    element("search").addEventListener("input", () => this.refresh());
    setInterval(() => this.#rate(), 1_000);
  }

  state(name, text) {
    element("state").dataset.state = name;
    element("state").textContent = text;
  }

  refresh() {
    if (!this.#due) {
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        this.#draw();
      });
    }
  }

  #draw() {
    element("position").textContent = this.#feed.position ?? "–";
    element("count").textContent = number.format(this.#feed.documents);
    this.#drawCollections();
    this.#drawDocuments();
    this.#drawUpdates();
    this.#feed.fresh.clear();
  }

  #drawCollections() {
    const names = [...this.#feed.collections.keys()].sort();
    if (!this.#feed.collections.has(this.#selected)) {
      this.#selected = names[0] ?? null;
    }
    element("collections").replaceChildren(...names.map((name) => this.#collection(name)));
  }

  #collection(name) {
    const button = node("button", "", node("span", name), node("span", number.format(this.#size(name))));
    button.type = "button";
    button.setAttribute("aria-pressed", String(name === this.#selected));
    button.addEventListener("click", () => {
      this.#selected = name;
      this.refresh();
    });
    return node("li", "", button);
  }

  #size(name) {
    return this.#feed.collections.get(name).documents.size;
  }

  #drawDocuments() {
    const search = element("search").value;
    const documents = this.#feed.collections.get(this.#selected)?.documents ?? new Map();
    const rows = [];
    let found = 0;
    for (const [key, value] of documents) {
      if (key.includes(search)) {
        found++;
        if (rows.length < SHOWN_DOCUMENTS) {
          rows.push(this.#document(key, value));
        }
      }
    }
    element("documents-title").textContent = this.#selected === null ? "Documents" : `Documents of ${this.#selected}`;
    element("documents").replaceChildren(...rows);
    element("more").hidden = found <= rows.length;
    element("more").textContent = `The first ${number.format(rows.length)} of ${number.format(found)}.`;
  }

  #document(key, value) {
    const row = node("tr", "", node("td", key), node("td", value === undefined ? "…" : JSON.stringify(value)));
    if (this.#feed.fresh.has(this.#selected + "\n" + key)) {
      row.className = "fresh";
    }
    return row;
  }

  #drawUpdates() {
    element("updates").replaceChildren(
      ...this.#feed.recent.map((update) => {
        const what = update.event === "delete" ? " deleted" : " " + JSON.stringify(update.value);
        const item = node("li", "", node("b", String(update.seq)), `${update.collection}/${update.key}${what}`);
        item.className = update.event;
        return item;
      }),
    );
  }

  #rate() {
    const now = performance.now();
    const rate = (1_000 * (this.#feed.updates - this.#seen.updates)) / (now - this.#seen.at);
    this.#seen = { updates: this.#feed.updates, at: now };
    element("rate").textContent = number.format(Math.round(rate));
  }
}

/** An element with text and children; text is never taken for markup. */
function node(name, text, ...children) {
  const created = document.createElement(name);
  created.textContent = text;
  created.append(...children);
  return created;
}

const feed = new Feed();
const view = new View(feed);
const follower = new Follower(feed, (state, text) => {
  if (state) {
    view.state(state, text);
  }
  view.refresh();
});
follower.connect();
