// The end of the server: what it would take, its begin, how it goes on, and what is known when it is gone.
import { Api, Unreachable } from "./api.js";
import { confirmed } from "./confirm.js";
import { element, node, say } from "./dom.js";
import { foretold } from "./forecast.js";
import { clock, count, counted, duration } from "./format.js";
import { Poll } from "./poll.js";

const RUNNING_MS = 1_000;
const DRAINING_MS = 200;

const PHASES = [
  ["announcing", "Announcing"],
  ["unbinding", "Closing the ports"],
  ["committing", "Committing"],
  ["connections", "Ending connections"],
  ["closing", "Closing the store"],
];

const STATES = { running: "Running", announcing: "Announcing its end", closing: "Closing", ended: "Ended" };

/** How the server stands, and the way to its end. */
export class Drain {
  #api;
  #listener;
  #poll;
  #status = null;
  #heardAt = null;
  #lostAt = null;
  #most = 0;
  #report = null;
  #waiting = null;

  /** Counts the servers that were looked at: what was asked about one is not done to the next. */
  #run = 0;

  /** @param listener its `reached()` is called at the first answer and the first after a silence, `lost()` when silence begins */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
    this.#poll = new Poll(
      (isWanted) => this.#look(isWanted),
      () => (this.#isDraining && this.#lostAt === null ? DRAINING_MS : RUNNING_MS),
    );
    element("phases").replaceChildren(...PHASES.map(([, title]) => node("li", title)));
    element("forecast").addEventListener("click", () => this.#trying(() => this.#foretell()));
    element("stop").addEventListener("click", () => this.#trying(() => this.#begin()));
    element("cancel").addEventListener("click", () => this.#trying(() => this.#cancel()));
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
    this.#forget();
    this.#status = null;
    this.#lostAt = null;
  }

  /** Another server answers: what the one before reported is not about this one. */
  another() {
    this.#forget();
    this.#poll.now();
  }

  #forget() {
    this.#run++;
    this.#report = null;
    this.#waiting?.abort(Api.GIVEN_UP);
    this.#waiting = null;
  }

  get #isDraining() {
    return this.#status !== null && this.#status.phase !== "running";
  }

