// A live view of the feed. One EventSource follows it: a snapshot first, then updates, each with its position as the event's
// id. When it ends, however it does, a new one goes on after the last position. A browser's own way of coming back would not
// do: it gives up for good at a proxy's 502, and tries as often as it was last told to.

/** What the page keeps and shows at most. The counts stay right beyond it. */
const KEPT_DOCUMENTS = 20_000;
const SHOWN_DOCUMENTS = 300;
const SHOWN_UPDATES = 100;
const SHOWN_CHARACTERS = 400;

/** Waits before another try, in milliseconds; less a random quarter, so that not all pages come at once. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 4_000;
const GROWTH = 1.5;

/** Statuses of what stays wrong however often it is asked: the request, who asks, what that may read. */
const FINAL = new Set([400, 401, 403]);

/** Somebody has to sign in, or again. */
const UNAUTHENTICATED = 401;

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

  put({ collection, key, text }) {
    let known = this.collections.get(collection);
    if (!known) {
      known = new Collection();
      this.collections.set(collection, known);
    }
    if (!known.documents.has(key)) {
      this.documents++;
    }
    const kept = known.documents.get(key) !== undefined || this.documents <= KEPT_DOCUMENTS;
    known.documents.set(key, kept ? text : undefined);
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

  /** Something else is followed from now on. */
  forget() {
    this.clear();
    this.position = null;
    this.recent = [];
  }

  updated(update) {
    this.updates++;
    this.fresh.add(update.collection + "\n" + update.key);
    this.recent.unshift(update);
    this.recent.length = Math.min(this.recent.length, SHOWN_UPDATES);
  }
}

/**
 * An event, with the text of its value beside it: parsed and written anew, long numbers would lose digits, and objects their
 * order. The value is the last member, and no text before it has a quote that is not escaped.
 */
function eventOf(data) {
  const event = JSON.parse(data);
  const value = ',"value":';
  if ("value" in event) {
    event.text = data.slice(data.indexOf(value) + value.length, data.lastIndexOf("}"));
  }
  return event;
}

/** What is followed, as it stands in the page's address: selectors; everything if there are none. */
class Selection {
  /** Those of the address, each once. */
  static ofAddress() {
    return new Selection(new URLSearchParams(location.hash.slice(1)).getAll("select"));
  }

  /** Those that somebody wrote, separated by spaces. */
  static ofText(text) {
    return new Selection(text.split(/\s+/).filter((word) => word !== ""));
  }

  constructor(selectors) {
    this.selectors = [...new Set(selectors)];
  }

  get text() {
    return this.selectors.join(" ");
  }

  /** The parameters of a request for it. */
  parameters() {
    return new URLSearchParams(this.selectors.map((selector) => ["select", selector]));
  }
}

/**
 * Who reads. Over TLS the server sets a cookie, which no script sees and which outlives the page. Without TLS a browser takes no such
 * cookie: then the page has the token until it is closed, and takes a ticket for each stream, whose request has no headers of its own.
 */
class Reader {
  static #SIGNED_IN = "tidegate-signed-in";
  #token = null;

  /** Whether somebody has signed in, as far as the page can know. */
  get isSomebody() {
    return this.#token !== null || localStorage.getItem(Reader.#SIGNED_IN) !== null;
  }

  get isEncrypted() {
    return location.protocol === "https:";
  }

