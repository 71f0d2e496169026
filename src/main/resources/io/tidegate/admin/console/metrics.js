// The text format of Prometheus, and what follows from two looks at the same server.

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?\s*/y;
const ESCAPED = { "\\n": "\n", '\\"': '"', "\\\\": "\\" };

/** One look: all that the server counts, at one time. */
export class Scrape {
  #samples = new Map();

  /** When it was, in milliseconds. */
  at;

  /**
   * @param text what the server answered
   * @param at when it was asked, in milliseconds
   */
  constructor(text, at) {
    this.at = at;
    for (const line of text.split("\n")) {
      const parts = line.startsWith("#") ? null : LINE.exec(line);
      if (parts) {
        const [, name, labels, value] = parts;
        const samples = this.#samples.get(name) ?? [];
        samples.push({ labels: labelled(labels ?? ""), value: number(value) });
        this.#samples.set(name, samples);
      }
    }
  }

  /** All of a name, each with its `labels` and its `value`. */
  all(name) {
    return this.#samples.get(name) ?? [];
  }

  /** The sum of those that have these labels; null if there is none. */
  sum(name, labels = {}) {
    const wanted = Object.entries(labels);
    const found = this.all(name).filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value));
    return found.length === 0 ? null : found.reduce((sum, sample) => sum + sample.value, 0);
  }

  /** The label of the only one of a name; empty if there is none. */
  label(name, label) {
    return this.all(name)[0]?.labels[label] ?? "";
  }
}

function labelled(text) {
  const labels = {};
  LABEL.lastIndex = 0;
  for (let found = LABEL.exec(text); found !== null; found = LABEL.exec(text)) {
    labels[found[1]] = found[2].replace(/\\[n"\\]/g, (escaped) => ESCAPED[escaped]);
  }
  return labels;
}

function number(text) {
  return text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
}

/** By how much a counter grows in a second; null if it cannot be told, since another server counts now. */
export function rate(before, after, name) {
  const from = before.sum(name);
  const to = after.sum(name);
  const seconds = (after.at - before.at) / 1000;
  return from === null || to === null || to < from || seconds <= 0 ? null : (to - from) / seconds;
}

/**
 * Below which value so many of those are that a histogram counted between two looks: within a bucket they are taken to lie evenly.
 *
 * @param part of them, from 0 to 1
 * @return null if there was none, or another server counts now
 */
export function quantile(before, after, name, part) {
  const buckets = between(before, after, name);
  const all = buckets.at(-1)?.count ?? 0;
  if (all <= 0 || buckets.some((bucket) => bucket.count < 0)) {
    return null;
  }
  const rank = part * all;
  const at = buckets.findIndex((bucket) => bucket.count >= rank);
  const { bound, count } = buckets[at];
  const lower = at === 0 ? { bound: 0, count: 0 } : buckets[at - 1];
  if (bound === Infinity) {
    // How far beyond, nobody knows.
    return lower.bound;
  }
  const within = count === lower.count ? 1 : (rank - lower.count) / (count - lower.count);
  return lower.bound + (bound - lower.bound) * within;
}

/** The buckets by their bounds; each counts those below it, too. */
function between(before, after, name) {
  const former = new Map(before.all(`${name}_bucket`).map(({ labels, value }) => [labels.le, value]));
  return after
    .all(`${name}_bucket`)
    .map(({ labels, value }) => ({ bound: number(labels.le), count: value - (former.get(labels.le) ?? 0) }))
    .sort((one, other) => one.bound - other.bound);
}
