// What the explorer does without a window: its modules as the server serves them, side by side with the client's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./served.mjs";
import { until } from "./server.mjs";

const load = (name) => module(`page/${name}.js`);
const { compact, parse, pretty, tokens } = await load("json");
const { isBefore, pathOf, wordOf, wordOfMany } = await load("names");
const { Selection } = await load("selection");
const { Listing } = await load("listing");
const { Updates } = await load("stream");
const { TidegateError } = await module("client/access.js");

// ---- JSON

const PRECISE = '{"b":9007199254740993,"2":1.10,"1":[1e400,-0.0],"b":"\\",\\"value\\":1 {","e":{},"a":[],"n":null}';

test("a value keeps its digits, its doubles and its order, however it is written", () => {
  assert.equal(compact(pretty(PRECISE)), PRECISE);
  assert.equal(pretty('{"a":[],"b":{"c":[1,"x y"]}}'), '{\n  "a": [],\n  "b": {\n    "c": [\n      1,\n      "x y"\n    ]\n  }\n}');
  assert.equal(pretty('"x"'), '"x"');
});

test("a tree has every part of a value", () => {
  const { opening, items } = parse(PRECISE);
  assert.equal(opening, "{");
  assert.deepEqual(items.map(({ key }) => key), ['"b"', '"2"', '"1"', '"b"', '"e"', '"a"', '"n"']);
  assert.deepEqual(items[0].value, { text: "9007199254740993", kind: "number" });
  assert.deepEqual(items[2].value.items.map(({ value }) => value.text), ["1e400", "-0.0"]);
  assert.deepEqual(items[6].value, { text: "null", kind: "word" });
  assert.deepEqual(parse("-1.5e3"), { text: "-1.5e3", kind: "number" });
});

test("a long text, and the beginning of one, are taken apart, too", () => {
  assert.equal(tokens(`"${'x\\"'.repeat(500_000)}"`).length, 1);
  assert.deepEqual(tokens('{"a":"unfinis…'), ["{", '"a"', ":", '"unfinis…']);
});

// ---- names

test("keys are in the order of their octets", () => {
  const keys = ["", "A", "B", "a", "aa", "b", "ä", "\ue000", "\uffff", "\u{1f600}", "\u{1f601}"];
  for (let one = 0; one < keys.length; one++) {
    for (let other = 0; other < keys.length; other++) {
      assert.equal(isBefore(keys[one], keys[other]), one < other, `${keys[one]} before ${keys[other]}`);
      assert.equal(Buffer.compare(Buffer.from(keys[one]), Buffer.from(keys[other])) < 0, one < other);
    }
  }
});

test("names are written so that they stay what they are", () => {
  assert.equal(wordOf("orders", "eu-*"), "orders/eu-%2A");
  assert.equal(wordOf("desks/eu", "100% a"), "desks%2Feu/100%25%20a");
  assert.equal(wordOfMany("orders", "eu"), "orders/eu*");
  assert.equal(wordOfMany("none", ""), "%6eone");
  assert.equal(wordOfMany("none", "x"), "none/x*");
  assert.equal(pathOf("o", "it's/a"), "v1/documents/o/it%27s%2Fa");
});

test("a selection is narrowed to a collection and a beginning", () => {
  const selection = Selection.ofText(" orders/eu-*  orders/us-1 rates orders/eu-* ");
  assert.deepEqual(selection.words, ["orders/eu-*", "orders/us-1", "rates"]);
  assert.deepEqual(selection.collections, ["orders", "rates"]);
  const narrowed = (collection, beginning) => selection.of(collection, beginning).words;
  assert.deepEqual(narrowed("orders", ""), ["orders/eu-*", "orders/us-1"]);
  assert.deepEqual(narrowed("orders", "e"), ["orders/eu-*"]);
  assert.deepEqual(narrowed("orders", "eu-1"), ["orders/eu-1*"]);
  assert.deepEqual(narrowed("orders", "x"), ["none"]);
  assert.deepEqual(narrowed("rates", "a b"), ["rates/a%20b*"]);
  assert.deepEqual(new Selection([]).of("orders", "").words, ["orders"]);
  assert.equal(selection.hasWhole("rates"), true);
  assert.equal(selection.hasWhole("orders"), false);
  assert.equal(selection.of("orders", "x").covers("x"), false);
  assert.equal(selection.of("orders", "").covers("eu-7"), true);
  assert.equal(selection.of("orders", "").covers("us-11"), false);
  assert.equal(selection.query([["limit", 1]]), "select=orders%2Feu-*&select=orders%2Fus-1&select=rates&limit=1");
});

