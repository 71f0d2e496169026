import assert from "node:assert/strict";
import { test } from "node:test";
import { tidegate } from "../../main/js/client.js";
import { clientsOf } from "./clients.mjs";
import { ScriptedServer, at, document, gone, goodbye, put, resync, snapshot, until } from "./server.mjs";

let server;

const backoff = () => 1;

const client = clientsOf(
  (started) => (server = started),
  (url, options) => tidegate(url, { backoff, ...options }),
);

/** What is told of a map. */
function told(map) {
  const told = { changes: [], states: [] };
  map.subscribe((changes, { state }) => {
    told.changes.push(...changes.map(({ event, name, seq }) => `${event} ${name}${seq === undefined ? "" : " " + seq}`));
    if (told.states.at(-1) !== state) {
      told.states.push(state);
    }
  });
  return told;
}

const shown = (map) => Object.fromEntries(map);

test("a live map is ready when its snapshot is whole, and follows what changes", async () => {
  const map = client().follow("orders/eu-*");
  const { changes, states } = told(map);
  const stream = await server.asked();
  assert.equal(stream.path, "/v1/follow");
  assert.equal(stream.query, "select=orders/eu-*");
  assert.equal(stream.headers.accept, "application/x-ndjson");
  stream.send(document("orders/eu-1", { qty: 1 }));
  await until(() => map.state === "loading");
  assert.equal(map.size, 0);
  assert.equal(map.position, undefined);
  stream.send(document("orders/eu-2", 2), at("synced", 7), at("subscribed", 7), at("caughtup", 7));
  assert.equal(await map.ready, map);
  assert.deepEqual(shown(map), { "orders/eu-1": { qty: 1 }, "orders/eu-2": 2 });
  assert.equal(map.position, "e:7");

  stream.send(put(8, "orders/eu-3", [3]), gone(9, "orders/eu-1"));
  await until(() => map.position === "e:9");
  assert.deepEqual(shown(map), { "orders/eu-2": 2, "orders/eu-3": [3] });
  stream.send({ event: "heartbeat", seq: 12 }, { event: "from the future" });
  await until(() => map.position === "e:12");
  assert.deepEqual(changes, ["put orders/eu-1", "put orders/eu-2", "put orders/eu-3 8", "delete orders/eu-1 9"]);
  assert.deepEqual(states, ["connecting", "loading", "live"]);
});

test("a stream that is cut within a line goes on behind the last whole one", async () => {
  const map = client().follow("orders");
  const { changes } = told(map);
  let stream = await server.asked();
  stream.send(...snapshot(7, {}), put(8, "orders/a", "ä€😀"));
  await until(() => map.size === 1);
  stream.raw('{"event":"put","seq":9,"collection":"orders","key":"b","value":1}');
  await new Promise((resolve) => setTimeout(resolve, 20));
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&after=e:8");
  stream.send(at("subscribed", 8, "f"), put(8, "orders/a", "again"), put(9, "orders/b", 1), at("caughtup", 9, "f"));
  await until(() => map.position === "f:9");
  assert.deepEqual(shown(map), { "orders/a": "ä€😀", "orders/b": 1 });
  assert.deepEqual(changes, ["put orders/a 8", "put orders/b 9"]);
});

test("pieces of any size make the same events", async () => {
  const map = client().follow("orders");
  const stream = await server.asked();
  const text = [...snapshot(7, { "orders/ä": "€😀" }), put(8, "orders/a", "\n")].map((event) => JSON.stringify(event) + "\n");
  stream.send();
  stream.response.socket.setNoDelay();
  for (const octet of Buffer.from(text.join(""))) {
    stream.response.write(Buffer.from([octet]));
    await new Promise(setImmediate);
  }
  await until(() => map.position === "e:8");
  assert.deepEqual(shown(map), { "orders/ä": "€😀", "orders/a": "\n" });
});

test("a snapshot that is cut short is begun anew, and nothing of it is shown", async () => {
  const map = client().follow("orders");
  let stream = await server.asked();
  stream.send(document("orders/a", 1));
  await until(() => map.state === "loading");
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders");
  stream.send(...snapshot(9, { "orders/b": 2 }));
  await map.ready;
  assert.deepEqual(shown(map), { "orders/b": 2 });
});

