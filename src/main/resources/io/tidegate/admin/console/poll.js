// Looking again and again.

/** Of the time, so much at most is spent on asking. */
const DUTY = 0.5;

/** Asks again and again, never twice at once, and not while nobody looks at the page. */
export class Poll {
  #ask;
  #pauseMs;
  #wake = () => {};
  #run = 0;

  /**
   * @param ask may fail: then it is asked again all the same; is given a function that says whether the answer is still wanted
   * @param pauseMs says how long the pause is
   */
  constructor(ask, pauseMs) {
    this.#ask = ask;
    this.#pauseMs = pauseMs;
    document.addEventListener("visibilitychange", () => this.now());
  }

  start() {
    this.#loop(++this.#run);
  }

  stop() {
    this.#run++;
    this.#wake();
  }

  /** Does not wait for the end of the pause. */
  now() {
    this.#wake();
  }

  async #loop(run) {
    while (run === this.#run) {
      const begun = performance.now();
      if (!document.hidden) {
        await this.#ask(() => run === this.#run).catch(() => {});
      }
      const took = performance.now() - begun;
      await this.#pause(document.hidden ? 3_600_000 : Math.max(this.#pauseMs(), took / DUTY));
    }
  }

  #pause(millis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
