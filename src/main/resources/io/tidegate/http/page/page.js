// The explorer: what is in the feed, page by page, and what happens to it. It holds what it shows, however much there is.
import { Collections } from "./collections.js";
import { Counts } from "./counts.js";
import { Documents } from "./documents.js";
import { element, number, paced } from "./dom.js";
import { FirstSteps } from "./first-steps.js";
import { Flow } from "./flow.js";
import { Listing } from "./listing.js";
import { Rate } from "./rate.js";
import { Reader, told } from "./reader.js";
import { Selection } from "./selection.js";
import { SignIn } from "./sign-in.js";
import { Updates } from "./stream.js";
import { Whole } from "./whole.js";

/** Puts the parts of the page together. */
class Explorer {
  #reader = new Reader();
  #selection = Selection.ofAddress();
  #chosen = null;
  #beginning = "";
  #draw = paced(() => this.#drawNow());

  #updates = new Updates(this.#reader, {
    update: (update) => this.#heard(update),
    state: (name, text) => this.#state(name, text),
    begun: () => this.#begun(),
    left: (failure) => this.#left(this.#why(failure)),
  });
  #counts = new Counts((path, init) => this.#askAtLeast(path, init), () => this.#counted());
  #listing = new Listing((path, init) => this.#askAtLeast(path, init), this.#draw);
  #collections = new Collections((name) => this.#choose(name));
  #documents = new Documents(this.#listing, {
    open: (collection, key) => this.#whole.open(collection, key),
    search: (beginning) => this.#search(beginning),
  });
  #flow = new Flow((collection, key) => this.#whole.open(collection, key));
  #rate = new Rate();
  #whole = new Whole(
    this.#reader,
    this.#updates,
    (seq) => this.#flow.arrivalOf(seq),
    () => this.#closed(),
  );
  #firstSteps = new FirstSteps(this.#reader);
  #signIn = new SignIn(this.#reader, {
    entered: () => this.#select(this.#selection),
    left: (why) => this.#left(why),
    stayed: (why) => this.#state("offline", why),
  });

  /** Begins to show what the page's address says. */
  begin() {
    // The field, the address and what is shown are the same, whichever of them is changed.
    const field = element("select");
    field.value = this.#selection.text;
    field.addEventListener("change", () => (location.hash = Selection.ofText(field.value).address));
    addEventListener("hashchange", () => {
      field.value = Selection.ofAddress().text;
      this.#select(Selection.ofAddress());
    });
    addEventListener("keydown", (event) => this.#pressed(event));
    element("make").addEventListener("click", () => this.#whole.make(this.#chosen));
    element("make-first").addEventListener("click", () => this.#whole.make(this.#chosen));
    setInterval(() => this.#look(), 1_000);
    this.#select(this.#selection);
  }

  #pressed(event) {
    const isWritten = /^(INPUT|TEXTAREA)$/.test(event.target.tagName) || document.querySelector("dialog[open]");
    if (event.key === "/" && !isWritten && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      element("search").focus();
    }
  }

  /** From the node that is asked, which may be behind the one that the updates come from. */
  #askAtLeast(path, { headers, ...init } = {}) {
    const { position } = this.#updates;
    const atLeast = position && path.startsWith("v1/documents") ? { "Tidegate-At-Least": position } : {};
    return this.#reader.ask(path, { ...init, headers: { ...atLeast, ...headers } });
  }

  // ---- what is looked at

  #select(selection) {
    this.#selection = selection;
    this.#forget();
    this.#updates.select(selection);
    this.#draw();
  }

  #forget() {
    this.#whole.leave();
    this.#chosen = null;
    this.#beginning = element("search").value = "";
    this.#counts.clear();
    this.#listing.clear();
    this.#flow.clear();
    this.#rate.clear();
  }

  #choose(collection) {
    this.#chosen = collection;
    this.#beginning = element("search").value = "";
    this.#list();
  }

  #search(beginning) {
    if (beginning !== this.#beginning && this.#chosen !== null) {
      this.#beginning = beginning;
      this.#list();
    }
  }

  #list() {
    if (this.#chosen === null) {
      this.#listing.clear();
    } else {
      this.#listing.show(this.#chosen, this.#selection.of(this.#chosen, this.#beginning));
    }
    this.#draw();
  }

  get #names() {
    return this.#selection.isAll ? [...(this.#counts.collections?.keys() ?? [])] : this.#selection.collections;
  }

  /** The collection that was chosen, or another one if that is not there any more; whether it is another one. */
  #settle() {
    const names = this.#names;
    if (!names.includes(this.#chosen)) {
      this.#chosen = names[0] ?? null;
      this.#beginning = element("search").value = "";
      this.#list();
      return true;
    }
    return false;
  }

  // ---- what the server tells

  #begun() {
    this.#counts.soon();
    this.#whole.again();
    if (!this.#settle()) {
      this.#listing.reload();
    }
  }

  #counted() {
    this.#settle();
    this.#draw();
  }

  #heard(update) {
    this.#rate.take();
    this.#flow.take(update);
    this.#listing.take(update);
    this.#whole.take(update);
    if (update.event === "put" && this.#counts.saw(update.collection)) {
      this.#settle();
    }
    this.#counts.soon();
    this.#draw();
  }

  #state(name, text) {
    element("state").dataset.state = name;
    element("state").textContent = text;
    if (name === "live") {
      this.#whole.live();
    }
    const isLeft = name === "signed-out";
    this.#signIn.show(isLeft);
    element("explorer").hidden = isLeft;
  }

  #why(failure) {
    if (failure.code !== "unauthenticated") {
      return `${told(failure)}: sign in again`;
    }
    return this.#reader.isSomebody ? "That token is nobody's any more: sign in again" : "Sign in to see something";
  }

  /** Nothing is followed, and nothing shown, until somebody signs in. */
  #left(why) {
    this.#updates.close();
    this.#reader.forget();
    this.#forget();
    this.#state("signed-out", why);
    this.#draw();
  }

  // ---- what is shown

  #drawNow() {
    const { collections } = this.#counts;
    this.#collections.draw(this.#names, collections, this.#chosen);
    const isWhole = this.#chosen !== null && this.#beginning === "" && this.#selection.hasWhole(this.#chosen);
    this.#documents.draw(isWhole && collections?.has(this.#chosen) ? collections.get(this.#chosen).documents : null);
    this.#flow.draw();
    this.#firstSteps.show(this.#selection.isAll && collections?.size === 0);
    element("count").textContent = this.#total(collections);
    this.#look();
  }

  #total(collections) {
    const names = this.#names;
    const isKnown = collections !== null && names.every((name) => this.#selection.hasWhole(name));
    return isKnown ? number(names.reduce((sum, name) => sum + (collections.get(name)?.documents ?? 0), 0)) : "–";
  }

  /** What moves on without anything to show, too. */
  #look() {
    element("position").textContent = this.#updates.position ?? "–";
    this.#whole.facts();
  }

  /** The row of a document that was deleted is gone, and the focus with it. */
  #closed() {
    if (document.activeElement === document.body) {
      this.#documents.focus();
    }
  }
}

new Explorer().begin();