test("resync shows what was there until the new snapshot is whole, then tells the difference", async () => {
  const map = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/a": { x: 1 }, "orders/b": 1, "orders/c": 1 }));
  await map.ready;
  const kept = map.get("orders/a");
  await until(() => map.state === "live");
  const { changes, states } = told(map);
  stream.cut();
  stream = await server.asked();
  stream.send(resync, document("orders/a", { x: 1 }), document("orders/c", 2));
  await until(() => states.includes("loading"));
  assert.deepEqual(shown(map), { "orders/a": { x: 1 }, "orders/b": 1, "orders/c": 1 });
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&after=e:7");
  stream.send(resync, ...[document("orders/a", { x: 1 }), document("orders/c", 2)]);
  stream.send(at("synced", 3, "f"), at("subscribed", 3, "f"), at("caughtup", 3, "f"), put(4, "orders/d", 4));
  await until(() => map.position === "f:4");
  assert.deepEqual(shown(map), { "orders/a": { x: 1 }, "orders/c": 2, "orders/d": 4 });
  assert.equal(map.get("orders/a"), kept);
  assert.deepEqual(changes, ["delete orders/b", "put orders/c", "put orders/d 4"]);
});

test("a hundred maps that are opened together share one stream", async () => {
  const maps = Array.from({ length: 100 }, (_, i) => client().follow(`orders/${i}-*`));
  const stream = await server.asked();
  assert.equal(stream.query.split("&").length, 100);
  stream.send(...snapshot(7, { "orders/3-a": 3, "orders/30-a": 30 }));
  await Promise.all(maps.map((map) => map.ready));
  assert.deepEqual(shown(maps[3]), { "orders/3-a": 3 });
  assert.deepEqual(shown(maps[30]), { "orders/30-a": 30 });
  assert.equal(server.unasked, 0);
});

test("one more map is watched on a stream that takes the place of the first", async () => {
  const orders = client().follow("orders/eu-*");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/eu-1": 1, "orders/eu-2": 2 }));
  await until(() => orders.state === "live");
  const all = client().follow("orders");
  assert.equal(all.state, "loading");
  await stream.ended;
  stream = await server.asked();
  assert.equal(stream.query, "select=orders/eu-*&watch=orders&after=e:7");
  stream.send(at("subscribed", 7), put(8, "orders/eu-2", 22), gone(9, "orders/eu-1"), at("caughtup", 9));
  await until(() => orders.position === "e:9");
  assert.equal(orders.state, "live");
  assert.equal(all.size, 0);
  stream.send(document("orders/us-1", 1), at("watching", 10), put(11, "orders/us-2", 2));
  await until(() => all.size === 3);
  assert.deepEqual(shown(all), { "orders/us-1": 1, "orders/eu-2": 22, "orders/us-2": 2 });
  assert.deepEqual(shown(orders), { "orders/eu-2": 22 });

  const same = client().follow("orders");
  await same.ready;
  assert.deepEqual(shown(same), shown(all));
  assert.equal(server.unasked, 0);

  all.close();
  same.close();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders/eu-*&after=e:11");
  assert.equal(all.state, "ended");
});

test("one more map has what a map had that is closed before it is whole", async () => {
  const rates = client().follow("rates");
  const orders = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1, "orders/2": 2, "rates/1": 1 }));
  await orders.ready;
  const more = client().follow("orders", "desks");
  stream = await server.asked();
  assert.equal(stream.query, "select=rates&select=orders&watch=desks&after=e:7");
  stream.send(at("subscribed", 7), at("caughtup", 7));
  await until(() => rates.state === "live");
  orders.close();
  stream.send(put(8, "orders/3", 3), gone(9, "orders/1"), document("desks/1", 1), at("watching", 9));
  await more.ready;
  assert.deepEqual(shown(more), { "orders/2": 2, "orders/3": 3, "desks/1": 1 });
  // All of it is wanted still, so no other stream takes the place of this one by itself.
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=rates&select=orders&select=desks&after=e:9");
});

test("what is changed while a map comes is told as a part of its snapshot", async () => {
  const orders = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1, "orders/2": 2 }));
  await orders.ready;
  const more = client().follow("orders", "desks");
  const { changes } = told(more);
  stream = await server.asked();
  stream.send(at("subscribed", 7), put(8, "orders/2", 22), put(9, "orders/1", 11), at("watching", 9), put(10, "orders/3", 3));
  await until(() => more.size === 3);
  assert.deepEqual(shown(more), { "orders/1": 11, "orders/2": 22, "orders/3": 3 });
  await until(() => changes.length === 3);
  assert.deepEqual(changes, ["put orders/1", "put orders/2", "put orders/3 10"]);
});

