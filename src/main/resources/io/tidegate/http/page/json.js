// JSON as text: every digit and every member stays as it came, which JSON.parse does not promise.

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|[{}[\],:]|[^\s{}[\],:"]+/gs;

export const tokens = (text) => text.match(TOKEN) ?? [];

const OPENING = { "{": "}", "[": "]" };

/** Whether it is JSON at all. */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** On one line, without white space between its parts. */
export const compact = (text) => tokens(text).join("");

/** For people who change it: a member or an element on each line. */
export function pretty(text) {
  const all = tokens(text);
  const out = [];
  let depth = 0;
  const newLine = () => out.push("\n", "  ".repeat(depth));
  all.forEach((token, i) => {
    if (OPENING[token]) {
      out.push(token);
      depth++;
      if (all[i + 1] !== OPENING[token]) {
        newLine();
      }
    } else if (token === "}" || token === "]") {
      depth--;
      if (OPENING[all[i - 1]] !== token) {
        newLine();
      }
      out.push(token);
    } else if (token === ",") {
      out.push(token);
      newLine();
    } else {
      out.push(token, token === ":" ? " " : "");
    }
  });
  return out.join("");
}

/** What colour a token has. */
export function kindOf(token, next) {
  if (token[0] === '"') {
    return next === ":" ? "key" : "string";
  }
  return /^[-\d]/.test(token) ? "number" : /^[a-z]/i.test(token) ? "word" : "mark";
}

/**
 * The tree of a text that is JSON: `{ text, kind }` for what has no parts, `{ opening, items }` for what has, of which each item is
 * `{ key, value }`, without a key in arrays.
 */
export function parse(text) {
  const all = tokens(text);
  const root = { items: [] };
  const open = [root];
  let key;
  all.forEach((token, i) => {
    const around = open.at(-1);
    if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ":" || token === ",") {
      return;
    } else if (around.opening === "{" && key === undefined) {
      key = token;
    } else {
      const value = OPENING[token] ? { opening: token, items: [] } : { text: token, kind: kindOf(token, all[i + 1]) };
      around.items.push({ key, value });
      key = undefined;
      if (OPENING[token]) {
        open.push(value);
      }
    }
  });
  return root.items[0]?.value ?? { text, kind: "mark" };
}

export const closing = (opening) => OPENING[opening];
