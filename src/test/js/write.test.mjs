import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { tidegate } from "../../main/js/client.js";
import { ScriptedServer, until } from "./server.mjs";
import { ScriptedSocket, accepted, refusal, socket } from "./socket.mjs";

let server;
let client;
const backoff = () => 1;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = tidegate(server.url, { token: "t", backoff: () => 1 });
});

afterEach(async () => {
  await client.close();
  server.stop();
});

test("a put is sent again under the same id until its outcome is known", async () => {
  const outcome = client.put("cities/New York/1", { people: 8335897 });
  const first = await server.asked();
  assert.equal(first.method, "PUT");
  assert.equal(first.path, "/v1/documents/cities/New%20York%2F1");
  assert.equal(first.headers["content-type"], "application/json");
  assert.equal(first.headers.authorization, "Bearer t");
  assert.equal(await first.body, '{"people":8335897}');
  assert.match(first.headers["idempotency-key"], /^"[0-9a-z-]{20,}"$/);
  first.cut();
  for (const [status, code] of [[503, "draining"], [504, "outcome-unknown"], [429, "too-many-failures"]]) {
    const again = await server.asked();
    assert.equal(again.headers["idempotency-key"], first.headers["idempotency-key"]);
    again.refuse(status, code);
  }
  // The rest of the head was cut.
  (await server.asked()).answer(201);
  (await server.asked()).answer(201, "", { "Tidegate-Position": "e:12" });
  assert.deepEqual(await outcome, { position: "e:12", seq: 12 });
});

test("a change may be on condition, and have an id of its own", async () => {
  const put = client.put("orders/1", 1, { ifMatch: "e:7", id: "mine" });
  let asked = await server.asked();
  assert.equal(asked.headers["if-match"], '"e:7"');
  assert.equal(asked.headers["idempotency-key"], '"mine"');
  asked.refuse(412, "precondition-failed", { ETag: '"e:9"' });
  await assert.rejects(put, { code: "precondition-failed", status: 412, position: "e:9", isFinal: true });

  const deleted = client.delete("orders/1", { ifMatch: "*" });
  asked = await server.asked();
  assert.equal(asked.method, "DELETE");
  assert.equal(asked.headers["if-match"], "*");
  asked.answer(204, "", { "Tidegate-Position": "e:10" });
  assert.equal((await deleted).seq, 10);

  const made = client.put("orders/1", 1, { ifNoneMatch: "*" });
  asked = await server.asked();
  assert.equal(asked.headers["if-none-match"], "*");
  asked.answer(201, "", { "Tidegate-Position": "e:11" });
  await made;
});

test("who gives up is told that the outcome is unknown", async () => {
  const patience = new AbortController();
  const outcome = assert.rejects(client.put("orders/1", 1, { signal: patience.signal }), { code: "outcome-unknown" });
  await server.asked();
  patience.abort();
  await outcome;
});

test("who gives up does not wait for the next try", async () => {
  const patience = new AbortController();
  const begun = performance.now();
  const outcome = assert.rejects(client.put("orders/1", 1, { signal: patience.signal }), { code: "outcome-unknown" });
  (await server.asked()).refuse(503, "unavailable", { "Retry-After": "5" });
  setTimeout(() => patience.abort(), 100);
  await outcome;
  assert.ok(performance.now() - begun < 4_000);
  assert.equal(server.unasked, 0);
});

test("what is refused for good is not sent again", async () => {
  const outcome = client.put("orders/1", 1);
  (await server.asked()).refuse(403, "forbidden");
  await assert.rejects(outcome, { code: "forbidden", message: "that is forbidden" });
  await assert.rejects(client.put("orders", 1), { code: "bad-request" });
  await assert.rejects(client.put("orders/1", undefined), { code: "invalid-json" });
  assert.equal(server.unasked, 0);
});

