import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { tidegate } from "../../main/js/client.js";
import { until } from "./server.mjs";
import { ScriptedSocket, accepted, refusal, socket } from "./socket.mjs";

let client;

beforeEach(() => (ScriptedSocket.opened = []));
afterEach(() => client.close());

function writer(options) {
  client = tidegate("http://127.0.0.1:1", { writer: true, WebSocket: ScriptedSocket, backoff: () => 1, ...options });
  return client;
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

// ---- who is not connected yet

test("a token that is not to be had is asked for again, each time after a longer wait", async () => {
  const tries = [];
  const answers = [() => Promise.reject(new Error("later")), () => assert.fail("later"), () => "t"];
  writer({ getToken: () => answers.shift()(), backoff: (count) => (tries.push(count), 1) });
  const outcome = client.put("orders/a", 1, { id: "x", signal: new AbortController().signal });
  const opened = (await socket()).begin();
  assert.deepEqual(tries, [0, 1]);
  assert.deepEqual(opened.sent, ["auth t", "put orders a @id=x 1"]);
  opened.says({ event: "authenticated" }, accepted(7));
  assert.deepEqual(await outcome, { seq: 7 });
});

test("a WebSocket that is not to be had is tried again, and so is what was made meanwhile", async () => {
  let failures = 2;
  class Failing extends ScriptedSocket {
    constructor(url) {
      if (failures-- > 0) {
        throw new Error("no more of them");
      }
      super(url);
    }
  }
  const tries = [];
  // Long enough for the first one to be seen before the second.
  writer({ WebSocket: Failing, backoff: (count) => (tries.push(count), 50) });
  const outcomes = [client.put("orders/a", 1, { id: "x" })];
  await until(() => tries.length === 1);
  outcomes.push(client.put("orders/b", 2, { id: "y" }));
  const opened = (await socket()).begin();
  assert.deepEqual(tries, [0, 1]);
  assert.deepEqual(opened.sent, ["put orders a @id=x 1", "put orders b @id=y 2"]);
  opened.says(accepted(7), accepted(8));
  await Promise.all(outcomes);
});

test("who has given up, or has closed it, asks for no token any more", async () => {
  let asked = 0;
  const failing = () => (asked++, Promise.reject(new Error("never")));
  writer({ getToken: failing, backoff: () => 20 });
  const patience = new AbortController();
  const given = client.put("orders/a", 1, { signal: patience.signal });
  await until(() => asked === 2);
  patience.abort();
  await assert.rejects(given, { code: "outcome-unknown" });
  await pause(60);
  assert.equal(asked, 2);

  const closed = client.put("orders/a", 1);
  await until(() => asked === 3);
  await Promise.all([client.close(), assert.rejects(closed, { code: "closed" })]);
  await pause(60);
  assert.equal(asked, 3);
});

// ---- who sends too much

test("a change that is longer than a message may be is refused at once, and what is behind it goes on", async () => {
  writer({ token: "t" });
  const lines = [1, "ä".repeat(60), "b".repeat(100)];
  const [short, longest, long] = lines.map((value, at) => client.put("orders/a", value, { id: String(at) }));
  const first = (await socket()).begin();
  first.close(1009, "longer than 100 bytes");
  await assert.rejects(longest, { code: "too-large", isFinal: true, message: "longer than 100 bytes" });
  const second = (await socket(2)).begin();
  assert.deepEqual(second.sent, ["auth t", "put orders a @id=0 1", `put orders a @id=2 "${"b".repeat(100)}"`]);
  second.close(1009);
  await assert.rejects(long, { code: "too-large" });
  const third = (await socket(3)).begin();
  third.says({ event: "authenticated" }, accepted(7));
  assert.deepEqual(await short, { seq: 7 });
});

test("a socket that is closed by whatever else is no refusal", async () => {
  writer();
  const outcome = client.put("orders/a", 1, { id: "x" });
  (await socket()).begin().close(1002);
  (await socket(2)).begin().says(accepted(7));
  assert.deepEqual(await outcome, { seq: 7 });
});

// ---- who is not answered

/** One of a path that leads nowhere any more: not even its end is heard of. */
class DeadSocket extends ScriptedSocket {
  close() {
    this.isLeft = true;
  }
}

test("a server that owes answers and is silent for too long is left, and they are asked for under the same ids", async () => {
  writer({ WebSocket: DeadSocket, silence: 50 });
  const outcomes = ["a", "b"].map((key) => client.put(`orders/${key}`, 1, { id: key }));
  const first = (await socket()).begin();
  first.says(accepted(7));
  const second = (await socket(2)).begin();
  assert.ok(first.isLeft);
  assert.deepEqual(second.sent, ["put orders b @id=b 1"]);
  // Nothing of what comes by it now counts.
  first.says(accepted(1));
  first.onclose();
  second.says(accepted(8));
  assert.deepEqual((await Promise.all(outcomes)).map(({ seq }) => seq), [7, 8]);
  assert.equal(ScriptedSocket.opened.length, 2);
});

test("what is sent on and on does not put off that a silent server is left", async () => {
  writer({ WebSocket: DeadSocket, silence: 100 });
  const outcomes = [client.put("orders/0", 1, { id: "0" })];
  const first = (await socket()).begin();
  while (!first.isLeft) {
    assert.ok(outcomes.length < 200, "it is not left");
    outcomes.push(client.put(`orders/${outcomes.length}`, 1, { id: String(outcomes.length) }));
    await pause(10);
  }
  const second = (await socket(2)).begin();
  await until(() => second.sent.length === outcomes.length);
  assert.equal(second.sent[0], "put orders 0 @id=0 1");
  second.says(...outcomes.map((_, i) => accepted(i)));
  assert.deepEqual((await Promise.all(outcomes)).map(({ seq }) => seq), outcomes.map((_, i) => i));
});

test("a WebSocket that does not come to be is left for another one", async () => {
  writer({ WebSocket: DeadSocket, silence: 50 });
  const outcome = client.put("orders/a", 1, { id: "x" });
  const first = await socket();
  const second = (await socket(2)).begin();
  assert.ok(first.isLeft);
  first.begin();
  assert.deepEqual(first.sent, []);
  assert.deepEqual(second.sent, ["put orders a @id=x 1"]);
  second.says(accepted(7));
  assert.deepEqual(await outcome, { seq: 7 });
});

test("a token that nobody answers to is shown to another socket", async () => {
  writer({ WebSocket: DeadSocket, silence: 50, token: "t" });
  const outcome = client.put("orders/a", 1, { id: "x" });
  (await socket()).begin();
  const second = (await socket(2)).begin();
  assert.deepEqual(second.sent, ["auth t", "put orders a @id=x 1"]);
  second.says({ event: "authenticated" }, accepted(7));
  assert.deepEqual(await outcome, { seq: 7 });
});

test("a server that answers one by one is not left, however long all of it takes", async () => {
  writer({ silence: 400 });
  const outcomes = [1, 2, 3, 4, 5, 6].map((id) => client.put("orders/a", id, { id: String(id) }));
  const opened = (await socket()).begin();
  for (const i of outcomes.keys()) {
    await pause(100);
    opened.says(accepted(i));
  }
  await Promise.all(outcomes);
  assert.equal(ScriptedSocket.opened.length, 1);
});

test("a server that owes nothing may be silent", async () => {
  writer({ silence: 30, token: "t", backoff: () => 120 });
  let outcome = client.put("orders/a", 1, { id: "x" });
  const opened = (await socket()).begin();
  opened.says({ event: "authenticated" }, accepted(7));
  await outcome;
  await pause(90);
  assert.equal(opened.readyState, 1);
  // What is to be sent later is not owed meanwhile.
  outcome = client.put("orders/a", 2, { id: "y" });
  await until(() => opened.sent.length === 3);
  opened.says(refusal("unavailable"));
  await until(() => opened.sent.length === 4);
  assert.equal(opened.readyState, 1);
  opened.says(accepted(8));
  assert.deepEqual(await outcome, { seq: 8 });
  assert.equal(ScriptedSocket.opened.length, 1);
});

test("an answer that nobody waits for any more is owed too, and is not asked for again", async () => {
  writer({ WebSocket: DeadSocket, silence: 50 });
  const patience = new AbortController();
  const given = client.put("orders/a", 1, { id: "x", signal: patience.signal });
  const first = (await socket()).begin();
  patience.abort();
  await assert.rejects(given, { code: "outcome-unknown" });
  const next = client.put("orders/a", 2, { id: "y" });
  const second = (await socket(2)).begin();
  assert.ok(first.isLeft);
  assert.deepEqual(second.sent, ["put orders a @id=y 2"]);
  second.says(accepted(7));
  assert.deepEqual(await next, { seq: 7 });
});

test("a writer that is closed waits for no answer, and nobody is connected to", async () => {
  writer({ WebSocket: DeadSocket, silence: 30 });
  const outcome = client.put("orders/a", 1);
  (await socket()).begin();
  await Promise.all([client.close(), assert.rejects(outcome, { code: "closed" })]);
  await pause(90);
  assert.equal(ScriptedSocket.opened.length, 1);
});
