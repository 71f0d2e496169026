import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tidegate } from "../../main/js/client.js";
import { clientsOf } from "./clients.mjs";
import { snapshot, until } from "./server.mjs";
import { ScriptedSocket, accepted, socket } from "./socket.mjs";

let server;

const client = clientsOf((started) => (server = started), tidegate);

/** Each time another function, with the same text. */
const tokenOf = (user) => () => user.token;

test("each user reads and writes as himself, whose token is asked for by a function of the same text", async () => {
  const users = [{ token: "anne" }, { token: "bert" }].map((user) => client({ getToken: tokenOf(user) }));
  assert.notEqual(users[0], users[1]);
  for (const [user, name] of [[users[0], "anne"], [users[1], "bert"]]) {
    const map = user.follow("orders");
    const stream = await server.asked();
    assert.equal(stream.headers.authorization, `Bearer ${name}`);
    stream.send(...snapshot(7, { "orders/of": name }));
    await map.ready;
    assert.equal(map.get("orders/of"), name);
    const put = user.put("orders/by", name);
    const asked = await server.asked();
    assert.equal(asked.headers.authorization, `Bearer ${name}`);
    asked.answer(201, "", { "Tidegate-Position": "e:8" });
    await put;
  }
});

test("each writer shows the token of its user", async () => {
  ScriptedSocket.opened = [];
  const writers = ["anne", "bert"].map((token) => client({ writer: true, WebSocket: ScriptedSocket, getToken: tokenOf({ token }) }));
  for (const [i, name] of ["anne", "bert"].entries()) {
    const outcome = writers[i].put("orders/by", name);
    const opened = (await socket(i + 1)).begin();
    assert.equal(opened.sent[0], `auth ${name}`);
    opened.says({ event: "authenticated" }, accepted(7));
    await outcome;
  }
});

test("who gives the same functions and the same values shares a client", () => {
  const options = { getToken: tokenOf({}), backoff: () => 1, parse: (text) => text, WebSocket: ScriptedSocket, token: "t", silence: 9 };
  const first = client(options);
  assert.equal(client({ ...options }), first);
  assert.equal(tidegate(server.url + "/", { ...options }), first);
  assert.equal(client({}), client());
  assert.equal(client({ token: undefined }), client());
});

test("another function is another client, whichever option it is, and so is another object", () => {
  class Other extends ScriptedSocket {}
  const some = {
    getToken: tokenOf({}),
    backoff: () => 1,
    parse: (text) => text,
    WebSocket: ScriptedSocket,
    signal: AbortSignal.timeout(1),
    fetch: () => fetch(),
  };
  const others = {
    getToken: tokenOf({}),
    backoff: () => 1,
    parse: (text) => text,
    WebSocket: Other,
    signal: AbortSignal.timeout(1),
    fetch: () => fetch(),
  };
  const first = client(some);
  for (const [name, other] of Object.entries(others)) {
    const second = client({ ...some, [name]: other });
    assert.notEqual(second, first, name);
    assert.equal(client({ ...some, [name]: other }), second, name);
    assert.notEqual(client({ [name]: other }), client(), name);
  }
});

test("what has another name, or is a value that looks like it, is another client", () => {
  const one = () => 1;
  assert.notEqual(client({ backoff: one }), client({ getToken: one }));
  assert.notEqual(client({ backoff: one, getToken: two }), client({ backoff: two, getToken: one }));
  for (const value of [1, [1], "1", null, {}]) {
    assert.notEqual(client({ backoff: one }), client({ backoff: value }), JSON.stringify(value));
  }
  assert.notEqual(client({ token: "1" }), client({ token: 1 }));
  assert.notEqual(tidegate(server.url), tidegate("http://127.0.0.1:1"));
});

const two = () => 2;

test("of a user who has gone nothing is kept, although nobody has closed his client", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const userOf = (token) => {
    const user = { token };
    const asked = tidegate(server.url, { backoff: two, getToken: tokenOf(user) });
    return { user: new WeakRef(user), read: asked.get("orders/1") };
  };
  const { user, read } = userOf("t");
  (await server.asked()).answer(200, "1", { ETag: '"e:7"' });
  assert.equal((await read).value, 1);
  await until(() => (collect(), user.deref() === undefined), "the user is collected");
});

test("a client that is closed is given to nobody any more, and no other one goes with it", async () => {
  const options = { getToken: tokenOf({ token: "t" }), backoff: two };
  const first = client(options);
  const other = client({ ...options, getToken: tokenOf({ token: "t" }) });
  await first.close();
  const next = client(options);
  assert.notEqual(next, first);
  assert.equal(client(options), next);
  assert.equal(client(), client());
  assert.notEqual(other, next);
});
