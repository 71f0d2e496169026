import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { bytes, count, counted, duration, few, latency } from "../../main/resources/io/tidegate/admin/console/format.js";
import { History } from "../../main/resources/io/tidegate/admin/console/history.js";
import { Scrape, quantile, rate } from "../../main/resources/io/tidegate/admin/console/metrics.js";
import { filtered, sorted, stillThere } from "../../main/resources/io/tidegate/admin/console/rows.js";

const CONSOLE = new URL("../../main/resources/io/tidegate/admin/console/", import.meta.url);

const scrape = (text, seconds = 0) => new Scrape(text, seconds * 1000);

const histogram = (...counts) =>
  ["0.001", "0.01", "0.1", "+Inf"].map((le, at) => `put_seconds_bucket{le="${le}"} ${counts[at]}`).join("\n");

test("metrics are read with their labels, whatever is in these", () => {
  const read = scrape(
    [
      "# HELP a_total something {odd=\"1\"} 5",
      "# TYPE a_total counter",
      "a_total 3.0",
      'b{state="open",transport="tcp"} 2',
      'b{state="open",transport="http"} 5 1700000000000',
      'b{state="closed",transport="tcp",} 1.0E-4',
      'c{name="a \\"b\\" \\\\ , c=\\"d\\" } e\\nf"} +Inf',
      "d -Inf",
      "e NaN",
      "",
      "no metric at all",
    ].join("\n"),
  );

  assert.equal(read.sum("a_total"), 3);
  assert.equal(read.sum("b"), 7.0001);
  assert.equal(read.sum("b", { state: "open" }), 7);
  assert.equal(read.sum("b", { state: "open", transport: "http" }), 5);
  assert.equal(read.sum("b", { state: "lost" }), null);
  assert.equal(read.sum("nothing"), null);
  assert.deepEqual(read.all("c"), [{ labels: { name: 'a "b" \\ , c="d" } e\nf' }, value: Infinity }]);
  assert.equal(read.sum("d"), -Infinity);
  assert.ok(Number.isNaN(read.sum("e")));
  assert.equal(read.label("c", "nothing"), "");
  assert.equal(read.label("nothing", "name"), "");
});

test("a rate is what was counted between two looks, by the second", () => {
  assert.equal(rate(scrape("a 10", 1), scrape("a 40", 3), "a"), 15);
  assert.equal(rate(scrape("a 10", 1), scrape("a 10", 2), "a"), 0);
});

test("of another server, or of a counter that is not there, there is no rate", () => {
  assert.equal(rate(scrape("a 10", 1), scrape("a 4", 2), "a"), null);
  assert.equal(rate(scrape("a 10", 1), scrape("b 4", 2), "a"), null);
  assert.equal(rate(scrape("", 1), scrape("a 4", 2), "a"), null);
  assert.equal(rate(scrape("a 1", 1), scrape("a 4", 1), "a"), null);
});

test("a quantile is that of what was counted between two looks only", () => {
  const before = scrape(histogram(1000, 1000, 1000, 1000));
  const after = scrape(histogram(1050, 1090, 1100, 1100));

  assert.equal(quantile(before, after, "put_seconds", 0.5), 0.001);
  assert.ok(Math.abs(quantile(before, after, "put_seconds", 0.25) - 0.0005) < 1e-9);
  assert.ok(Math.abs(quantile(before, after, "put_seconds", 0.9) - 0.01) < 1e-9);
  assert.ok(Math.abs(quantile(before, after, "put_seconds", 0.95) - 0.055) < 1e-9);
});

test("what is beyond the last bound is at least that, and of nothing there is no quantile", () => {
  const before = scrape(histogram(5, 5, 5, 5));

  assert.equal(quantile(before, scrape(histogram(5, 5, 5, 9)), "put_seconds", 0.5), 0.1);
  assert.equal(quantile(before, before, "put_seconds", 0.5), null);
  assert.equal(quantile(before, scrape(histogram(1, 1, 1, 1)), "put_seconds", 0.5), null);
  assert.equal(quantile(scrape(""), scrape(""), "put_seconds", 0.5), null);
});