  async #look(isWanted) {
    const known = this.#report;
    try {
      const status = await this.#api.get("v1/drain");
      if (!isWanted()) {
        return;
      }
      if (status.phase === "running" && known !== null && known === this.#report) {
        // Who has reported does not run any more: it is another one.
        this.#lost();
      }
      this.#heard(status);
    } catch (failure) {
      if (!isWanted()) {
        return;
      }
      if (failure instanceof Unreachable) {
        this.#lost();
      } else if (failure.code === "starting") {
        // Who is being drained does not start: it is another one.
        this.#lost();
        this.#state("starting", "Starting: the store is being opened");
      }
    }
  }

  #heard(status) {
    const isNews = this.#status === null || this.#lostAt !== null;
    if (this.#lostAt !== null) {
      this.#forget();
    }
    this.#lostAt = null;
    this.#heardAt = Date.now();
    this.#most = status.phase === "running" ? status.open : Math.max(this.#most, status.open);
    this.#status = status;
    this.#show();
    if (isNews) {
      this.#listener.reached();
    }
    if (this.#waiting === null && this.#report === null) {
      this.#awaitReport();
    }
  }

  #lost() {
    if (this.#lostAt === null && this.#status !== null) {
      this.#lostAt = Date.now();
      this.#show();
      this.#listener.lost();
    } else if (this.#status === null) {
      this.#state("gone", "The server cannot be reached");
    }
  }

  /** It may end within milliseconds, by whatever trigger: whoever asks afterwards asks nobody. */
  async #awaitReport() {
    const waiting = new AbortController();
    this.#waiting = waiting;
    try {
      const report = await this.#api.await("v1/drain/report", waiting.signal);
      if (waiting === this.#waiting) {
        this.#report = report;
        this.#show();
      }
    } catch {
      // It is asked for again with the next answer, if there is one.
    } finally {
      if (waiting === this.#waiting) {
        this.#waiting = null;
      }
    }
  }

  #show() {
    const { phase, number, cancellable } = this.#status;
    const isGone = this.#lostAt !== null;
    element("phases").hidden = !this.#isDraining && this.#report === null;
    // The report comes when all connections have ended. That the store was closed, too, nobody told.
    const reached = this.#report === null ? number : Math.max(number, PHASES.length);
    [...element("phases").children].forEach((item, at) => {
      const isNow = at + 1 === reached && !isGone;
      item.className = at + 1 < reached ? "done" : isNow ? "now" : "";
      item.setAttribute("aria-current", isNow ? "step" : "false");
    });
    element("cancel").hidden = !cancellable || isGone;
    element("stop").hidden = this.#isDraining || isGone;
    element("announce-choice").hidden = this.#isDraining || isGone;
    element("forecast").hidden = this.#isDraining || isGone;
    this.#showProgress(isGone);
    say(element("drain-line"), this.#line(isGone));
    say(element("report"), this.#report === null ? "" : this.#report.line);
    element("report").hidden = this.#report === null;
    this.#state(isGone ? "gone" : phase === "running" ? "running" : "draining", this.#title(isGone));
  }

  #showProgress(isGone) {
    const progress = element("progress");
    progress.hidden = !this.#isDraining || isGone;
    progress.max = Math.max(1, this.#most);
    progress.value = this.#most - this.#status.open;
  }

  #title(isGone) {
    const { phase, open, announceMillis } = this.#status;
    if (isGone) {
      return this.#report === null ? "The server cannot be reached" : "The server is gone";
    }
    if (phase === "announcing") {
      return `${STATES.announcing}: ${duration(announceMillis)} left`;
    }
    return STATES[phase] ?? `Draining: ${count(open)} open`;
  }

  /** Nothing but what was seen. */
  #line(isGone) {
    const { phase, open, stragglers, leftMillis, reason, line } = this.#status;
    if (isGone && this.#report !== null) {
      return `It has not answered since ${clock(this.#lostAt)}. This is its report:`;
    }
    if (isGone) {
      const doubt = phase === "running" ? " Whether it has ended cannot be told from here." : "";
      return `It has not answered since ${clock(this.#lostAt)}, and its report was not seen. The last that it said, at ${clock(this.#heardAt)}: ${line}.${doubt}`;
    }
    if (phase === "running") {
      return `${counted(open, "connection")} open.`;
    }
    const wait = leftMillis > 0 ? `, ${duration(leftMillis)} left at most` : "";
    return `Told to end by ${reason}: ${count(open)} open, ${counted(stragglers, "straggler")}${wait}.`;
  }

  #state(name, text) {
    element("state").dataset.state = name;
    say(element("state"), text);
  }

  /** What was asked for may be refused, and the answer says why. */
  async #trying(act) {
    try {
      await act();
    } catch (refusal) {
      say(element("drain-note"), refusal.message);
    }
  }

  async #foretell() {
    say(element("drain-note"), `A dry run: ${foretold(await this.#api.get("v1/drain/forecast"))}`);
  }

  async #begin() {
    const run = this.#run;
    const announce = Number(element("announce").value);
    const forecast = foretold(await this.#api.get("v1/drain/forecast"));
    const cancelled =
      announce === 0
        ? "It begins at once, and may not be cancelled then."
        : `It is announced for ${duration(announce)}: new clients are still let in, and it can be cancelled up to then.`;
    const text = `${forecast} ${cancelled}`;
    const isMeant = await confirmed({ title: "Stop the server?", text, action: "Stop the server", word: "stop" });
    if (isMeant && run === this.#run) {
      this.#heard(await this.#api.post(`v1/drain?announceMillis=${announce}`));
      say(element("drain-note"), "");
      this.#poll.now();
    }
  }

  async #cancel() {
    this.#heard(await this.#api.delete("v1/drain"));
    say(element("drain-note"), "Cancelled: the server runs on.");
  }
}