test("one document is read with its position, or is not there", async () => {
  let read = client.get("orders/1");
  (await server.asked()).answer(200, '{"qty":1.10}\n', { ETag: '"e:7"' });
  assert.deepEqual(await read, { value: { qty: 1.1 }, text: '{"qty":1.10}', position: "e:7" });
  read = client.get("orders/2");
  (await server.asked()).refuse(404, "not-found");
  assert.equal(await read, undefined);
});

test("what a silent server does not answer is sent again under the same id", async () => {
  await client.close();
  client = tidegate(server.url, { silence: 500, backoff });
  const { signal } = new AbortController();
  const outcome = client.put("orders/1", 1, { id: "x", signal });
  let asked = await server.asked();
  await asked.ended;
  asked = await server.asked();
  assert.equal(asked.headers["idempotency-key"], '"x"');
  // The head of a refusal, and no more.
  asked.response.writeHead(503, { "Content-Type": "application/problem+json" });
  asked.raw('{"status":');
  await asked.ended;
  asked = await server.asked();
  assert.equal(asked.headers["idempotency-key"], '"x"');
  asked.answer(201, "", { "Tidegate-Position": "e:12" });
  assert.equal((await outcome).seq, 12);
});

test("a document that a silent server does not give is not waited for", async () => {
  await client.close();
  client = tidegate(server.url, { silence: 100, backoff });
  let read = client.get("orders/1");
  await server.asked();
  await assert.rejects(read, { name: "Error", code: "offline" });
  read = client.get("orders/1");
  const asked = await server.asked();
  asked.response.writeHead(200, { ETag: '"e:7"' });
  asked.raw('{"qty":');
  await assert.rejects(read, { code: "offline" });
  await asked.ended;
});

test("a document of a server where nobody is is not waited for", async () => {
  await client.close();
  client = tidegate("http://127.0.0.1:1", { backoff });
  await assert.rejects(client.get("orders/1"), { code: "offline" });
});

test("who gives up reading a document is told so as he has said", async () => {
  const patience = new AbortController();
  let read = client.get("orders/1", { signal: patience.signal });
  const asked = await server.asked();
  patience.abort(new Error("mine"));
  await assert.rejects(read, { message: "mine" });
  await asked.ended;
  read = client.get("orders/1", { signal: patience.signal });
  await assert.rejects(read, { message: "mine" });
  assert.equal(server.unasked, 0);
});

test("a token that is long in coming is no silence of the server", async () => {
  await client.close();
  client = tidegate(server.url, { silence: 500, backoff, getToken: () => new Promise((resolve) => setTimeout(resolve, 600, "late")) });
  const read = client.get("orders/1");
  const asked = await server.asked();
  assert.equal(asked.headers.authorization, "Bearer late");
  asked.answer(200, "1", { ETag: '"e:7"' });
  assert.equal((await read).value, 1);
});

async function writer(options) {
  ScriptedSocket.opened = [];
  await client.close();
  client = tidegate(server.url, { writer: true, WebSocket: ScriptedSocket, backoff: () => 1, ...options });
  return client;
}

test("a writer sends changes by a WebSocket without waiting for the answers", async () => {
  await writer({ token: "t" });
  const outcomes = [client.put("orders/a b", { qty: 1 }, { id: "x" }), client.delete("orders/c", { id: "y" })];
  const opened = (await socket()).begin();
  assert.equal(opened.url, server.url.replace("http", "ws") + "/v1/socket");
  assert.deepEqual(opened.sent, ["auth t", 'put orders a%20b @id=x {"qty":1}', "delete orders c @id=y"]);
  opened.says({ event: "authenticated" }, accepted(7));
  opened.says({ event: "error", code: "forbidden", message: "no" });
  assert.deepEqual(await outcomes[0], { seq: 7 });
  await assert.rejects(outcomes[1], { code: "forbidden" });
  const third = client.put("orders/d", 1, { id: "z" });
  await until(() => opened.sent.length === 4);
  opened.says(accepted(8));
  assert.deepEqual(await third, { seq: 8 });
});

