/** The server reads all documents to count them: it is asked to for one part of so many of the time, at most each so many ms. */
const PART = 30;
const LEAST_PAUSE = 2_000;

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How many documents each collection has, as the server counts them: soon after something has changed. */
export class Counts {
  #ask;
  #changed;
  #isAsking = false;
  #isDue = false;
  #round = {};

  /** By name, in the order of the server; null before they are known. */
  collections = null;

  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => this.#isDue && this.soon());
  }

  /** What was counted is nobody's business any more. */
  clear() {
    this.collections = null;
    this.#round = {};
    this.#isAsking = false;
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
      const begunAt = performance.now();
      let wait = 0;
      try {
        const response = await this.#ask("v1/collections");
        const counted = await response.json();
        if (round === this.#round) {
          this.collections = new Map(counted.map((each) => [each.collection, each]));
          this.#changed();
        }
      } catch (failure) {
        // The stream tells what is wrong, and when all is well again.
        this.#isDue = !failure.isFinal;
        wait = failure.retryAfter ?? 0;
      }
      await delay(Math.max(wait, LEAST_PAUSE, PART * (performance.now() - begunAt)));
    }
    if (round === this.#round) {
      this.#isAsking = false;
    }
  }
}