// ---- updates

/** Answers each request for a stream with the next of these: lines, or a failure. */
function scripted(...answers) {
  const asked = [];
  const told = [];
  const reader = {
    ask: async (path, { signal }) => {
      asked.push(path);
      // One that never comes is given up with its signal, as by fetch: otherwise its alarm would hold up the process.
      const answer = answers.shift() ?? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (answer instanceof Error) {
        throw answer;
      }
      return new Response(new Blob([(await answer).map((line) => JSON.stringify(line) + "\n").join("")]).stream());
    },
  };
  const updates = new Updates(reader, {
    update: ({ event, key, text }) => told.push(`${event} ${key} ${text}`),
    state: (name) => told.push(name),
    begun: () => told.push("begun"),
    left: ({ code }) => told.push(`left ${code}`),
  });
  updates.select(new Selection(["c"]));
  return { asked, told, updates };
}

const failure = (code, more) => Object.assign(new TidegateError(code, code), { isFinal: true, ...more });
const at = (event, seq, more) => ({ event, epoch: "e", seq, ...more });
const goodbye = (more) => at("goodbye", 9, { reason: "shutdown", comeBack: "as-is", reconnectAfterMs: 1, ...more });

test("updates go on where they were", async () => {
  const { asked, told, updates } = scripted(
    [at("subscribed", 7), at("caughtup", 7), { event: "put", seq: 8, collection: "c", key: "k", value: 1.5 }, goodbye()],
    [at("subscribed", 9), at("caughtup", 9), { event: "delete", seq: 10, collection: "c", key: "k" }, goodbye({ comeBack: "never" })],
  );
  await until(() => told.filter((each) => each === "offline").length > 0);
  assert.deepEqual(asked, ["v1/updates?select=c", "v1/updates?select=c&after=e%3A9"]);
  assert.equal(told.join(", "), "connecting, loading, begun, live, put k 1.5, draining, loading, live, delete k , offline");
  assert.equal(updates.position, "e:9");
});

test("updates begin anew where the log does not hold them", async () => {
  const { asked, told, updates } = scripted(
    [at("subscribed", 7), goodbye()],
    failure("position-unavailable"),
    [at("subscribed", 70), at("caughtup", 70), goodbye({ reason: "revoked", comeBack: "with-credentials" })],
  );
  await until(() => told.includes("left revoked"));
  assert.deepEqual(asked, ["v1/updates?select=c", "v1/updates?select=c&after=e%3A9", "v1/updates?select=c"]);
  assert.equal(told.filter((each) => each === "begun").length, 2);
  updates.close();
});

test("what stays wrong is not asked for again", async () => {
  const { asked, told } = scripted(failure("forbidden", { status: 403 }));
  await until(() => told.includes("offline"));
  assert.equal(asked.length, 1);
  const left = scripted(failure("unauthenticated", { status: 401 }));
  await until(() => left.told.includes("left unauthenticated"));
});

