import { element, entry, node, number } from "./dom.js";
import { Roving } from "./keys.js";

/** Of more collections the rest has to be searched. */
const SHOWN_COLLECTIONS = 300;

/** The collections, with how many documents they have. */
export class Collections {
  #names = [];
  #counted = null;
  #chosen = null;
  #choose;
  #shown = new Map();
  #keys = new Roving(element("collections"));

  /** @param choose told which one somebody wants to see */
  constructor(choose) {
    this.#choose = choose;
    element("find").addEventListener("input", () => this.#draw());
  }

  /**
   * Shows these.
   *
   * @param counted what is known of them, by name; null if nothing is yet
   * @param chosen the one that is shown
   */
  draw(names, counted, chosen) {
    this.#names = names;
    this.#counted = counted;
    this.#chosen = chosen;
    this.#draw();
  }

  #draw() {
    const search = element("find").value.toLowerCase();
    const found = this.#names.filter((name) => name.toLowerCase().includes(search));
    const shown = found.slice(0, SHOWN_COLLECTIONS);
    for (const [name, item] of this.#shown) {
      if (!shown.includes(name)) {
        item.remove();
        this.#shown.delete(name);
      }
    }
    let next = element("collections").firstChild;
    for (const name of shown) {
      const item = this.#item(name);
      if (item === next) {
        next = next.nextSibling;
      } else {
        element("collections").insertBefore(item, next);
      }
    }
    this.#keys.settle();
    const left = found.length - shown.length;
    element("more-collections").textContent = left > 0 ? `${number(left)} more: search for them` : "";
  }

  #item(name) {
    let item = this.#shown.get(name);
    if (item === undefined) {
      const button = entry({ title: name }, node("span", {}, name), " ", node("span", { className: "count" }));
      button.addEventListener("click", () => this.#choose(name));
      item = node("li", {}, button);
      this.#shown.set(name, item);
    }
    const button = item.firstChild;
    button.setAttribute("aria-pressed", String(name === this.#chosen));
    const documents = this.#counted?.has(name) ? this.#counted.get(name).documents : 0;
    const count = this.#counted === null || documents === null ? "" : number(documents);
    if (button.lastChild.textContent !== count) {
      button.lastChild.textContent = count;
    }
    return item;
  }
}