test("a map keeps its position while steps are left out, and resumes where it has come to", async () => {
  const map = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1 }));
  await until(() => map.state === "live");
  stream.send({ event: "condensed", reason: "it is gone" }, put(12, "orders/1", 12));
  await until(() => map.get("orders/1") === 12);
  assert.equal(map.state, "loading");
  assert.equal(map.position, "e:7");
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&after=e:12");
  stream.send(at("subscribed", 12), put(15, "orders/2", 2));
  await until(() => map.has("orders/2"));
  assert.equal(map.position, "e:7");
  stream.send(at("caughtup", 20));
  await until(() => map.position === "e:20");
  assert.equal(map.state, "live");
});

test("who wants the newest only and comes back is at a position when it has caught up", async () => {
  const map = client({ latest: true }).follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1 }));
  await until(() => map.state === "live");
  stream.cut();
  stream = await server.asked();
  stream.send(at("subscribed", 7), put(9, "orders/1", 9));
  await until(() => map.get("orders/1") === 9);
  assert.equal(map.position, "e:7");
  stream.send(at("caughtup", 9));
  await until(() => map.position === "e:9");
});

test("what was watched in vain is watched again", async () => {
  const orders = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1 }));
  await orders.ready;
  const rates = client().follow("rates");
  stream = await server.asked();
  stream.send(at("subscribed", 7), at("caughtup", 7), document("rates/gone", 1), put(8, "orders/2", 2));
  await until(() => orders.size === 2);
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=rates&after=e:8");
  // The server has to begin anew: the documents of all, then the answer.
  stream.send(resync, document("orders/3", 3), document("rates/1", 1), at("synced", 20), at("subscribed", 20));
  stream.send(at("watching", 20), at("caughtup", 20));
  await rates.ready;
  assert.deepEqual(shown(rates), { "rates/1": 1 });
  assert.deepEqual(shown(orders), { "orders/3": 3 });
});

test("a map that is opened within a snapshot waits for it, and one of the same has it at once", async () => {
  const orders = client().follow("orders");
  let stream = await server.asked();
  stream.send(document("orders/1", 1));
  await until(() => orders.state === "loading");
  const same = client().follow("orders");
  const rates = client().follow("rates");
  stream.send(at("synced", 7), at("subscribed", 7));
  await same.ready;
  assert.deepEqual(shown(same), { "orders/1": 1 });
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=rates&after=e:7");
  // Both are rebuilt when the server begins anew.
  stream.send(resync, document("orders/2", 2), at("synced", 9), at("subscribed", 9), at("watching", 9));
  await rates.ready;
  assert.deepEqual(shown(same), { "orders/2": 2 });
  assert.deepEqual(shown(orders), { "orders/2": 2 });
});

test("a map takes the place of one of the same that is closed meanwhile", async () => {
  const first = client().follow("orders");
  let stream = await server.asked();
  stream.send(document("orders/1", 1));
  await until(() => first.state === "loading");
  first.close();
  const second = client().follow("orders");
  await assert.rejects(first.ready, { code: "closed" });
  stream.send(at("synced", 7), at("subscribed", 7));
  stream = await server.asked();
  stream.send(...snapshot(8, { "orders/2": 2 }));
  await second.ready;
  assert.deepEqual(shown(second), { "orders/2": 2 });
});

test("everything is followed without a selector, and other maps have their part of it at once", async () => {
  const orders = client().follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1 }));
  await orders.ready;
  const all = client().follow();
  stream = await server.asked();
  assert.equal(stream.query, "");
  stream.send(...snapshot(8, { "orders/1": 1, "rates/1": 1, "a/b/c": 3 }));
  await all.ready;
  const rates = client().follow("rates/*");
  await rates.ready;
  assert.deepEqual(shown(rates), { "rates/1": 1 });
  assert.deepEqual(shown(all), { "orders/1": 1, "rates/1": 1, "a/b/c": 3 });
  stream.cut();
  stream = await server.asked();
  assert.equal(stream.query, "after=e:8");
});

