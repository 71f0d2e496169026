/**
 * Milliseconds from one count to the next. The server reads all documents to count them, a million in about a second: it is asked to for
 * about a thirtieth of the time.
 */
const LEAST_PAUSE = 2_000;
const pauseAfter = (documents, bytes) => Math.max(LEAST_PAUSE, documents / 50 + bytes / 6_500);

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How many documents each collection has, as the server counts them: soon after something has changed. */
export class Counts {
  #ask;
  #changed;
  #isAsking = false;
  #isDue = false;
  #round = new AbortController();

  /** By name, in the order of the server; null before they are known. Of one that is new `documents` is null. */
  collections = null;

  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => this.#isDue && this.soon());
  }

  /** What was counted is nobody's business any more. */
  clear() {
    this.collections = null;
    this.#round.abort();
    this.#round = new AbortController();
    this.#isAsking = false;
    this.#isDue = false;
  }

  /** A document of that collection was put; whether the collection is new. */
  saw(collection) {
    if (this.collections === null || this.collections.has(collection)) {
      return false;
    }
    this.collections.set(collection, { collection, documents: null });
    return true;
  }

  /** Something has changed. */
  soon() {
    this.#isDue = true;
    if (!this.#isAsking && !document.hidden) {
      this.#isAsking = true;
      this.#count(this.#round);
    }
  }

  async #count(round) {
    while (this.#isDue && round === this.#round && !document.hidden) {
      this.#isDue = false;
      let wait = LEAST_PAUSE;
      try {
        const response = await this.#ask("v1/collections", { signal: round.signal });
        const counted = await response.json();
        if (round === this.#round) {
          this.collections = new Map(counted.map((each) => [each.collection, each]));
          const sum = (what) => counted.reduce((all, each) => all + each[what], 0);
          wait = pauseAfter(sum("documents"), sum("bytes"));
          this.#changed();
        }
      } catch (failure) {
        // The stream tells what is wrong, and when all is well again.
        if (round === this.#round) {
          this.#isDue = !failure.isFinal;
        }
        wait = Math.max(wait, failure.retryAfter ?? 0);
      }
      await delay(wait);
    }
    if (round === this.#round) {
      this.#isAsking = false;
    }
  }
}
