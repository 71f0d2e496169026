// What was seen in the last minutes, one look after the other.

/** Values of several series at the same times, of which those that are too old are forgotten. */
export class History {
  #columns;
  #keptSeconds;

  /**
   * @param series how many there are
   * @param keptSeconds for how long they are kept
   */
  constructor(series, keptSeconds) {
    this.#columns = Array.from({ length: series + 1 }, () => []);
    this.#keptSeconds = keptSeconds;
  }

  /** The times in seconds, then the values of each series; null where there is none. */
  get columns() {
    return this.#columns;
  }

  add(seconds, ...values) {
    [seconds, ...values].forEach((value, at) => this.#columns[at].push(value));
    const kept = this.#columns[0].findIndex((time) => time >= seconds - this.#keptSeconds);
    this.#columns.forEach((column) => column.splice(0, kept));
  }

  /** Another server answers. */
  clear() {
    this.#columns.forEach((column) => (column.length = 0));
  }
}
