import { element, entry, node, number, paced } from "./dom.js";
import { Roving } from "./keys.js";
import { told } from "./reader.js";
import { colored } from "./tree.js";

const FADE = 1_600;

/** What has changed is seen for a moment. */
function flash(row) {
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    row.animate([{ backgroundColor: "var(--fresh)" }, { backgroundColor: "transparent" }], FADE);
  }
}

/** The table of one page of documents, and the way to the next one. */
export class Documents {
  #listing;
  #open;
  #shown = new Map();
  #drawnAt = 0;
  #keys;
  #isTurned = false;
  #page = 1;

  /**
   * @param listing what is shown
   * @param heard told of what people do: `open(collection, key)`, `search(beginning)`
   */
  constructor(listing, heard) {
    this.#listing = listing;
    this.#open = heard.open;
    element("search").addEventListener("input", paced(() => heard.search(element("search").value), 150));
    element("next").addEventListener("click", () => this.#listing.next());
    element("previous").addEventListener("click", () => this.#listing.previous());
    this.#keys = new Roving(element("documents"), {
      PageDown: () => this.#turn(() => this.#listing.next()),
      PageUp: () => this.#turn(() => this.#listing.previous()),
    });
  }

  /** Who turns pages by the keyboard stays in the table. */
  async #turn(turn) {
    const { page } = this.#listing;
    await turn();
    this.#isTurned = this.#listing.page !== page;
  }

  focus() {
    this.#keys.focus();
  }

  /** @param total how many documents there are in all of what is listed; null if that is not known */
  draw(total) {
    const { collection, rows, isLoading, isLast, page, failure } = this.#listing;
    element("documents-title").textContent = collection ?? "Documents";
    element("total").textContent = total === null ? "" : number(total);
    this.#drawRows(rows);
    if (this.#page !== page) {
      this.#page = page;
      element("listed").scrollTo(0, 0);
    }
    element("previous").disabled = page === 1;
    element("next").disabled = isLast && !isLoading;
    element("page-number").textContent = `Page ${number(page)}`;
    element("pager").hidden = page === 1 && isLast;
    const nothing = rows.length > 0 || collection === null ? "" : isLoading ? "Loading…" : "No such documents now.";
    element("more").textContent = failure === null ? nothing : told(failure);
  }

  #drawRows(rows) {
    const table = element("documents");
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { line }] of this.#shown) {
      if (!keys.has(key)) {
        line.remove();
        this.#shown.delete(key);
      }
    }
    let next = table.firstChild;
    for (const row of rows) {
      const { line } = this.#drawRow(row);
      if (line === next) {
        next = next.nextSibling;
      } else {
        table.insertBefore(line, next);
      }
    }
    this.#drawnAt = performance.now();
    this.#keys.settle();
    if (this.#isTurned && !this.#listing.isLoading) {
      this.#isTurned = false;
      this.#keys.first();
    }
  }

  #drawRow(row) {
    let shown = this.#shown.get(row.key);
    if (shown === undefined || shown.row !== row) {
      const line = shown?.line ?? this.#line(row.key);
      shown = { row, line, text: null };
      this.#shown.set(row.key, shown);
    }
    if (shown.text !== row.text) {
      shown.text = row.text;
      shown.line.lastChild.replaceChildren(colored(row.text));
    }
    if (row.changed > this.#drawnAt) {
      flash(shown.line);
    }
    return shown;
  }

  #line(key) {
    const line = node("tr", {}, node("td", {}, entry({ title: key }, key)), node("td", {}));
    line.addEventListener("click", () => this.#open(this.#listing.collection, key));
    return line;
  }
}