test("what a WebSocket leaves without an answer is sent again by the next one", async () => {
  await writer();
  const outcomes = [1, 2, 3].map((id) => client.put("orders/a", id, { id: String(id) }));
  let opened = (await socket()).begin();
  assert.equal(opened.sent.length, 3);
  opened.says(accepted(7), { event: "error", code: "draining", message: "later" });
  opened.says({ event: "goodbye", reconnectAfterMs: 2 });
  opened.close();
  opened = (await socket(2)).begin();
  assert.deepEqual(opened.sent, ["put orders a @id=2 2", "put orders a @id=3 3"]);
  opened.close();
  opened = (await socket(3)).begin();
  opened.says(accepted(8), accepted(9));
  assert.deepEqual((await Promise.all(outcomes)).map(({ seq }) => seq), [7, 8, 9]);
});

test("what cannot be taken now waits, and what is behind it waits with it", async () => {
  await writer();
  const outcomes = ["a", "b", "c"].map((key) => client.put(`orders/${key}`, 1, { id: key }));
  const opened = (await socket()).begin();
  opened.says(refusal("unavailable"), accepted(7), refusal("outcome-unknown"));
  outcomes.push(client.put("orders/a", 2, { id: "d" }));
  await until(() => opened.sent.length === 6);
  assert.deepEqual(opened.sent.slice(3), ["put orders a @id=a 1", "put orders c @id=c 1", "put orders a @id=d 2"]);
  opened.says(accepted(8), accepted(9), accepted(10));
  assert.deepEqual((await Promise.all(outcomes)).map(({ seq }) => seq), [8, 7, 9, 10]);
});

test("what cannot be taken now does not come behind a later change of the same document", async () => {
  await writer();
  const [older, newer] = [1, 2].map((id) => client.put("orders/a", id, { id: String(id) }));
  const opened = (await socket()).begin();
  opened.says(refusal("outcome-unknown"), accepted(7));
  await assert.rejects(older, { code: "outcome-unknown" });
  assert.deepEqual(await newer, { seq: 7 });
  assert.equal(opened.sent.length, 2);
});

test("an error that ends a socket is the answer to no change, and nothing counts that comes behind it", async () => {
  for (const code of ["too-many-connections", "too-many-failures", "timeout"]) {
    await writer();
    const outcome = client.put("orders/a", 1, { id: "x" });
    let opened = (await socket()).begin();
    opened.says(refusal(code), accepted(6));
    opened = (await socket(2)).begin();
    assert.deepEqual(opened.sent, ["put orders a @id=x 1"], code);
    opened.says(accepted(7));
    assert.deepEqual(await outcome, { seq: 7 }, code);
  }
});

test("a writer that has no other token when one is about to end goes on until it has", async () => {
  const tokens = [Promise.resolve("one"), Promise.reject(new Error("later")), Promise.resolve("two")];
  tokens[1].catch(() => {});
  await writer({ getToken: () => tokens.shift() });
  const outcome = client.put("orders/a", 1, { id: "x" });
  let opened = (await socket()).begin();
  opened.says({ event: "expiring", inMs: 60000 }, { event: "authenticated" });
  opened.says({ event: "goodbye", reason: "expired", reconnectAfterMs: 1 });
  opened.close();
  opened = (await socket(2)).begin();
  assert.deepEqual(opened.sent, ["auth two", "put orders a @id=x 1"]);
  opened.says({ event: "authenticated" }, accepted(7));
  assert.deepEqual(await outcome, { seq: 7 });
});

test("who gives up a change hears no more of it, and what he gave up before is not sent", async () => {
  await writer();
  const patience = new AbortController();
  let listening = 0;
  const { signal } = patience;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...words) => (listening++, add(...words));
  signal.removeEventListener = (...words) => (listening--, remove(...words));
  const given = client.put("orders/a", 1, { id: "x", signal });
  const kept = client.put("orders/b", 1, { id: "y" });
  const opened = (await socket()).begin();
  assert.equal(opened.sent.length, 2);
  patience.abort();
  await assert.rejects(given, { code: "outcome-unknown" });
  assert.equal(listening, 0);
  await assert.rejects(client.put("orders/c", 1, { signal }), { code: "outcome-unknown" });
  opened.says(accepted(7), accepted(8));
  assert.deepEqual(await kept, { seq: 8 });
  assert.equal(opened.sent.length, 2);
});

