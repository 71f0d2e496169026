import { element, entry, node, shortened } from "./dom.js";
import { Roving } from "./keys.js";
import { nameOf } from "./names.js";

const SHOWN_UPDATES = 100;

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The newest updates, as they come. */
export class Flow {
  #open;
  #recent = [];
  #fresh = 0;
  #isHeld = false;
  #keys = new Roving(element("updates"));

  /** @param open opens the document of one */
  constructor(open) {
    this.#open = open;
    element("hold").addEventListener("click", () => this.#hold(!this.#isHeld));
  }

  #hold(isHeld) {
    this.#isHeld = isHeld;
    element("hold").setAttribute("aria-pressed", String(isHeld));
    this.draw();
  }

  take({ event, seq, collection, key, text }) {
    this.#recent.push({ event, seq, collection, key, text: shortened(text), at: Date.now() });
    this.#fresh++;
    if (this.#recent.length > 2 * SHOWN_UPDATES) {
      this.#recent.splice(0, SHOWN_UPDATES);
    }
  }

  /** When an update came, in milliseconds; undefined if that was before the page was there, or too many have come since. */
  arrivalOf(seq) {
    return this.#recent.find((update) => update.seq === seq)?.at;
  }

  /** Something else is followed from now on. */
  clear() {
    this.#recent = [];
    this.#fresh = 0;
    element("updates").replaceChildren();
    this.#hold(false);
  }

  draw() {
    const list = element("updates");
    if (!this.#isHeld && this.#fresh > 0) {
      const fresh = this.#recent.slice(-Math.min(this.#fresh, SHOWN_UPDATES));
      this.#fresh = 0;
      list.prepend(...fresh.reverse().map((update) => this.#item(update)));
      while (list.childElementCount > SHOWN_UPDATES) {
        list.lastChild.remove();
      }
      this.#keys.settle();
    }
    element("quiet").hidden = list.childElementCount > 0;
  }

  #item({ event, seq, collection, key, text, at }) {
    const button = entry(
      {},
      node("b", {}, String(seq)),
      " ",
      node("time", {}, clock.format(at)),
      ` ${nameOf(collection, key)} ${event === "delete" ? "deleted" : text}`,
    );
    button.addEventListener("click", () => this.#open(collection, key));
    return node("li", { className: event }, button);
  }
}
