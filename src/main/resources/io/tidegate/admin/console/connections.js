// The open connections: looked at, put in order, searched, and ended.
import { confirmed, dismiss } from "./confirm.js";
import { element, say } from "./dom.js";
import { count, counted } from "./format.js";
import { Grid } from "./grid.js";
import { Poll } from "./poll.js";
import { COLUMNS, filtered, sorted, stillThere } from "./rows.js";

const PAUSE_MS = 1_000;

/** As long as somebody scrolls, nothing else is done. */
const SCROLLING_MS = 200;

/** So many numbers are in one request: more would not fit into its first line. */
const MOST_AT_ONCE = 500;

const WHAT_COMES_OF_IT = {
  shutdown: "Each is sent all that is pending, a goodbye and FIN.",
  close: "What the network does not have yet is dropped, then FIN is sent: a last line may be cut.",
  abort: "Each is reset at once, whatever its client is doing. What was on the way to it may be lost.",
};

/** The list, with its order, its filter, and the verbs. */
export class Connections {
  #api;
  #ends;
  #grid;
  #poll;
  #rows = [];
  #isSeen = false;
  #order = { name: "id", isDescending: false };
  #scrolledAt = 0;
  #told;

  /** Counts the servers that were looked at: numbers of connections are those of one of them. */
  #run = 0;

  /**
   * @param ends is asked what becomes of those that are ended
   * @param told is told what comes of it
   */
  constructor(api, ends, told) {
    this.#api = api;
    this.#ends = ends;
    this.#told = told;
    const grid = element("grid");
    this.#grid = new Grid(grid, COLUMNS, (name) => this.#sort(name), () => this.#chosen());
    this.#poll = new Poll((isWanted) => this.#look(isWanted), () => PAUSE_MS);
    grid.addEventListener("scroll", () => (this.#scrolledAt = performance.now()), { passive: true });
    element("filter").addEventListener("input", () => this.#show());
    element("all").addEventListener("click", () => this.#all());
    for (const verb of Object.keys(WHAT_COMES_OF_IT)) {
      element(verb).addEventListener("click", () => this.#end(verb));
    }
    this.#grid.order("id", false);
    this.#chosen();
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
    this.clear();
  }

  /** Another server may answer next, who gives the same numbers to others. */
  clear() {
    this.#run++;
    dismiss();
    this.#isSeen = false;
    this.#rows = [];
    this.#grid.selected = new Set();
    this.#show();
  }

  async #look(isWanted) {
    if (performance.now() - this.#scrolledAt < SCROLLING_MS) {
      return;
    }
    const run = this.#run;
    const rows = await this.#api.get("v1/connections");
    if (!isWanted() || run !== this.#run) {
      return;
    }
    this.#rows = rows;
    this.#isSeen = true;
    this.#ends.open(rows);
    const selected = stillThere(this.#grid.selected, this.#rows);
    if (selected.size !== this.#grid.selected.size) {
      this.#grid.selected = selected;
    }
    this.#show();
  }

  #shown() {
    return sorted(filtered(this.#rows, element("filter").value), this.#order.name, this.#order.isDescending);
  }

  #show() {
    const shown = this.#shown();
    this.#grid.show(shown);
    element("no-rows").hidden = shown.length > 0 || !this.#isSeen;
    say(element("no-rows"), this.#rows.length === 0 ? "Nobody is connected." : "No connection is like that.");
    this.#counts(shown);
  }

  #counts(shown) {
    if (!this.#isSeen) {
      say(element("counts"), "");
      return;
    }
    const parts = [counted(this.#rows.length, "connection")];
    if (shown.length !== this.#rows.length) {
      parts.push(`${count(shown.length)} shown`);
    }
    const { selected } = this.#grid;
    parts.push(`${count(selected.size)} selected`);
    const hidden = selected.size - stillThere(selected, shown).size;
    if (hidden > 0) {
      parts.push(notShown(hidden, selected.size));
    }
    say(element("counts"), parts.join(", "));
  }

  #sort(name) {
    const isSame = this.#order.name === name;
    this.#order = { name, isDescending: isSame && !this.#order.isDescending };
    this.#grid.order(name, this.#order.isDescending);
    this.#show();
  }

  /** All that are shown; if they are all selected, none. */
  #all() {
    const shown = this.#shown().map((row) => row.id);
    const are = shown.every((id) => this.#grid.selected.has(id));
    this.#grid.selected = new Set(are ? [] : shown);
  }

  #chosen() {
    for (const verb of Object.keys(WHAT_COMES_OF_IT)) {
      element(verb).disabled = this.#grid.selected.size === 0;
    }
    this.#counts(this.#shown());
  }

  async #end(verb) {
    const run = this.#run;
    const ids = [...this.#grid.selected];
    try {
      if (!(await this.#isMeant(verb, ids))) {
        return;
      }
      const { told, asked, refusal } = await this.#endAll(verb, ids, () => run === this.#run);
      if (run !== this.#run) {
        return;
      }
      if (refusal !== null && told === 0) {
        throw refusal;
      }
      const some = ids.length === 1 ? `connection ${ids[0]}` : counted(told, "connection");
      const unless = refusal === null ? "" : `, not of the other ${count(ids.length - asked.length)} (${refusal.message})`;
      const what = `${verb} of ${some}${unless}`;
      this.#told(told === 0 ? `${what}: ${ids.length === 1 ? "it is" : "they are"} not open any more` : what);
      // Those who were not told stay selected.
      this.#grid.selected = new Set(ids.slice(asked.length));
      this.#ends.await(told === 0 ? [] : asked, what);
    } catch (refusal) {
      if (run === this.#run) {
        this.#told(`${verb}: ${refusal.message}`);
      }
    }
    this.#poll.now();
  }

  /** As many as can be told, and why not the others. */
  async #endAll(verb, ids, isWanted) {
    let told = 0;
    let at = 0;
    try {
      for (; at < ids.length && isWanted(); at += MOST_AT_ONCE) {
        told += await this.#endSome(verb, ids.slice(at, at + MOST_AT_ONCE));
      }
      return { told, asked: ids.slice(0, at), refusal: null };
    } catch (refusal) {
      return { told, asked: ids.slice(0, at), refusal };
    }
  }

  async #endSome(verb, ids) {
    try {
      return (await this.#api.delete(`v1/connections?id=${ids.join(",")}&how=${verb}`)).connections;
    } catch (refusal) {
      if (refusal.status === 404) {
        return 0;
      }
      throw refusal;
    }
  }

  /** One connection that is shown is shut down or closed as it is said. */
  async #isMeant(verb, ids) {
    const hidden = ids.length - stillThere(ids, this.#shown()).size;
    if (ids.length === 1 && hidden === 0 && verb !== "abort") {
      return true;
    }
    const which = ids.length === 1 ? `connection ${ids[0]}` : counted(ids.length, "connection");
    const name = verb[0].toUpperCase() + verb.slice(1);
    const unseen = hidden === 0 ? "" : ` ${notShown(hidden, ids.length)}.`;
    return confirmed({ title: `${name} ${which}?`, text: WHAT_COMES_OF_IT[verb] + unseen, action: name });
  }
}

/** The filter hides what is ended all the same. */
function notShown(hidden, all) {
  return all === 1 ? "it is not shown" : `${count(hidden)} of them not shown`;
}
