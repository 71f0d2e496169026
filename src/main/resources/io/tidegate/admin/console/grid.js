// A table of which only the rows are there that can be seen, however many it has.
import { node, say } from "./dom.js";

/** Rows beyond what can be seen, above and below: there before somebody scrolls to them. */
const SPARE = 6;

/** The rows of a grid, each a column beside the other; which of them are selected is known by their ids. */
export class Grid {
  #grid;
  #head;
  #body;
  #columns;
  #rows = [];
  #pool = [];
  #selected = new Set();
  #active = null;
  #anchor = null;
  #due = false;
  #changed;

  /**
   * @param grid the element that scrolls
   * @param columns what is shown
   * @param sort called with the name of a column whose head was pressed
   * @param changed called when others are selected
   */
  constructor(grid, columns, sort, changed) {
    this.#grid = grid;
    this.#columns = columns;
    this.#changed = changed;
    this.#head = node("div", "", ...columns.map((column) => headOf(column, sort)));
    this.#head.className = "head";
    this.#head.setAttribute("role", "row");
    this.#head.setAttribute("aria-rowindex", "1");
    this.#body = node("div");
    this.#body.className = "body";
    this.#body.setAttribute("role", "rowgroup");
    grid.append(this.#head, this.#body);
    grid.setAttribute("aria-colcount", String(columns.length));
    grid.addEventListener("scroll", () => this.refresh(), { passive: true });
    grid.addEventListener("keydown", (event) => this.#pressed(event));
    grid.addEventListener("focus", () => this.refresh());
    this.#body.addEventListener("click", (event) => this.#clicked(event));
    new ResizeObserver(() => this.refresh()).observe(grid);
  }

  get selected() {
    return this.#selected;
  }

  set selected(ids) {
    this.#selected = ids;
    this.refresh();
    this.#changed();
  }

  /** From now on these are there. */
  show(rows) {
    const place = (at) => (at === null ? null : moved(this.#rows[at], at, rows));
    [this.#active, this.#anchor] = [place(this.#active), place(this.#anchor)];
    this.#rows = rows;
    this.#grid.setAttribute("aria-rowcount", String(rows.length + 1));
    this.refresh();
  }

  /** By which column they are in order. */
  order(name, isDescending) {
    this.#columns.forEach((column, at) => {
      const order = column.name === name ? (isDescending ? "descending" : "ascending") : "none";
      this.#head.children[at].setAttribute("aria-sort", order);
    });
  }

  /** Draws before the next frame, however often something changes. */
  refresh() {
    if (!this.#due) {
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        this.#draw();
      });
    }
  }

  get #height() {
    return this.#head.offsetHeight || 30;
  }

  #draw() {
    const height = this.#height;
    this.#body.style.height = `${this.#rows.length * height}px`;
    const { scrollTop, clientHeight } = this.#grid;
    const first = Math.max(0, Math.floor(scrollTop / height) - SPARE);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
    this.#grow(Math.ceil(clientHeight / height) + 2 * SPARE + 1);
    const free = new Set(this.#pool);
    for (let at = first; at < last; at++) {
      // The same one for the same place: who scrolls by a row has one row drawn.
      const line = this.#pool[at % this.#pool.length];
      this.#drawRow(line, at, height);
      free.delete(line);
    }
    free.forEach(({ element }) => {
      element.hidden = true;
      element.removeAttribute("id");
    });
    const active = this.#rows[this.#active];
    this.#grid.setAttribute("aria-activedescendant", active && this.#isDrawn(first, last) ? `row-${active.id}` : "");
  }

  #isDrawn(first, last) {
    return this.#active >= first && this.#active < last;
  }

  #grow(lines) {
    while (this.#pool.length < lines) {
      const cells = this.#columns.map((column) => cellOf(column));
      const line = node("div", "", ...cells);
      line.className = "row";
      line.setAttribute("role", "row");
      this.#body.append(line);
      this.#pool.push({ element: line, cells });
    }
  }

  #drawRow({ element, cells }, at, height) {
    const row = this.#rows[at];
    element.hidden = false;
    element.id = `row-${row.id}`;
    element.dataset.at = String(at);
    element.dataset.state = row.state ?? "";
    element.style.transform = `translateY(${at * height}px)`;
    element.setAttribute("aria-rowindex", String(at + 2));
    element.setAttribute("aria-selected", String(this.#selected.has(row.id)));
    element.classList.toggle("active", at === this.#active);
    this.#columns.forEach((column, index) => say(cells[index], column.shown(row)));
  }

  #clicked(event) {
    // By its number: what is shown may be older than the rows that there are.
    const line = event.target.closest(".row");
    const at = line ? this.#rows.findIndex(({ id }) => `row-${id}` === line.id) : -1;
    if (at >= 0) {
      this.#active = at;
      this.#select(event.shiftKey);
      this.refresh();
    }
  }

  /** The active one, or all from the one before to it. */
  #select(isRange) {
    const selected = new Set(this.#selected);
    if (isRange && this.#anchor !== null) {
      const [from, to] = [Math.min(this.#anchor, this.#active), Math.max(this.#anchor, this.#active)];
      this.#rows.slice(from, to + 1).forEach((row) => selected.add(row.id));
    } else {
      const { id } = this.#rows[this.#active];
      selected.delete(id) || selected.add(id);
      this.#anchor = this.#active;
    }
    this.selected = selected;
  }

  #pressed(event) {
    if (event.target !== this.#grid || this.#rows.length === 0) {
      return;
    }
    const page = Math.max(1, Math.floor(this.#grid.clientHeight / this.#height) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      this.#move(steps[event.key], event.shiftKey);
    } else if (event.key === " " && this.#active !== null) {
      this.#select(event.shiftKey);
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      this.selected = new Set(this.#rows.map((row) => row.id));
    } else if (event.key === "Escape" && this.#selected.size > 0) {
      this.selected = new Set();
    } else {
      return;
    }
    event.preventDefault();
  }

  #move(steps, isRange) {
    const from = this.#active ?? (steps > 0 ? -1 : this.#rows.length);
    if (isRange && this.#anchor === null) {
      this.#anchor = Math.max(0, from);
    }
    this.#active = Math.min(this.#rows.length - 1, Math.max(0, from + steps));
    if (isRange) {
      this.#select(true);
    }
    this.#reveal(this.#active);
    this.refresh();
  }

  #reveal(at) {
    const height = this.#height;
    // The head covers the first row's height.
    const [top, bottom] = [at * height, (at + 2) * height];
    if (top < this.#grid.scrollTop) {
      this.#grid.scrollTop = top;
    } else if (bottom > this.#grid.scrollTop + this.#grid.clientHeight) {
      this.#grid.scrollTop = bottom - this.#grid.clientHeight;
    }
  }
}

/** Where a row is now; where it was, if it is gone. */
function moved(row, at, rows) {
  const now = rows.findIndex(({ id }) => id === row.id);
  return now >= 0 ? now : rows.length === 0 ? null : Math.min(at, rows.length - 1);
}

function headOf(column, sort) {
  const button = node("button", column.title);
  button.type = "button";
  button.dataset.column = column.name;
  button.addEventListener("click", () => sort(column.name));
  const head = node("div", "", button);
  head.className = `cell ${column.name}${column.isNumber ? " number" : ""}`;
  head.setAttribute("role", "columnheader");
  return head;
}

function cellOf(column) {
  const cell = node("div");
  cell.className = `cell ${column.name}${column.isNumber ? " number" : ""}`;
  cell.setAttribute("role", "gridcell");
  return cell;
}
