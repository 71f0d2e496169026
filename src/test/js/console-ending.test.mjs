import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { clear, shown, until as eventually } from "./page.mjs";
const { Refusal } = await import("../../main/resources/io/tidegate/admin/console/api.js");
const { confirmed, dismiss } = await import("../../main/resources/io/tidegate/admin/console/confirm.js");
const { Connections } = await import("../../main/resources/io/tidegate/admin/console/connections.js");
const { Ends } = await import("../../main/resources/io/tidegate/admin/console/ends.js");

const { SignIn } = await import("../../main/resources/io/tidegate/admin/console/sign-in.js");

const row = (id, more) => ({ id, peer: `10.0.0.${id}:1`, listener: "tcp", transport: "tcp", state: "OPEN", ...more });
const entry = (id) => ({ id, outcome: "completed", reason: "closed", bytesUnsent: 0, bytesSent: 0, endedAt: 0, peer: "" });

const MISSING_MS = 50;

let answers;
let deleted;
let said;
let ends;
let connections;

beforeEach(() => {
  clear();
  answers = { "v1/connections": [row(1), row(2), row(3)], "v1/connections/ended": [] };
  deleted = [];
  said = "";
  const api = {
    get: async (path) => answers[path.split("?")[0]],
    delete: async (path) => {
      deleted.push(path);
      return answers.delete?.(path) ?? { connections: path.split("&")[0].split(",").length };
    },
  };
  const told = (text) => (said = text);
  ends = new Ends(api, told, MISSING_MS);
  connections = new Connections(api, ends, told);
});

afterEach(() => {
  connections.stop();
  ends.stop();
});

const until = (condition) => eventually(condition, () => JSON.stringify([shown("counts").textContent, said]));

async function look() {
  connections.start();
  ends.start();
  await until(() => shown("counts").textContent.includes("connection"));
}

async function answered(how) {
  await until(() => shown("confirm").open);
  shown("confirm").close(how);
}

test("a click is on the row that is seen, wherever that is by now", async () => {
  await look();
  const body = shown("grid").children[1];
  const click = (id) => body.listeners.click({ shiftKey: false, target: { closest: () => ({ id: `row-${id}`, dataset: { at: String(id - 1) } }) } });
  answers["v1/connections"] = [row(2), row(3)];
  await until(() => shown("counts").textContent.startsWith("2 connections"));
  click(1);
  assert.equal(shown("counts").textContent, "2 connections, 0 selected");
  click(2);
  assert.equal(shown("counts").textContent, "2 connections, 1 selected");
  shown("close").click();
  await until(() => deleted.length === 1);
  assert.equal(deleted[0], "v1/connections?id=2&how=close");
});

test("who is selected on one server is not selected on the next, which gives the same numbers to others", async () => {
  await look();
  shown("all").click();
  assert.equal(shown("counts").textContent, "3 connections, 3 selected");

  connections.stop();

  assert.equal(shown("counts").textContent, "");
  assert.equal(shown("close").disabled, true);
  await look();
  assert.equal(shown("counts").textContent, "3 connections, 0 selected");
});

test("a question about connections is not open any more when another server answers", async () => {
  await look();
  shown("all").click();
  const ending = shown("close").click();
  await until(() => shown("confirm").open);

  connections.clear();
  await ending;

  assert.equal(shown("confirm").open, false);
  assert.deepEqual(deleted, []);
});

test("of those who are awaited nobody says how they ended on another server", async () => {
  await look();
  shown("all").click();
  shown("close").click();
  await answered("do");
  await until(() => said === "close of 3 connections: 3 not ended yet");

  ends.clear();
  answers["v1/connections/ended"] = [entry(1), entry(2), entry(3)];

  assert.equal(said, "close of 3 connections: 3 unknown: another server answers, or none");
  await until(() => shown("no-ends").hidden);
  assert.match(said, /3 unknown/);
});

test("one thing is asked at a time, and what is not meant any more is not asked", async () => {
  const first = confirmed({ title: "Abort?", text: "", action: "Abort" });
  await assert.rejects(confirmed({ title: "Stop?", text: "", action: "Stop", word: "stop" }), /answer that first/);
  assert.equal(shown("confirm-title").textContent, "Abort?");
  dismiss();
  assert.equal(await first, false);

  const next = confirmed({ title: "Stop?", text: "", action: "Stop" });
  shown("confirm").close("do");
  assert.equal(await next, true);
});

test("who signs out sees nothing from then on, whether the server answers or not", () => {
  const calls = [];
  new SignIn({ signOut: () => calls.push("forgotten"), isSomebody: true }, () => calls.push(shown("panels").hidden)).let();
  assert.deepEqual([shown("panels").hidden, shown("sign-out").hidden], [false, false]);

  shown("sign-out").click();

  assert.deepEqual(calls, ["forgotten", true]);
  assert.equal(shown("sign-out").hidden, true);
});

test("what was seen of ends is gone when somebody else looks", async () => {
  answers["v1/connections/ended"] = [entry(1)];
  await look();
  await until(() => shown("ends").children.length === 1);

  ends.stop();
  ends.empty();
  assert.equal(shown("ends").children.length, 0);
  ends.start();

  await until(() => shown("ends").children.length === 1);
});

test("who is open no more and not in the ledger either is given up, and who is open is not", async () => {
  await look();
  shown("all").click();
  shown("close").click();
  await answered("do");
  await until(() => said.endsWith("3 not ended yet"));

  answers["v1/connections"] = [row(2)];
  answers["v1/connections/ended"] = [entry(3)];
  const unknown = "1 unknown: the ledger does not have them any more";
  await until(() => said === `close of 3 connections: 1 completed (closed), 0 bytes left, ${unknown}, 1 not ended yet`);
  answers["v1/connections"] = [];
  answers["v1/connections/ended"] = [entry(3), entry(2)];

  await until(() => said === `close of 3 connections: 2 completed (closed), 0 bytes left, ${unknown}`);
});

test("if some of many cannot be told, it is said what became of the others, and they stay selected", async () => {
  answers["v1/connections"] = Array.from({ length: 502 }, (_, at) => row(at + 1));
  answers.delete = (path) => {
    if (path.includes("id=501")) {
      throw new Refusal(503, "busy", "too much at once");
    }
    return { connections: 500 };
  };
  await look();
  shown("all").click();
  shown("close").click();
  await answered("do");

  const what = "close of 500 connections, not of the other 2 (too much at once)";
  await until(() => said === `${what}: 500 not ended yet`);
  assert.equal(deleted.length, 2);
  assert.equal(shown("counts").textContent, "502 connections, 2 selected");
});

test("if none can be told, it is said why, and they stay selected", async () => {
  answers.delete = () => {
    throw new Refusal(503, "busy", "too much at once");
  };
  await look();
  shown("all").click();
  shown("close").click();
  await answered("do");

  await until(() => said === "close: too much at once");
  assert.equal(shown("counts").textContent, "3 connections, 3 selected");
});

test("it is said that some are ended whom the filter hides", async () => {
  await look();
  shown("all").click();
  shown("filter").value = "10.0.0.2";
  shown("filter").listeners.input();
  assert.equal(shown("counts").textContent, "3 connections, 1 shown, 3 selected, 2 of them not shown");

  shown("close").click();
  await until(() => shown("confirm").open);

  assert.match(shown("confirm-text").textContent, /may be cut\. 2 of them not shown\.$/);
  shown("confirm").close("");
});
