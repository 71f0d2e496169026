/** Reads lines out of bytes that come in pieces of any size. What has no end yet when they end was cut, and is none. */
export async function readLines(body, onLine, onPiece) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let piece; !(piece = await reader.read()).done; ) {
    const lines = (rest + piece.value).split("\n");
    rest = lines.pop();
    lines.forEach(onLine);
    onPiece();
  }
}

/** The value in an event's line, digit for digit. It is the last member, and a quote before it is escaped. */
export const textIn = (line) => line.slice(line.indexOf(',"value":') + 9, line.lastIndexOf("}"));

/** A collection cannot have a slash, but for those of early versions. */
export const nameOf = (collection, key) => collection.replace(/\//g, "%2F") + "/" + key;

const decoded = (word) => word.replace(/(%[\da-f]{2})+/gi, decodeURIComponent);

/** Whether a selector such as `orders/eu-*` names a document. */
export function covering(selector) {
  const [, collection, key = "", star] = /^([^/]*)(?:\/(.*?)(\*?))?$/s.exec(selector);
  const start = selector === "*" ? "" : nameOf(decoded(collection), decoded(key));
  return (name) => (star === "" ? name === start : name.startsWith(start));
}
