import { entry, node, number } from "./dom.js";
import { closing, kindOf, parse, tokens } from "./json.js";

/** What a text has below this is open at first; of a long one only the first levels are. */
const OPEN_ITEMS = 300;
const OPEN_DEPTH = 2;

/** So many items are made at once. */
const PART = 200;

const piece = (kind, text) => node("span", { className: kind, textContent: text });

/** One line of JSON, or its beginning, in colours. */
export function colored(text) {
  const all = tokens(text);
  const line = document.createDocumentFragment();
  all.forEach((token, i) => {
    line.append(piece(kindOf(token, all[i + 1]), token));
  });
  return line;
}

/** JSON that folds. What is folded is not made until it is opened. */
export class Tree {
  #container;

  constructor(container) {
    this.#container = container;
    container.addEventListener("keydown", (event) => this.#pressed(event));
  }

  show(text) {
    const isShort = tokens(text).length < OPEN_ITEMS;
    this.#container.replaceChildren(value(parse(text), isShort ? Infinity : OPEN_DEPTH));
  }

  /** Folds all, or opens what there is of it. */
  fold(isOpen) {
    this.#container.querySelectorAll("details").forEach((each) => (each.open = isOpen));
  }

  #pressed(event) {
    const here = event.target;
    if (here.tagName !== "SUMMARY") {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      here.parentElement.open = event.key === "ArrowRight";
    } else if (step) {
      event.preventDefault();
      const shown = [...this.#container.querySelectorAll("summary")].filter((each) => each.checkVisibility?.() ?? true);
      shown[shown.indexOf(here) + step]?.focus();
    }
  }
}

function value(json, depth, before = [], after = "") {
  if (json.items === undefined) {
    return node("div", { className: "item" }, ...before, piece(json.kind, json.text), after);
  }
  const end = closing(json.opening);
  if (json.items.length === 0) {
    return node("div", { className: "item" }, ...before, piece("mark", json.opening + end), after);
  }
  const count = json.items.length;
  const what = json.opening === "{" ? (count === 1 ? "member" : "members") : count === 1 ? "element" : "elements";
  const folded = piece("folded", ` ${number(count)} ${what} ${end}`);
  const inner = node("div", { className: "inner" });
  const details = node(
    "details",
    { className: "item", open: depth > 0 },
    node("summary", {}, ...before, piece("mark", json.opening), folded),
    inner,
    piece("mark", end),
    after,
  );
  const fill = () => inner.childElementCount === 0 && details.open && more(inner, json, 0, depth - 1);
  fill();
  details.addEventListener("toggle", fill);
  return details;
}

function more(inner, json, from, depth) {
  const { items } = json;
  items.slice(from, from + PART).forEach(({ key, value: json }, i) => {
    const before = key === undefined ? [] : [piece("key", key), ": "];
    inner.append(value(json, depth, before, from + i + 1 < items.length ? "," : ""));
  });
  const left = items.length - from - PART;
  if (left > 0) {
    const button = entry({ className: "more", tabIndex: 0 }, `${number(left)} more`);
    button.addEventListener("click", () => {
      button.remove();
      more(inner, json, from + PART, depth);
    });
    inner.append(button);
  }
}
