// The connections that ended last, and what became of those that were ended from here.
import { element, row } from "./dom.js";
import { bytes, clock, count, counted } from "./format.js";
import { Poll } from "./poll.js";

const SHOWN = 50;
const PAUSE_MS = 2_000;
const SOON_MS = 250;

/** As a rule it is known by then. */
const IMPATIENCE_MS = 10_000;

/** Who is open no more and is not in the ledger's last entries for that long has fallen out of it. */
const MISSING_MS = 10_000;

/** The ledger's last entries, the newest first. */
export class Ends {
  #api;
  #poll;
  #awaited = [];
  #since = 0;
  #what = "";
  #ended = new Map();
  #told;
  #missingMillis;

  /** Since when each of those who are awaited is neither open nor in the ledger. */
  #missing = new Map();

  /** The numbers of those that were open when somebody looked; null if nobody did. */
  #open = null;
  #run = 0;

  /** What is new since then is not shown yet. */
  #shown = "";

  /**
   * @param told is told what became of those that somebody waits for
   * @param missingMillis after which those are given up who neither are open nor are said to have ended
   */
  constructor(api, told, missingMillis = MISSING_MS) {
    this.#missingMillis = missingMillis;
    this.#api = api;
    this.#told = told;
    this.#poll = new Poll(
      (isWanted) => this.#look(isWanted),
      () => (this.#awaited.length > 0 && performance.now() - this.#since < IMPATIENCE_MS ? SOON_MS : PAUSE_MS),
    );
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
    this.clear();
  }

  /** Another server may answer next, whose numbers are those of others. */
  clear() {
    this.#run++;
    this.#open = null;
    if (this.#awaited.length > 0) {
      this.#giveUp("another server answers, or none");
    }
  }

  /** Somebody else looks. */
  empty() {
    this.clear();
    this.#shown = "";
    element("ends").replaceChildren();
    element("no-ends").hidden = true;
  }

  #giveUp(why) {
    const rest = this.#awaited.length - this.#ended.size;
    this.#told(`${this.#what}: ${[...this.#outcomes(), `${count(rest)} unknown: ${why}`].join(", ")}`);
    this.#awaited = [];
  }

  /** @param rows of all connections that are open */
  open(rows) {
    this.#open = new Set(rows.map(({ id }) => id));
  }

  /** From now on it is told what becomes of these. */
  await(ids, what) {
    this.#awaited = ids;
    this.#since = performance.now();
    this.#ended.clear();
    this.#missing.clear();
    this.#what = what;
    this.#poll.now();
  }

  async #look(isWanted) {
    const run = this.#run;
    // Of others that end meanwhile there may be some more.
    const most = SHOWN + 2 * this.#awaited.length;
    const entries = (await this.#api.get(`v1/connections/ended?most=${most}`)).reverse();
    if (!isWanted() || run !== this.#run) {
      return;
    }
    if (this.#awaited.length > 0) {
      this.#follow(entries);
    }
    const news = `${entries[0]?.id} ${entries[0]?.endedAt} ${entries.length}`;
    if (news === this.#shown) {
      return;
    }
    this.#shown = news;
    element("ends").replaceChildren(...entries.slice(0, SHOWN).map((entry) => this.#row(entry)));
    element("no-ends").hidden = entries.length > 0;
  }

  #follow(entries) {
    const awaited = new Set(this.#awaited);
    entries.filter((entry) => awaited.has(entry.id)).forEach((entry) => this.#ended.set(entry.id, entry));
    const unknown = this.#unknown();
    const rest = awaited.size - this.#ended.size - unknown;
    const parts = this.#outcomes();
    if (unknown > 0) {
      parts.push(`${count(unknown)} unknown: the ledger does not have them any more`);
    }
    if (rest > 0) {
      parts.push(`${count(rest)} not ended yet`);
    }
    this.#told(`${this.#what}: ${parts.join(", ")}`);
    if (rest === 0) {
      this.#awaited = [];
    }
  }

  /** How many neither are open nor are said to have ended, for too long to be only on the way from one to the other. */
  #unknown() {
    const now = performance.now();
    const missing = this.#awaited.filter((id) => !this.#ended.has(id) && !(this.#open?.has(id) ?? true));
    this.#missing = new Map(missing.map((id) => [id, this.#missing.get(id) ?? now]));
    return [...this.#missing.values()].filter((since) => now - since >= this.#missingMillis).length;
  }

  /** `2 completed (shutdown)`, `1 aborted (deadline)`, `4 bytes left`. */
  #outcomes() {
    const outcomes = new Map();
    let left = 0;
    for (const { outcome, reason, bytesUnsent } of this.#ended.values()) {
      const how = `${outcome} (${reason})`;
      outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
      left += bytesUnsent;
    }
    const parts = [...outcomes].map(([how, number]) => `${count(number)} ${how}`);
    if (outcomes.size > 0) {
      parts.push(`${counted(left, "byte")} left`);
    }
    return parts;
  }

  #row(entry) {
    const { id, peer, transport, identity, endedAt, outcome, reason, bytesSent, bytesUnsent } = entry;
    const cells = [clock(endedAt), peer, transport, identity, outcome, reason, bytes(bytesSent), bytes(bytesUnsent)];
    const shown = row(String(id), ...cells);
    shown.dataset.outcome = outcome;
    return shown;
  }
}