test("who has chosen something else hears nothing of before", async () => {
  let answer;
  const { asked, told, updates } = scripted(
    new Promise((resolve) => (answer = resolve)),
    [at("subscribed", 20), { event: "put", seq: 21, collection: "d", key: "z", value: 2 }, goodbye({ comeBack: "never" })],
  );
  updates.select(new Selection(["d"]));
  answer([at("subscribed", 7), { event: "put", seq: 8, collection: "c", key: "k", value: 1 }]);
  await until(() => told.includes("offline"));
  assert.deepEqual(asked, ["v1/updates?select=c", "v1/updates?select=d"]);
  assert.equal(told.filter((each) => each === "begun").length, 1);
  assert.ok(told.includes("put z 2") && !told.includes("put k 1"), told.join());
  updates.close();
});

// ---- a page of documents

/** Has documents in the collection c, and answers for pages of them. */
class Feed {
  asked = [];
  seq = 1_000;

  constructor(keys) {
    this.values = new Map(keys.map((key) => [key, `"${key}"`]));
    this.listing = new Listing((path) => this.#answer(path), () => {});
  }

  async #answer(path) {
    this.asked.push(path);
    const parameters = new URLSearchParams(path.split("?")[1]);
    const beyond = parameters.get("beyond")?.slice(2) ?? "";
    const keys = [...this.values.keys()].filter((key) => key > decodeURIComponent(beyond)).sort();
    const lines = keys
      .slice(0, Number(parameters.get("limit")))
      .map((key) => `{"event":"document","collection":"c","key":${JSON.stringify(key)},"value":${this.values.get(key)}}\n`);
    const position = `e:${this.seq}`;
    await this.gate;
    return new Response(new Blob([lines.join("")]).stream(), { headers: { "Tidegate-Position": position } });
  }

  show() {
    return this.listing.show("c", new Selection(["c"]));
  }

  update(event, key, text = "") {
    this.seq++;
    if (event === "put") {
      this.values.set(key, text);
    } else {
      this.values.delete(key);
    }
    this.listing.take({ event, collection: "c", key, text, seq: this.seq });
  }

  get keys() {
    return this.listing.rows.map(({ key }) => key);
  }
}

const keysOf = (count) => Array.from({ length: count }, (_, i) => `k-${String(i).padStart(5, "0")}`);

test("documents are shown page by page, there and back", async () => {
  const feed = new Feed(keysOf(230));
  await feed.show();
  assert.deepEqual([feed.keys.length, feed.keys[0], feed.listing.isLast, feed.listing.page], [100, "k-00000", false, 1]);
  await feed.listing.next();
  assert.deepEqual([feed.keys.length, feed.keys[0]], [100, "k-00100"]);
  await feed.listing.next();
  assert.deepEqual([feed.keys.length, feed.keys[0], feed.listing.isLast], [30, "k-00200", true]);
  await feed.listing.next();
  assert.equal(feed.listing.page, 3);
  await feed.listing.previous();
  assert.deepEqual([feed.keys[0], feed.keys[99], feed.listing.page], ["k-00100", "k-00199", 2]);
  assert.equal(feed.asked.at(-1), "v1/documents?select=c&limit=101&readable=true&beyond=c%2Fk-00099");
});

test("who turns while a page is on its way comes to the page behind it", async () => {
  const feed = new Feed(keysOf(450));
  feed.show();
  await Promise.all([feed.listing.next(), feed.listing.next(), feed.listing.next()]);
  assert.deepEqual([feed.listing.page, feed.keys[0]], [4, "k-00300"]);
  const turned = feed.listing.previous();
  feed.listing.show("c", new Selection(["c"]));
  await turned;
  await feed.listing.previous();
  assert.deepEqual([feed.listing.page, feed.keys[0]], [1, "k-00000"]);
});

test("a page that is just full is the last one", async () => {
  const feed = new Feed(keysOf(100));
  await feed.show();
  assert.equal(feed.listing.isLast, true);
});

