// The end of the server: what it would take, its begin, how it goes on, and what is known when it is gone.
import { Api, Unreachable } from "./api.js";
import { confirmed } from "./confirm.js";
import { element, node, say } from "./dom.js";
import { Poll } from "./poll.js";
import { asked, foretold, lastWords, stands, title } from "./words.js";

const RUNNING_MS = 1_000;
const DRAINING_MS = 200;

/** Of an answer that is not the server's: something in front of it says that it is not there. */
const A_PROXYS = /^http-50[234]$/;

const PHASES = [
  ["announcing", "Announcing"],
  ["unbinding", "Closing the ports"],
  ["committing", "Committing"],
  ["connections", "Ending connections"],
  ["closing", "Closing the store"],
];

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
    element("forecast").addEventListener("click", () => this.#trying((isWanted) => this.#foretell(isWanted)));
    element("stop").addEventListener("click", () => this.#trying((isWanted) => this.#begin(isWanted)));
    element("cancel").addEventListener("click", () => this.#trying((isWanted) => this.#cancel(isWanted)));
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
    this.#forget();
    this.#status = null;
    this.#lostAt = null;
    ["drain-line", "report", "drain-note"].forEach((name) => say(element(name), ""));
    this.#state("connecting", "Connecting…");
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
      if (failure instanceof Unreachable || A_PROXYS.test(failure.code)) {
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
    const line = isGone ? lastWords(this.#status, this.#heardAt, this.#lostAt, this.#report) : stands(this.#status);
    say(element("drain-line"), line);
    say(element("report"), this.#report === null ? "" : this.#report.line);
    element("report").hidden = this.#report === null;
    this.#state(isGone ? "gone" : phase === "running" ? "running" : "draining", title(this.#status, isGone, this.#report));
  }

  #showProgress(isGone) {
    const progress = element("progress");
    progress.hidden = !this.#isDraining || isGone;
    progress.max = Math.max(1, this.#most);
    progress.value = this.#most - this.#status.open;
  }

  #state(name, text) {
    element("state").dataset.state = name;
    say(element("state"), text);
  }

  /** What was asked for may be refused, and the answer says why. */
  async #trying(act) {
    const run = this.#run;
    const isWanted = () => run === this.#run;
    try {
      await act(isWanted);
    } catch (refusal) {
      if (isWanted()) {
        say(element("drain-note"), refusal.message);
      }
    }
  }

  /** For how long somebody wants it to be announced at least. */
  get #announce() {
    return Number(element("announce").value);
  }

  async #foretell(isWanted) {
    const forecast = await this.#api.get("v1/drain/forecast");
    if (isWanted()) {
      say(element("drain-note"), `A dry run: ${foretold(forecast, this.#announce)}`);
    }
  }

  async #begin(isWanted) {
    const announce = this.#announce;
    const text = asked(await this.#api.get("v1/drain/forecast"), announce);
    if (!isWanted()) {
      return;
    }
    const isMeant = await confirmed({ title: "Stop the server?", text, action: "Stop the server", word: "stop" });
    if (isMeant && isWanted()) {
      this.#done(await this.#api.post(`v1/drain?announceMillis=${announce}`), "", isWanted);
    }
  }

  async #cancel(isWanted) {
    this.#done(await this.#api.delete("v1/drain"), "Cancelled: the server runs on.", isWanted);
  }

  #done(status, note, isWanted) {
    if (isWanted()) {
      this.#heard(status);
      say(element("drain-note"), note);
      this.#poll.now();
    }
  }
}
