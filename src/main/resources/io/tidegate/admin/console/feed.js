// The feed and the store behind it.
import { element, list, row, say } from "./dom.js";
import { bytes, count, counted, latency } from "./format.js";
import { quantile } from "./metrics.js";

/** What there is of the feed and the store, as it was last seen. */
export class FeedPanel {
  #api;
  #before = null;
  #server = null;

  /** Counts who has looked: what was read for one is not shown to the next. */
  #run = 0;

  constructor(api) {
    this.#api = api;
    element("count-collections").addEventListener("click", () => this.#count());
  }

  /** Another server answers, or somebody else looks. */
  empty() {
    this.#run++;
    this.#before = null;
    this.#server = null;
    ["feed", "store", "collections"].forEach((name) => element(name).replaceChildren());
    element("collections-table").hidden = true;
    say(element("collections-note"), "");
  }

  /** @param server what it says it is */
  about(server) {
    this.#server = server;
  }

  /** @param scrape what the server counts now */
  show(scrape) {
    const sum = (name) => scrape.sum(`tidegate_${name}`);
    const followers = `${count(sum("subscriptions"))}, of whom ${count(sum("subscriptions_lagging"))} lag`;
    list(element("feed"), [
      ["Position", this.#server?.position ?? "–"],
      ["Kept to be resumed from", `${counted(sum("log_updates"), "update")}, ${bytes(sum("log_bytes"))}`],
      ["Oldest position", this.#oldest(scrape)],
      ["Waiting for a commit", `${counted(sum("queue_updates"), "change")}, ${bytes(sum("queue_bytes"))}`],
      ["Followers", followers],
      ["Farthest behind", counted(sum("subscription_lag_max_updates"), "update")],
      ["Unsent, to all clients", bytes(sum("unsent_bytes"))],
    ]);
    list(element("store"), [
      ["Directory", this.#server?.store ?? "–"],
      ["Durability", scrape.label("tidegate_store", "durability")],
      ["A commit takes", latency(this.#before && quantile(this.#before, scrape, "tidegate_commit_seconds", 0.5))],
      ["Commits that failed", count(sum("commit_failures_total"))],
      ["Damage that was met", count(sum("store_corruptions_total"))],
      ["Takes changes", sum("store_failed") > 0 ? "no: the last commit was refused" : "yes"],
    ]);
    this.#before = scrape;
  }

  /** After this one everything can be read again. */
  #oldest(scrape) {
    const head = scrape.sum("tidegate_head_seq");
    const kept = scrape.sum("tidegate_log_updates");
    const epoch = this.#server?.position.split(":")[0];
    return head === null || kept === null || epoch === undefined ? "–" : `${epoch}:${Math.max(0, head - kept)}`;
  }

  /** Reading all of a store takes its time: it is done when somebody asks. */
  async #count() {
    const run = this.#run;
    const note = element("collections-note");
    say(note, "Counting…");
    try {
      const collections = await this.#api.get("v1/collections");
      if (run !== this.#run) {
        return;
      }
      const sum = (name) => collections.reduce((all, each) => all + each[name], 0);
      element("collections").replaceChildren(
        ...collections.map(({ collection, documents, bytes: size }) => row(collection, count(documents), bytes(size))),
      );
      element("collections-table").hidden = collections.length === 0;
      const documents = counted(sum("documents"), "document");
      say(note, `${documents} in ${counted(collections.length, "collection")}, ${bytes(sum("bytes"))}`);
    } catch (refusal) {
      if (run === this.#run) {
        say(note, refusal.message);
      }
    }
  }
}
