// A live view of the feed: a live map of what is selected, by the client that other pages use, too.
import { tidegate } from "./client.js";

/** What the page keeps and shows at most. The counts stay right beyond it. */
const KEPT_DOCUMENTS = 20_000;
const SHOWN_DOCUMENTS = 300;
const SHOWN_UPDATES = 100;
const SHOWN_CHARACTERS = 400;

/** Why somebody has to sign in, or again. */
const NOBODY = new Set(["unauthenticated", "expired", "revoked"]);

/** Of a stream that the server has ended. */
const GOODBYE = new Set(["shutdown", "expired", "revoked"]);

/** Why no answer came at all, or one that is not the server's. */
const UNREACHABLE = /^(offline|cut|http-\d+)$/;

const element = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");

/** The documents of one collection. */
class Collection {
  documents = new Map();
}

/** What the feed has told so far. */
class Feed {
  collections = new Map();
  documents = 0;
  updates = 0;
  recent = [];
  fresh = new Set();

  changed({ event, name, seq, value }) {
    const slash = name.indexOf("/");
    const collection = name.slice(0, slash).replaceAll("%2F", "/");
    const key = name.slice(slash + 1);
    if (seq !== undefined) {
      this.#updated({ event, seq, name, text: shortened(value?.text ?? "") });
    }
    if (event === "delete") {
      this.#delete(collection, key);
    } else {
      this.#put(collection, key, value);
    }
  }

  #put(collection, key, value) {
    let known = this.collections.get(collection);
    if (!known) {
      known = new Collection();
      this.collections.set(collection, known);
    }
    if (!known.documents.has(key)) {
      this.documents++;
    }
    const kept = known.documents.get(key) !== undefined || this.documents <= KEPT_DOCUMENTS;
    known.documents.set(key, kept ? value.text : undefined);
    // The live map has the same object: it keeps the name only.
    value.text = undefined;
  }

  #delete(collection, key) {
    const known = this.collections.get(collection);
    if (known?.documents.delete(key)) {
      this.documents--;
      if (known.documents.size === 0) {
        this.collections.delete(collection);
      }
    }
  }

  #updated(update) {
    this.updates++;
    this.fresh.add(update.name);
    this.recent.unshift(update);
    this.recent.length = Math.min(this.recent.length, SHOWN_UPDATES);
  }

  /** Something else is followed from now on. */
  forget() {
    this.collections.clear();
    this.documents = 0;
    this.fresh.clear();
    this.recent = [];
  }
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
 * cookie: then the page has the token until it is closed.
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

  /** The client for who reads. A value is its text, of which nothing gets lost, such as the last digits of long numbers. */
  client() {
    return tidegate(".", { token: this.#token ?? undefined, parse: (text) => ({ text }) });
  }
}

/** Follows the server for as long as the page is open. */
class Follower {
  #reader;
  #feed;
  #changed;
  #selection;
  #client = null;

  /** What is followed now; null if nothing is. */
  map = null;

  /**
   * @param reader who follows
   * @param feed is told what arrives
   * @param selection what is followed at first
   * @param changed called after each change with the state of the connection, if that has changed too
   */
  constructor(reader, feed, selection, changed) {
    this.#reader = reader;
    this.#feed = feed;
    this.#selection = selection;
    this.#changed = changed;
  }

  /** Follows something else from now on. */
  select(selection) {
    this.#stop();
    this.#selection = selection;
    this.#client = this.#reader.client();
    this.map = this.#client.follow(...selection.selectors);
    this.map.subscribe((changes, map) => this.#heard(changes, map));
    this.#changed("connecting", "Connecting…");
  }

  /** The same once more, or as somebody else. */
  anew() {
    this.select(this.#selection);
  }

  /** Nothing is followed, and nothing shown, until somebody signs in. */
  leave(why) {
    this.#stop();
    this.#reader.forget();
    this.#changed("signed-out", why);
  }

  #stop() {
    this.map = null;
    this.#client?.close();
    this.#client = null;
    this.#feed.forget();
  }

  #heard(changes, map) {
    if (map !== this.map) {
      // Meanwhile somebody chose something else.
      return;
    }
    changes.forEach((change) => this.#feed.changed(change));
    const { state, reason } = map;
    if (state === "live") {
      this.#changed("live", "Live");
    } else if (state === "loading") {
      this.#changed("loading", map.isReady ? "Catching up…" : "Loading the documents…");
    } else if (state === "waiting") {
      const shown = number.format(Math.ceil(reason.retryInMs / 100) / 10);
      this.#changed(reason.code === "shutdown" ? "draining" : "offline", `${told(reason)}: next try in ${shown} s`);
    } else if (state === "ended") {
      this.#ended(reason);
    }
  }

  #ended(reason) {
    if (!NOBODY.has(reason.code)) {
      this.#changed("offline", told(reason));
    } else if (reason.code !== "unauthenticated") {
      this.leave(`${told(reason)}: sign in again`);
    } else {
      this.leave(this.#reader.isSomebody ? "That token is nobody's any more: sign in again" : "Sign in to see something");
    }
  }
}

/** Why nothing is followed now, for people. */
function told({ code, message }) {
  if (GOODBYE.has(code)) {
    return `The server said goodbye (${code})`;
  }
  return UNREACHABLE.test(code) ? "The server cannot be reached" : message;
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
    element("position").textContent = follower.map?.position ?? "–";
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
    if (this.#feed.fresh.has(`${this.#selected.replaceAll("/", "%2F")}/${key}`)) {
      row.className = "fresh";
    }
    return row;
  }

  #drawUpdates() {
    element("updates").replaceChildren(
      ...this.#feed.recent.map((update) => {
        const what = update.event === "delete" ? "deleted" : update.text;
        const item = node("li", "", node("b", String(update.seq)), `${update.name} ${what}`);
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
    // It moves on without anything to show, too.
    element("position").textContent = follower.map?.position ?? "–";
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
follower.anew();