test("updates change the page that is shown, and nothing else", async () => {
  const feed = new Feed(keysOf(300));
  await feed.show();
  await feed.listing.next();
  feed.update("put", "k-00150", "1");
  feed.update("put", "k-00150x", "2");
  feed.update("delete", "k-00160");
  feed.update("put", "k-00050x", "before");
  feed.update("put", "k-00250x", "behind");
  feed.update("delete", "k-00299");
  feed.listing.take({ event: "put", collection: "d", key: "k-00151", text: "other", seq: 2_000 });
  feed.listing.take({ event: "put", collection: "c", key: "k-00152", text: "old", seq: 1_000 });
  const shown = new Map(feed.listing.rows.map(({ key, text }) => [key, text]));
  const expected = [...feed.values.keys()].filter((key) => key > "k-00099" && key <= "k-00199").sort();
  assert.deepEqual(feed.keys, expected);
  assert.deepEqual([shown.get("k-00150"), shown.get("k-00150x"), shown.get("k-00152")], ["1", "2", '"k-00152"']);
});

test("what comes while a page is on its way is not lost", async () => {
  const feed = new Feed(keysOf(10));
  let open;
  feed.gate = new Promise((resolve) => (open = resolve));
  const shown = feed.show();
  await new Promise(setImmediate);
  feed.update("put", "k-00003", "new");
  feed.update("put", "k-00003x", "another");
  feed.update("delete", "k-00004");
  open();
  await shown;
  assert.deepEqual(feed.keys, [...feed.values.keys()].sort());
  assert.equal(feed.listing.rows[3].text, "new");
});

test("a page from which most was deleted is filled again, and one that has grown is cut", async () => {
  const feed = new Feed(keysOf(300));
  await feed.show();
  for (let i = 0; i < 60; i++) {
    feed.update("delete", `k-000${String(i).padStart(2, "0")}`);
  }
  while (feed.listing.isLoading) {
    await new Promise(setImmediate);
  }
  assert.ok(feed.keys.length > 50, String(feed.keys.length));
  assert.deepEqual(feed.keys, [...feed.values.keys()].sort().slice(0, feed.keys.length));
  for (let i = 0; i < 60; i++) {
    feed.update("put", `k-00100-${i}`, "1");
  }
  assert.ok(feed.keys.length <= 150, String(feed.keys.length));
  assert.equal(feed.listing.isLast, false);
});

test("documents that are long make a shorter page", async () => {
  const feed = new Feed(keysOf(6));
  feed.values.forEach((_, key) => feed.values.set(key, `"${"x".repeat(1_000_000)}"`));
  await feed.show();
  assert.deepEqual([feed.keys.length, feed.listing.isLast], [4, false]);
  assert.equal(feed.listing.rows[0].text.length, 301);
  await feed.listing.next();
  assert.deepEqual([feed.keys, feed.listing.isLast], [["k-00004", "k-00005"], true]);
});

test("one document that is longer than a page is the last one if there is no other", async () => {
  const feed = new Feed(["a"]);
  feed.values.set("a", `"${"x".repeat(5_000_000)}"`);
  await feed.show();
  assert.deepEqual([feed.keys, feed.listing.isLast], [["a"], true]);
});

test("a page that does not come is asked for again", async () => {
  const asked = [];
  const ask = (path, { signal }) => {
    asked.push(path);
    return asked.length > 1
      ? Promise.resolve(new Response(new Blob([]).stream(), { headers: { "Tidegate-Position": "e:9" } }))
      : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const failures = [];
  const listing = new Listing(ask, () => listing.failure && failures.push(listing.failure.message), 5);
  await listing.show("c", new Selection(["c"]));
  assert.deepEqual([asked.length, listing.failure, failures], [2, null, ["the server takes its time"]]);
});

test("a refusal is kept to be shown", async () => {
  const listing = new Listing(() => Promise.reject(Object.assign(new Error("no"), { isFinal: true })), () => {});
  await listing.show("c", new Selection(["c"]));
  assert.deepEqual([listing.failure.message, listing.isLoading, listing.rows], ["no", false, []]);
});
