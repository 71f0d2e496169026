// The page's elements.

/** One that index.html has. */
export const element = (id) => document.getElementById(id);

/** A new one with text and children; text is never taken for markup. */
export function node(name, text = "", ...children) {
  const created = document.createElement(name);
  created.textContent = text;
  created.append(...children);
  return created;
}

/** Says something, unless it stands there already: what does not change is not read out again. */
export function say(where, text) {
  if (where.textContent !== text) {
    where.textContent = text;
  }
}

/** Names and values, in place of those that were there. */
export function list(where, pairs) {
  if (where.children.length !== pairs.length) {
    where.replaceChildren(...pairs.map(([name]) => node("div", "", node("dt", name), node("dd"))));
  }
  pairs.forEach(([name, value], at) => {
    const [term, shown] = where.children[at].children;
    say(term, name);
    say(shown, value);
  });
}

/** A row of a table; the first cell is its head. */
export function row(first, ...others) {
  const head = node("th", first);
  head.scope = "row";
  return node("tr", "", head, ...others.map((text) => node("td", text)));
}
