import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { clear, shown, until as eventually } from "./page.mjs";

const { Refusal, Unreachable } = await import("../../main/resources/io/tidegate/admin/console/api.js");
const { asked, foretold } = await import("../../main/resources/io/tidegate/admin/console/words.js");
const { Drain } = await import("../../main/resources/io/tidegate/admin/console/drain.js");

const status = (phase, number, more = {}) => ({
  phase,
  number,
  reason: phase === "running" ? "" : "SIGTERM",
  open: 7,
  stragglers: 0,
  announceMillis: 0,
  leftMillis: 0,
  cancellable: false,
  line: `${phase} line`,
  ...more,
});

const REPORT = { line: "Drained in 0.409 s after SIGTERM: 7 connections completed" };

let answers;
let drain;
let calls;

beforeEach(() => {
  clear();
  answers = { "v1/drain": status("running", 0), "v1/drain/report": new Promise(() => {}) };
  calls = { reached: 0, lost: 0, asked: [] };
  const answer = async (path) => {
    calls.asked.push(path);
    const given = await answers[path];
    if (given instanceof Error) {
      throw given;
    }
    return given;
  };
  const api = { get: answer, await: answer, delete: (path) => answer(`delete ${path}`) };
  drain = new Drain(api, { reached: () => calls.reached++, lost: () => calls.lost++ });
});

afterEach(() => drain.stop());

const until = (condition) =>
  eventually(condition, () => `${JSON.stringify(shown("state").textContent)}, ${shown("drain-line").textContent}`);

function says(text) {
  drain.start();
  return until(() => shown("drain-line").textContent.includes(text));
}

test("a server that runs can be stopped, and not be cancelled", async () => {
  await says("7 connections open");

  assert.equal(shown("state").dataset.state, "running");
  assert.equal(shown("stop").hidden, false);
  assert.equal(shown("cancel").hidden, true);
  assert.equal(shown("phases").hidden, true);
  assert.equal(calls.reached, 1);
});

test("a drain is shown by its phase, who is left, and how long at most", async () => {
  answers["v1/drain"] = status("connections", 4, { stragglers: 1, leftMillis: 12_000 });
  await says("Told to end by SIGTERM: 7 open, 1 straggler, 12 s left at most.");

  assert.equal(shown("state").textContent, "Draining: 7 open");
  assert.deepEqual(
    shown("phases").children.map(({ className }) => className),
    ["done", "done", "done", "now", ""],
  );
  assert.equal(shown("stop").hidden, true);
});

test("what is announced can be cancelled, and says for how long", async () => {
  answers["v1/drain"] = status("announcing", 1, { announceMillis: 8_000, cancellable: true });
  drain.start();
  await until(() => shown("state").textContent === "Announcing its end: 8.0 s left");
  assert.equal(shown("cancel").hidden, false);

  answers["delete v1/drain"] = status("running", 0);
  answers["v1/drain"] = status("running", 0);
  shown("cancel").listeners.click();

  await until(() => shown("drain-note").textContent === "Cancelled: the server runs on.");
  assert.equal(shown("state").dataset.state, "running");
});

test("of a server that is gone there is the report, if it was seen", async () => {
  let reported;
  answers["v1/drain/report"] = new Promise((resolve) => (reported = resolve));
  answers["v1/drain"] = status("connections", 4);
  await says("7 open");
  reported(REPORT);
  await until(() => !shown("report").hidden);
  answers["v1/drain"] = new Unreachable("gone");
  await says("This is its report");

  assert.equal(shown("state").textContent, "The server is gone");
  assert.equal(shown("report").textContent, REPORT.line);
  assert.deepEqual(
    shown("phases").children.map(({ className }) => className),
    ["done", "done", "done", "done", ""],
    "whether the store was closed is not known",
  );
  assert.equal(calls.lost, 1);
});

test("of a server that is gone before it could report there is the last that it said", async () => {
  answers["v1/drain"] = status("connections", 4);
  await says("7 open");
  answers["v1/drain/report"] = new Unreachable("gone");
  answers["v1/drain"] = new Unreachable("gone");
  await says("its report was not seen. The last that it said, at");

  assert.match(shown("drain-line").textContent, /: connections line\.$/);
  assert.equal(shown("state").textContent, "The server cannot be reached");
  assert.equal(shown("report").hidden, true);
});

test("a server that a proxy does not reach is not there", async () => {
  await says("7 connections open");
  answers["v1/drain"] = new Refusal(502, "http-502", "The answer has status 502.");
  await says("Whether it has ended cannot be told from here.");

  assert.equal(shown("state").dataset.state, "gone");
  assert.equal(calls.lost, 1);
});