test("a bucket that was not there before counts from nothing", () => {
  assert.ok(Math.abs(quantile(scrape(""), scrape(histogram(0, 2, 2, 2)), "put_seconds", 1) - 0.01) < 1e-9);
});

test("history forgets what is too old, and keeps its columns together", () => {
  const history = new History(2, 10);
  for (let second = 0; second <= 15; second++) {
    history.add(second, second * 2, null);
  }

  assert.deepEqual(history.columns[0], [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  assert.equal(history.columns[1][0], 10);
  assert.equal(history.columns[2].length, 11);
  history.clear();
  assert.deepEqual(history.columns, [[], [], []]);
});

const row = (id, more) => ({
  id,
  peer: `10.0.0.${id}:5000`,
  listener: "http",
  transport: "websocket",
  identity: "",
  ageMillis: 1000 * id,
  state: "OPEN",
  lag: 0,
  bytesUnsent: 0,
  stuckMillis: 0,
  follows: "",
  bytesSent: 0,
  progress: "",
  userAgent: "",
  ...more,
});

const ids = (rows) => rows.map(({ id }) => id);

test("rows are put in order by a column, and by their numbers where that does not tell", () => {
  const rows = [row(9), row(10, { lag: 7 }), row(2, { lag: 3, identity: "desk" })];

  assert.deepEqual(ids(sorted(rows, "id", false)), [2, 9, 10]);
  assert.deepEqual(ids(sorted(rows, "id", true)), [10, 9, 2]);
  assert.deepEqual(ids(sorted(rows, "lag", true)), [10, 2, 9]);
  assert.deepEqual(ids(sorted(rows, "identity", false)), [9, 10, 2]);
  assert.deepEqual(ids(sorted(rows, "peer", false)), [2, 9, 10]);
  assert.deepEqual(ids(rows), [9, 10, 2]);
});

test("a filter is words, all of which a row has somewhere", () => {
  const rows = [row(1, { identity: "Desk" }), row(2, { identity: "desk", state: "DRAINING" }), row(3)];

  assert.deepEqual(ids(filtered(rows, "")), [1, 2, 3]);
  assert.deepEqual(ids(filtered(rows, " desk ")), [1, 2]);
  assert.deepEqual(ids(filtered(rows, "DESK draining")), [2]);
  assert.deepEqual(ids(filtered(rows, "10.0.0.3:")), [3]);
  assert.deepEqual(ids(filtered(rows, "nobody")), []);
  assert.deepEqual([...stillThere(new Set([1, 4]), rows)], [1]);
});

test("numbers are written as people read them", () => {
  assert.deepEqual([count(12345), count(null), counted(1, "byte"), counted(0, "byte")], ["12,345", "–", "1 byte", "0 bytes"]);
  assert.deepEqual([few(0.123456), few(12.34), few(12345.6)], ["0.123", "12.3", "12,346"]);
  assert.deepEqual([bytes(0), bytes(999), bytes(1000), bytes(12_345_678), bytes(999_999)], ["0 B", "999 B", "1 kB", "12.3 MB", "1 MB"]);
  assert.deepEqual([duration(0), duration(9_990), duration(59_999), duration(61_000)], ["0.0 s", "9.9 s", "59 s", "1 m 01 s"]);
  assert.deepEqual([duration(3_600_000 * 2 + 60_000 * 7), duration(86_400_000 * 4 + 3_600_000 * 3)], ["2 h 07 m", "4 d 3 h"]);
  assert.deepEqual([latency(0.00025), latency(1.5), latency(null)], ["0.25 ms", "1.5 s", "–"]);
});

test("each module of the console has one job, in few lines", () => {
  for (const name of readdirSync(CONSOLE).filter((file) => file.endsWith(".js"))) {
    const lines = readFileSync(new URL(name, CONSOLE), "utf8").split("\n");
    assert.ok(lines.length <= 250, `${name} has ${lines.length} lines`);
    assert.ok(lines[0].startsWith("// "), `${name} does not say what it is for`);
  }
});
