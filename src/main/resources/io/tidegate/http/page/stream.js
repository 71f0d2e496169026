import { TidegateError } from "../client/access.js";
import { readLines, textIn } from "../client/events.js";
import { told } from "./reader.js";

/** Nothing was heard for so long: a heartbeat comes each 15 s. */
const SILENCE = 40_000;

/** Longer from try to try, and each time another while, so that not all pages come at once. */
const backOff = (tries) => Math.min(1_000 * 1.5 ** tries, 10_000) * (0.75 + Math.random() / 2);

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Why somebody has to sign in, or again. */
const NOBODY = new Set(["unauthenticated", "expired", "revoked"]);

/** The updates of a selection, from now on: no documents, whatever their number. It comes back to where it was. */
export class Updates {
  #reader;
  #heard;
  #selection = null;
  #stream = null;
  #epoch;
  #seq;
  #goodbye;

  /**
   * @param heard is told: `update(update)`; `state(name, text)` for people; `begun()` when updates come from some place on, and not
   *     from where they ended; `left(code)` when nothing more comes until somebody signs in
   */
  constructor(reader, heard) {
    this.#reader = reader;
    this.#heard = heard;
  }

  /** Up to where everything was heard; undefined before anything was. */
  get position() {
    return this.#seq === undefined ? undefined : `${this.#epoch}:${this.#seq}`;
  }

  get seq() {
    return this.#seq ?? 0;
  }

  get epoch() {
    return this.#epoch;
  }

  /** Those of a selection from now on. */
  select(selection) {
    this.close();
    this.#selection = selection;
    this.#seq = undefined;
    this.#heard.state("connecting", "Connecting…");
    this.#run((this.#stream = new AbortController()));
  }

  /** The same once more, perhaps as somebody else. */
  anew() {
    this.select(this.#selection);
  }

  close() {
    this.#stream?.abort();
    this.#stream = null;
  }

  async #run(stream) {
    for (let tries = 0; stream === this.#stream; tries++) {
      const before = this.#seq;
      const failure = await this.#follow(stream);
      if (stream !== this.#stream) {
        return;
      }
      if (this.#seq !== before) {
        tries = 0;
      }
      if (failure.code === "position-unavailable" && this.#seq !== undefined) {
        // Those in between are lost to the page: it begins anew.
        this.#seq = undefined;
        continue;
      }
      const { comeBack = "as-is", reconnectAfterMs } = this.#goodbye;
      if (comeBack !== "as-is" || failure.isFinal) {
        this.close();
        this.#ended(failure);
        return;
      }
      const wait = reconnectAfterMs ?? Math.max(failure.retryAfter ?? 0, backOff(tries));
      const shown = Math.ceil(wait / 100) / 10;
      this.#heard.state(failure.code === "shutdown" ? "draining" : "offline", `${told(failure)}: next try in ${shown} s`);
      await delay(wait);
    }
  }

  #ended(failure) {
    if (NOBODY.has(failure.code)) {
      this.#heard.left(failure);
    } else {
      this.#heard.state("offline", told(failure));
    }
  }

  /** Until the stream ends, in whatever way; says in which. */
  async #follow(stream) {
    const attempt = new AbortController();
    const leave = () => attempt.abort();
    stream.signal.addEventListener("abort", leave);
    let alarm;
    const alive = () => {
      clearTimeout(alarm);
      alarm = setTimeout(leave, SILENCE);
    };
    this.#goodbye = {};
    try {
      alive();
      const after = this.position === undefined ? [] : [["after", this.position]];
      const response = await this.#reader.ask("v1/updates?" + this.#selection.query(after), {
        headers: { Accept: "application/x-ndjson" },
        signal: attempt.signal,
      });
      this.#heard.state("loading", "Catching up…");
      await readLines(response.body, (line) => stream === this.#stream && this.#heed(line), alive);
      const { reason = "cut" } = this.#goodbye;
      return new TidegateError(reason, `the stream ended: ${reason}`);
    } catch (failure) {
      return failure instanceof TidegateError ? failure : new TidegateError("offline", failure.message);
    } finally {
      clearTimeout(alarm);
      attempt.abort();
      stream.signal.removeEventListener("abort", leave);
    }
  }

  #heed(line) {
    const event = JSON.parse(line);
    if (event.event === "error") {
      throw new TidegateError(event.code, event.message);
    }
    const isAnew = this.#seq === undefined;
    this.#epoch = event.epoch ?? this.#epoch;
    this.#seq = event.seq ?? this.#seq;
    switch (event.event) {
      case "put":
        this.#heard.update({ ...event, text: textIn(line) });
        break;
      case "delete":
        this.#heard.update({ ...event, text: "" });
        break;
      case "subscribed":
        if (isAnew) {
          this.#heard.begun();
        }
        break;
      case "caughtup":
        this.#heard.state("live", "Live");
        break;
      case "goodbye":
        this.#goodbye = event;
        break;
    }
  }
}