test("a change that was given up is not sent, and nobody is connected to for it", async () => {
  await writer({ backoff: () => 20 });
  const patience = new AbortController();
  const outcome = client.put("orders/a", 1, { id: "x", signal: patience.signal });
  let opened = await socket();
  patience.abort();
  await assert.rejects(outcome, { code: "outcome-unknown" });
  opened.close();
  const next = client.put("orders/a", 2, { id: "y" });
  opened = (await socket(2)).begin();
  assert.deepEqual(opened.sent, ["put orders a @id=y 2"]);
  opened.says(refusal("unavailable"));
  await until(() => opened.sent.length === 2);
  opened.says(accepted(7));
  assert.deepEqual(await next, { seq: 7 });
  opened.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(ScriptedSocket.opened.length, 2);
});

test("the slot of a goodbye is kept, whatever is waited for besides", async () => {
  await writer();
  const outcome = client.put("orders/a", 1, { id: "x" });
  let opened = (await socket()).begin();
  const left = performance.now();
  opened.says(refusal("unavailable"), { event: "goodbye", reconnectAfterMs: 100 });
  opened.close();
  opened = (await socket(2)).begin();
  assert.ok(performance.now() - left >= 99);
  opened.says(accepted(7));
  await outcome;
});

test("another token that is not taken leaves the socket as it was", async () => {
  const tokens = ["one", "two"];
  await writer({ getToken: () => tokens.shift() });
  const outcome = client.put("orders/a", 1, { id: "x" });
  const opened = (await socket()).begin();
  opened.says({ event: "authenticated" }, accepted(7), { event: "expiring", inMs: 60000 });
  await outcome;
  await until(() => opened.sent.length === 3);
  opened.says(refusal("too-many-connections"));
  const next = client.put("orders/a", 2, { id: "y" });
  await until(() => opened.sent.length === 4);
  opened.says(accepted(8));
  assert.deepEqual(await next, { seq: 8 });
});

test("a writer whose token is about to end shows another one", async () => {
  const tokens = ["one", "two"];
  await writer({ getToken: () => tokens.shift() });
  const outcome = client.put("orders/a", 1, { id: "x" });
  const opened = (await socket()).begin();
  opened.says({ event: "expiring", inMs: 60000 });
  await until(() => opened.sent.length === 3);
  assert.deepEqual(opened.sent, ["auth one", "put orders a @id=x 1", "auth two"]);
  opened.says({ event: "authenticated" }, accepted(7), { event: "authenticated" });
  assert.deepEqual(await outcome, { seq: 7 });
});

test("a writer that is closed owes no answer", async () => {
  await writer();
  const outcome = client.put("orders/a", 1);
  await socket();
  await client.close();
  await assert.rejects(outcome, { code: "closed" });
});

test("nothing that would be another word of a request is sent", async () => {
  await writer();
  for (const name of ["orders", "orders/", "/a", "or ders/a", "orders\nquit/a", "orders/a\nb"]) {
    await assert.rejects(client.put(name, 1), { code: "bad-request" }, name);
  }
  for (const id of ["", "a b", "a\nb", '"', "\\", "x".repeat(129)]) {
    await assert.rejects(client.put("orders/a", 1, { id }), { code: "bad-request" }, id);
  }
  assert.equal(ScriptedSocket.opened.length, 0);
});

test("a change on condition goes by HTTP, from a writer too", async () => {
  await writer();
  const outcome = client.put("orders/a", 1, { ifMatch: "e:7" });
  (await server.asked()).answer(204, "", { "Tidegate-Position": "e:8" });
  assert.equal((await outcome).position, "e:8");
});