test("of a server that ran when it was last heard nobody says that it has ended", async () => {
  await says("7 connections open");
  answers["v1/drain"] = new Unreachable("gone");
  await says("Whether it has ended cannot be told from here.");

  answers["v1/drain"] = status("running", 0, { open: 3 });
  await says("3 connections open");
  assert.equal(calls.reached, 2);
});

test("a server that opens its store says so, and nothing is lost by that", async () => {
  answers["v1/drain"] = new Refusal(503, "starting", "the store is being opened");
  drain.start();
  await until(() => shown("state").textContent.startsWith("Starting"));

  assert.equal(calls.lost, 0);
  assert.equal(calls.reached, 0);
});

test("a server that has taken over is not shown with the report of the one before, and its own is waited for", async () => {
  answers["v1/drain"] = status("connections", 4);
  answers["v1/drain/report"] = REPORT;
  await says("7 open");
  await until(() => !shown("report").hidden);
  answers["v1/drain"] = new Refusal(503, "starting", "the store is being opened");
  answers["v1/drain/report"] = new Promise(() => {});
  await until(() => shown("state").dataset.state === "starting");
  answers["v1/drain"] = status("running", 0, { open: 3 });
  await until(() => shown("state").dataset.state === "running");

  assert.equal(shown("report").hidden, true);
  assert.equal(shown("phases").hidden, true);
  assert.equal(shown("drain-line").textContent, "3 connections open.");
  assert.deepEqual(calls.asked.filter((path) => path === "v1/drain/report").length, 2);
  assert.deepEqual([calls.reached, calls.lost], [2, 1]);
});

test("nor is one that was never seen to start", async () => {
  answers["v1/drain"] = status("connections", 4);
  answers["v1/drain/report"] = REPORT;
  await says("7 open");
  await until(() => !shown("report").hidden);
  answers["v1/drain/report"] = new Promise(() => {});
  answers["v1/drain"] = status("running", 0, { open: 3 });
  await says("3 connections open.");

  assert.equal(shown("report").hidden, true);
  assert.deepEqual([calls.reached, calls.lost], [2, 1]);
});

test("a report that comes late is not that of the server that runs meanwhile", async () => {
  let reported;
  answers["v1/drain/report"] = new Promise((resolve) => (reported = resolve));
  await says("7 connections open");
  answers["v1/drain"] = new Unreachable("gone");
  await says("It has not answered");
  const former = reported;
  answers["v1/drain/report"] = new Promise(() => {});
  answers["v1/drain"] = status("running", 0, { open: 3 });
  await says("3 connections open.");
  former(REPORT);
  await new Promise(setImmediate);

  assert.equal(shown("report").hidden, true);
});

test("of a server that is told to be another one no report is kept", async () => {
  answers["v1/drain"] = status("announcing", 1);
  answers["v1/drain/report"] = REPORT;
  drain.start();
  await until(() => shown("report").textContent === REPORT.line);
  answers["v1/drain/report"] = new Promise(() => {});
  drain.another();
  await until(() => shown("report").hidden);

  assert.equal(calls.asked.filter((path) => path === "v1/drain/report").length, 2);
});

test("who leaves sees nothing of it any more, nor what is answered later", async () => {
  answers["v1/drain"] = status("connections", 4);
  answers["v1/drain/report"] = REPORT;
  await says("7 open");
  let late;
  answers["v1/drain"] = new Promise((resolve) => (late = resolve));
  const times = calls.asked.length;
  await until(() => calls.asked.length > times);

  drain.stop();
  late(status("connections", 4));
  await new Promise(setImmediate);

  assert.deepEqual([shown("drain-line").textContent, shown("report").textContent], ["", ""]);
  assert.equal(shown("state").textContent, "Connecting…");
  assert.equal(calls.reached, 1);
});

test("what is asked before a stop is what comes of it", () => {
  const forecast = { connections: 2, lagging: 0, stuck: 1, announceMillis: 0, likelyMillis: 20_300, longestMillis: 20_300 };
  const unlike = { ...forecast, announceMillis: 5_000, likelyMillis: 25_300, longestMillis: 25_300 };

  assert.match(asked(forecast, 0), /and 20\.3 s at most until every .* begins at once, and cannot be cancelled/);
  assert.match(asked(forecast, 30_000), /about 50\.3 s if .* 50\.3 s at most .* announced for 30 s: .* can be cancelled/);
  assert.match(asked(unlike, 0), /25\.3 s at most .* announced for 5\.0 s: .* can be cancelled/);
  assert.match(asked(unlike, 30_000), /50\.3 s at most .* announced for 30 s: /);
  assert.match(foretold(unlike, 1_000), /^2 connections, 0 lagging, 1 stuck: a stop takes about 25\.3 s/);
});