test("selectors are understood as the server does", async () => {
  const names = ["codes/a*", "codes/ab", "codes/New York", "codes/%41", "codesx/a", "latest/1"];
  const expected = {
    "codes/a*": ["codes/a*", "codes/ab"],
    "codes/a%2A": ["codes/a*"],
    "codes/New%20York": ["codes/New York"],
    "codes/New York": ["codes/New York"],
    "codes/%2541": ["codes/%41"],
    codes: ["codes/a*", "codes/ab", "codes/New York", "codes/%41"],
    "%6Catest": ["latest/1"],
    "desks%2Feu": ["desks%2Feu/d-1"],
  };
  const maps = Object.keys(expected).map((selector) => client().follow(selector));
  const stream = await server.asked();
  stream.send(...names.map((name) => document(name, 1)));
  stream.send({ event: "document", collection: "desks/eu", key: "d-1", value: 1 }, at("synced", 1), at("subscribed", 1));
  await Promise.all(maps.map((map) => map.ready));
  assert.deepEqual(maps.map((map) => [...map.keys()]), Object.values(expected));
});

test("values can be had as they were written", async () => {
  const text = '{"b":9007199254740993,"2":1.10,"b":"\\",\\"value\\":1"}';
  const map = client({ parse: (value) => value }).follow();
  let heard;
  map.subscribe((changes) => (heard = changes[0] ?? heard));
  const stream = await server.asked();
  stream.send().raw(`{"event":"document","collection":"c","key":",\\"value\\":","value":${text}}\n`);
  stream.send(at("synced", 1));
  await map.ready;
  assert.deepEqual([...map], [['c/,"value":', text]]);
  await until(() => heard?.text === text);
});

test("what parse makes of a text is the value, null too", async () => {
  const map = client({ parse: () => null }).follow("orders");
  (await server.asked()).send(...snapshot(7, { "orders/1": { qty: 1 } }));
  assert.deepEqual(shown(await map.ready), { "orders/1": null });
});

test("a goodbye tells when to come back, and where", async () => {
  const other = await ScriptedServer.start();
  try {
    const map = client({ backoff: () => 60_000 }).follow("orders");
    let stream = await server.asked();
    stream.send(...snapshot(7, {}));
    await map.ready;
    const gone = "http://127.0.0.1:1";
    stream.send(goodbye("shutdown", 9, { comeBack: "as-is", nodes: [gone, other.url] })).end();
    await until(() => map.state === "waiting");
    assert.equal(map.reason.code, "shutdown");
    assert.equal(map.reason.retryInMs, 1);
    stream = await other.asked();
    assert.equal(stream.query, "select=orders&after=e:9");
    stream.refuse(503, "draining");
    stream = await server.asked();
    stream.send(at("subscribed", 9), at("caughtup", 9));
    await until(() => map.state === "live");
    assert.equal(map.reason, null);
  } finally {
    other.stop();
  }
});

test("each try that is in vain makes the next wait longer", async () => {
  const tries = [];
  const map = client({ backoff: (count) => (tries.push(count), 1) }).follow("orders");
  for (const status of [502, 503, 429]) {
    (await server.asked()).refuse(status, "draining");
  }
  // What no server means: of a status that was cut, a browser gives the digits that came.
  (await server.asked()).answer(304);
  (await server.asked()).send({ event: "error", code: "too-many-snapshots", message: "later" });
  (await server.asked()).send(...snapshot(7, {}));
  await map.ready;
  assert.deepEqual(tries, [0, 1, 2, 3, 4]);
});

test("a token is shown, and another one is asked for when it is nobody's any more", async () => {
  const tokens = ["one", "two", "three"];
  const map = client({ getToken: async () => tokens.shift() }).follow("orders");
  let stream = await server.asked();
  assert.equal(stream.headers.authorization, "Bearer one");
  stream.refuse(401, "unauthenticated");
  stream = await server.asked();
  assert.equal(stream.headers.authorization, "Bearer two");
  stream.send(...snapshot(7, {}));
  await map.ready;
  stream.send(goodbye("expired", 7, { comeBack: "with-credentials" })).end();
  stream = await server.asked();
  assert.equal(stream.headers.authorization, "Bearer three");
  assert.equal(stream.query, "select=orders&after=e:7");
  stream.send(at("subscribed", 7), at("caughtup", 7)).send(goodbye("expired", 7, { comeBack: "with-credentials" })).end();
  stream = await server.asked();
  stream.refuse(401, "unauthenticated");
  stream = await server.asked();
  stream.refuse(401, "unauthenticated");
  await until(() => map.state === "ended");
  assert.equal(map.reason.code, "unauthenticated");
});