  /** Shows a token; says why in vain, or null if it was right. */
  async signIn(token) {
    try {
      const path = this.isEncrypted ? "v1/session" : "v1/tickets";
      const response = await fetch(path, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
      if (!response.ok) {
        return (await response.json()).detail;
      }
    } catch {
      return "The server cannot be reached, or that is no token.";
    }
    if (this.isEncrypted) {
      localStorage.setItem(Reader.#SIGNED_IN, "by a cookie");
    } else {
      this.#token = token;
    }
    return null;
  }

  /** False if the server was not reached, whose cookie only it can take away. */
  async signOut() {
    if (this.isEncrypted) {
      try {
        await fetch("v1/session", { method: "DELETE" });
      } catch {
        return false;
      }
    }
    this.forget();
    return true;
  }

  /** What was shown is nobody's any more. */
  forget() {
    this.#token = null;
    localStorage.removeItem(Reader.#SIGNED_IN);
  }

  /** Of a request that may have some. */
  get headers() {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }

  /** For a stream; null if it needs none, or gets none. */
  async ticket() {
    if (this.#token === null) {
      return null;
    }
    try {
      const response = await fetch("v1/tickets", { method: "POST", headers: this.headers });
      return response.ok ? (await response.json()).ticket : null;
    } catch {
      return null;
    }
  }
}

/** Follows the server for as long as the page is open. */
class Follower {
  #reader;
  #feed;
  #changed;
  #selection;
  #source = null;
  #retry;
  #wait = FIRST_WAIT;
  #goodbye = null;
  #synced = false;

  /**
   * @param reader who follows
   * @param feed is told what arrives
   * @param selection what is followed at first
   * @param changed called after each event with the state of the connection, if that has changed too
   */
  constructor(reader, feed, selection, changed) {
    this.#reader = reader;
    this.#feed = feed;
    this.#selection = selection;
    this.#changed = changed;
  }

  /** Follows something else from now on. */
  select(selection) {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#feed.forget();
    this.#selection = selection;
    this.#synced = false;
    this.#goodbye = null;
    this.#wait = FIRST_WAIT;
    this.#changed("connecting", "Connecting…");
    this.connect();
  }

  /** The same once more, as somebody else. */
  anew() {
    this.select(this.#selection);
  }

  /** Nothing is followed, and nothing shown, until somebody signs in. */
  leave(why) {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
    this.#feed.forget();
    this.#reader.forget();
    this.#changed("signed-out", why);
  }

  #path(ticket = null) {
    const parameters = this.#selection.parameters();
    if (this.#synced && this.#feed.position) {
      parameters.append("after", this.#feed.position);
    }
    if (ticket !== null) {
      parameters.append("ticket", ticket);
    }
    return `v1/follow?${parameters}`;
  }

  async connect() {
    const before = this.#source;
    const ticket = await this.#reader.ticket();
    if (this.#source !== before) {
      // Meanwhile somebody chose something else.
      return;
    }
    const source = new EventSource(this.#path(ticket));
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onmessage = (message) => this.#event(message);
    source.onerror = () => this.#ended(source);
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
    const event = eventOf(message.data);
    switch (event.event) {
      case "document":
        this.#feed.put(event);
        break;
      case "snapshot":
        this.#changed("loading", `Loading ${number.format(event.documents)} documents…`);
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
        this.#changed("draining", `The server said goodbye (${event.reason})`);
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

  /** The connection ended, or none could be made: the browser would decide when to come back, or not to. */
  async #ended(source) {
    const mayBeRefused = source.readyState === EventSource.CLOSED;
    source.close();
    const refusal = mayBeRefused ? await this.#refusal() : null;
    if (source !== this.#source) {
      // Meanwhile somebody chose something else.
      return;
    }
    if (refusal !== null) {
      if (refusal.status === UNAUTHENTICATED) {
        this.leave(this.#reader.isSomebody ? "That token is nobody's any more: sign in again" : "Sign in to see something");
      } else {
        this.#changed("offline", refusal.detail);
      }
      return;
    }
    if (this.#goodbye && (this.#goodbye.comeBack ?? "as-is") !== "as-is") {
      // As it is it would be refused, however often it came back.
      this.leave(`The server said goodbye (${this.#goodbye.reason}): sign in again`);
      return;
    }
    this.#comeBack();
  }

  /** Why the request is wrong, however often it is made; null if it is not. A browser keeps that from an EventSource. */
  async #refusal() {
    const abort = new AbortController();
    try {
      const headers = { Accept: "application/x-ndjson", ...this.#reader.headers };
      const response = await fetch(this.#path(), { headers, signal: abort.signal });
      return FINAL.has(response.status) ? await response.json() : null;
    } catch {
      return null;
    } finally {
      abort.abort();
    }
  }

  #comeBack() {
    const goodbye = this.#goodbye;
    const base = goodbye ? Math.max(goodbye.reconnectAfterMs, FIRST_WAIT) : this.#wait;
    const wait = goodbye ? base + (Math.random() * FIRST_WAIT) / 4 : base * (1 - Math.random() / 4);
    const shown = number.format(Math.ceil(wait / 100) / 10);
    this.#goodbye = null;
    this.#wait = Math.min(GROWTH * this.#wait, LONGEST_WAIT);
    if (goodbye) {
      this.#changed("draining", `The server said goodbye (${goodbye.reason}): coming back in ${shown} s`);
    } else {
      this.#changed("offline", `The server cannot be reached: next try in ${shown} s`);
    }
    this.#retry = setTimeout(() => this.connect(), wait);
  }
}

/** Shows one document whole. */
class Whole {
  #reader;
  #dialog = element("whole");

  constructor(reader) {
    this.#reader = reader;
    element("whole-close").addEventListener("click", () => this.#dialog.close());
  }

  /** @param text its value; undefined if the page does not have it */
  async open(collection, key, text) {
    element("whole-title").textContent = `${collection}/${key}`;
    element("whole-text").textContent = text ?? "Loading…";
    this.#dialog.showModal();
    if (text === undefined) {
      element("whole-text").textContent = await this.#read(collection, key);
    }
  }

  async #read(collection, key) {
    try {
      const path = `v1/documents/${encodeURIComponent(collection)}/${encodeURIComponent(key)}`;
      const response = await fetch(path, { headers: this.#reader.headers });
      const body = await response.text();
      return response.ok ? body.trimEnd() : JSON.parse(body).detail;
    } catch {
      return "The document cannot be read now: try again later.";
    }
  }
}

/** Draws the feed, once a frame at most. */
class View {
  #feed;
  #selected = null;
  #due = false;
  #pressed = false;
  #whole;
  #seen = { updates: 0, at: performance.now() };

  constructor(reader, feed) {
    this.#whole = new Whole(reader);
    this.#feed = feed;
    element("search").addEventListener("input", () => this.refresh());
    // What is pressed has to be there still when it is let go, or it was no click.
    addEventListener("pointerdown", () => (this.#pressed = true));
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => {
        this.#pressed = false;
        this.refresh();
      });
    }
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
        if (!this.#pressed) {
          this.#draw();
        }
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
    replace(
      element("collections"),
      names.map((name) => this.#collection(name)),
    );
  }

  #collection(name) {
    const button = node("button", "", node("span", name), node("span", number.format(this.#size(name))));
    button.type = "button";
    button.dataset.name = name;
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
    replace(element("documents"), rows);
    element("more").hidden = found <= rows.length;
    element("more").textContent = `The first ${number.format(rows.length)} of ${number.format(found)}.`;
  }

  #document(key, text) {
    const open = node("button", key);
    open.type = "button";
    open.dataset.name = key;
    const value = node("td", text === undefined ? "…" : shortened(text));
    value.title = text === undefined ? "Not kept here: open the document to read it" : "";
    const row = node("tr", "", node("td", "", open), value);
    row.addEventListener("click", () => this.#whole.open(this.#selected, key, text));
    if (this.#feed.fresh.has(this.#selected + "\n" + key)) {
      row.className = "fresh";
    }
    return row;
  }

  #drawUpdates() {
    element("updates").replaceChildren(
      ...this.#feed.recent.map((update) => {
        const what = update.event === "delete" ? " deleted" : " " + shortened(update.text);
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

/** Puts other elements in place of the old ones; the button that had the focus keeps it. */
function replace(container, elements) {
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
  container.replaceChildren(...elements);
  if (focused !== undefined) {
    [...container.querySelectorAll("button")].find((button) => button.dataset.name === focused)?.focus();
  }
}

/** As much of a text as fits into a line. */
function shortened(text) {
  return text.length > SHOWN_CHARACTERS ? text.slice(0, SHOWN_CHARACTERS) + "…" : text;
}

/** An element with text and children; text is never taken for markup. */
function node(name, text, ...children) {
  const created = document.createElement(name);
  created.textContent = text;
  created.append(...children);
  return created;
}

/** The form for a token, where one is needed, and the way out. */
class SignIn {
  #reader;
  #follower;

  constructor(reader, follower) {
    this.#reader = reader;
    this.#follower = follower;
    element("sign-in").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    });
    element("sign-out").addEventListener("click", () => this.#signOut());
  }

  /** @param isNeeded whether nothing is shown otherwise */
  show(isNeeded) {
    element("sign-in").hidden = !isNeeded;
    element("sign-out").hidden = isNeeded || !this.#reader.isSomebody;
    element("sign-in-note").textContent = this.#reader.isEncrypted
      ? ""
      : "This page is not encrypted, nor is the token on its way. It is kept until the page is closed or loaded anew.";
  }

  async #signIn() {
    const refusal = await this.#reader.signIn(element("token").value);
    element("token").value = "";
    if (refusal === null) {
      this.#follower.anew();
    } else {
      element("sign-in-note").textContent = refusal;
    }
  }

  async #signOut() {
    if (await this.#reader.signOut()) {
      this.#follower.leave("Signed out");
    } else {
      view.state("offline", "The server cannot be reached: you are still signed in");
    }
  }
}

const feed = new Feed();
const reader = new Reader();
const view = new View(reader, feed);
const follower = new Follower(reader, feed, Selection.ofAddress(), (state, text) => {
  if (state) {
    view.state(state, text);
    signIn.show(state === "signed-out");
  }
  view.refresh();
});

const signIn = new SignIn(reader, follower);

// The field, the address and what is followed are the same, whichever of them is changed.
const field = element("select");
field.value = Selection.ofAddress().text;
field.addEventListener("change", () => (location.hash = Selection.ofText(field.value).parameters()));
addEventListener("hashchange", () => {
  field.value = Selection.ofAddress().text;
  follower.select(Selection.ofAddress());
});
follower.connect();
