// How documents are called: in events, selectors and URLs, and in which order they are.

/** In events and on the page. A collection has no slash, but for those of early versions. */
export const nameOf = (collection, key) => collection.replaceAll("/", "%2F") + "/" + key;

/** The selector of one document. */
export const wordOf = (collection, key) =>
  encodeURIComponent(collection) + "/" + encodeURIComponent(key).replace(/\*$/, "%2A");

/** The selector of those whose keys begin so. A collection as a whole is no keyword, whatever it is called. */
export const wordOfMany = (collection, beginning) =>
  beginning === ""
    ? encodeURIComponent(collection).replace(/^(after|latest|none)$/, (word) => `%${word.charCodeAt(0).toString(16)}${word.slice(1)}`)
    : `${encodeURIComponent(collection)}/${encodeURIComponent(beginning)}*`;

/** Also good between the quotes of a shell. */
export const pathOf = (collection, key) =>
  `v1/documents/${encodeURIComponent(collection)}/${encodeURIComponent(key)}`.replaceAll("'", "%27");

/** A plus is a plus in a query of the server, so this is not how forms are sent. */
export const query = (parameters) =>
  parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

/** Octets of UTF-8 are in the order of characters; halves of characters, of which strings are made here, are not. */
const rank = (half) => (half >= 0xe000 ? half - 0x800 : half >= 0xd800 ? half + 0x2000 : half);

/** Whether a key comes before another one in the order of the server. */
export function isBefore(one, other) {
  for (let i = 0; i < one.length && i < other.length; i++) {
    if (one.charCodeAt(i) !== other.charCodeAt(i)) {
      return rank(one.charCodeAt(i)) < rank(other.charCodeAt(i));
    }
  }
  return one.length < other.length;
}