test("who follows everything with another token begins anew", async () => {
  const tokens = ["one", "two"];
  const map = client({ getToken: () => tokens.shift() }).follow();
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1 }));
  await map.ready;
  stream.send(goodbye("revoked", 7, { comeBack: "with-credentials" })).end();
  stream = await server.asked();
  assert.equal(stream.query, "");
  stream.send(...snapshot(8, { "rates/1": 1 }));
  await until(() => map.has("rates/1"));
  assert.deepEqual(shown(map), { "rates/1": 1 });
});

test("without another token an expired one ends it", async () => {
  const map = client({ token: "t" }).follow("orders");
  const stream = await server.asked();
  assert.equal(stream.headers.authorization, "Bearer t");
  stream.send(...snapshot(7, { "orders/1": 1 }), goodbye("expired", 7, { comeBack: "with-credentials" })).end();
  await until(() => map.state === "ended");
  assert.equal(map.reason.code, "expired");
  assert.equal(map.size, 1);
});

test("a refusal for good ends the map that it is about, and no other", async () => {
  const good = client().follow("orders");
  const bad = client().follow("rates/");
  const alsoGood = client().follow("desks");
  let stream = await server.asked();
  stream.refuse(400, "bad-request");
  stream = await server.asked();
  assert.equal(stream.query, "select=orders");
  stream.send(...snapshot(7, { "orders/1": 1 }));
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=rates/&after=e:7");
  stream.refuse(400, "bad-request");
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=desks&after=e:7");
  stream.send(at("subscribed", 7), at("watching", 7), at("caughtup", 7));
  await alsoGood.ready;
  await assert.rejects(bad.ready, { code: "bad-request", status: 400, message: "that is bad-request" });
  assert.equal(bad.state, "ended");
  assert.equal(good.state, "live");
});

test("a right that is taken away meanwhile ends the map that needs it, and no other", async () => {
  const [good, bad, alsoGood] = ["orders", "rates", "desks"].map((name) => client().follow(name));
  const heard = told(good);
  let stream = await server.asked();
  stream.send(...snapshot(7, { "orders/1": 1, "rates/1": 1, "desks/1": 1 }));
  await Promise.all([good.ready, bad.ready, alsoGood.ready]);
  stream.cut();
  stream = await server.asked();
  stream.refuse(403, "forbidden");
  stream = await server.asked();
  assert.equal(stream.query, "select=orders");
  assert.deepEqual(shown(good), { "orders/1": 1 });
  stream.send(...snapshot(8, { "orders/1": 1, "orders/2": 2 }));
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=rates&after=e:8");
  stream.refuse(403, "forbidden");
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&watch=desks&after=e:8");
  stream.send(at("subscribed", 8), document("desks/1", 2), at("watching", 8), at("caughtup", 8));
  await until(() => alsoGood.state === "live" && good.state === "live");
  assert.deepEqual([bad.state, bad.reason.code, shown(alsoGood)], ["ended", "forbidden", { "desks/1": 2 }]);
  assert.deepEqual(heard.changes, ["put orders/1", "put orders/2"]);
});

test("a server that is silent for too long is left", async () => {
  const map = client({ silence: 50 }).follow("orders");
  let stream = await server.asked();
  stream.send(...snapshot(7, {}));
  await map.ready;
  await stream.ended;
  stream = await server.asked();
  assert.equal(stream.query, "select=orders&after=e:7");
});

test("a listener that fails harms nobody else", async () => {
  const failures = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (failure) => failures.push(failure.message));
  const map = client().follow("orders");
  const stop = map.subscribe(() => {
    throw new Error("mine");
  });
  try {
    const { states } = told(map);
    (await server.asked()).send(...snapshot(7, {}));
    await until(() => states.includes("live") && failures.includes("mine"));
  } finally {
    stop();
    process.removeAllListeners("uncaughtException");
    listeners.forEach((listener) => process.on("uncaughtException", listener));
  }
});

test("the newest only are asked for if that is wanted", async () => {
  client({ latest: true }).follow("orders");
  assert.equal((await server.asked()).query, "latest&select=orders");
});
