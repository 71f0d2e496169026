import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

// What a browser has, and Node does not.
globalThis.document = { hidden: false, addEventListener: () => {} };
const { Api, Refusal, Unreachable } = await import("../../main/resources/io/tidegate/admin/console/api.js");
const { Poll } = await import("../../main/resources/io/tidegate/admin/console/poll.js");

let server;
let origin;
let asked;
let answer;

before(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? "-"} ${request.headers["content-type"] ?? "-"}`);
    answer(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}/`;
});

after(() => server.close());

beforeEach(() => {
  asked = [];
  answer = (response) => response.end('{"how":"close"}');
});

const refusing = (status, code, detail) => (response) => {
  response.statusCode = status;
  response.end(JSON.stringify({ code, detail }));
};

test("who has signed in shows the token with each request, and nobody else does", async () => {
  const heard = [];
  const api = new Api((outcome) => heard.push(outcome));

  assert.deepEqual(await api.get(`${origin}v1/drain`), { how: "close" });
  api.signIn("tg_1");
  await api.post(`${origin}v1/drain`);
  await api.delete(`${origin}v1/connections?id=1`);
  api.signOut();
  await api.text(`${origin}metrics`);

  assert.deepEqual(asked, [
    "GET /v1/drain - -",
    "POST /v1/drain Bearer tg_1 application/json",
    "DELETE /v1/connections?id=1 Bearer tg_1 -",
    "GET /metrics - -",
  ]);
  assert.deepEqual(heard, [null, null, null, null]);
});

test("a refusal says why, and silence is none", async () => {
  const heard = [];
  const api = new Api((outcome) => heard.push(outcome));

  answer = refusing(409, "not-cancellable", "too late");
  await assert.rejects(api.delete(`${origin}v1/drain`), (refusal) => refusal instanceof Refusal && refusal.message === "too late");
  answer = (response) => {
    response.statusCode = 502;
    response.end("<html>");
  };
  await assert.rejects(api.get(`${origin}v1/drain`), (refusal) => refusal.status === 502 && refusal.code === "http-502");
  answer = (response) => response.destroy();
  await assert.rejects(api.get(`${origin}v1/drain`), (failure) => failure instanceof Unreachable);

  assert.deepEqual(heard.map((outcome) => outcome.constructor), [Refusal, Refusal, Unreachable]);
});

test("what comes to who was somebody else then, or was given up, is no news", async () => {
  const heard = [];
  const api = new Api((outcome) => heard.push(outcome));
  let late;
  answer = (response) => (late = response);
  api.signIn("tg_old");
  const former = api.get(`${origin}v1/drain`);
  while (!late) {
    await new Promise(setImmediate);
  }
  api.signIn("tg_new");
  refusing(401, "unauthenticated", "nobody")(late);
  await assert.rejects(former);
  const giveUp = new AbortController();
  const report = api.await(`${origin}v1/drain/report`, giveUp.signal);
  giveUp.abort(Api.GIVEN_UP);
  await assert.rejects(report);

  assert.deepEqual(heard, []);
});

test("it is never asked twice at once, and asked again after it failed", async () => {
  let under = 0;
  let times = 0;
  const done = new Promise((resolve) => {
    const poll = new Poll(
      async () => {
        assert.equal(++under, 1);
        await new Promise(setImmediate);
        under--;
        if (++times === 5) {
          poll.stop();
          resolve();
        }
        throw new Error("in vain");
      },
      () => 1,
    );
    poll.start();
  });

  await done;

  assert.equal(times, 5);
});

test("nobody waits for the end of a pause who does not want to", async () => {
  let times = 0;
  const poll = new Poll(
    async () => {
      times++;
    },
    () => 3_600_000,
  );
  poll.start();
  while (times < 3) {
    await new Promise(setImmediate);
    poll.now();
  }
  poll.stop();

  assert.equal(times, 3);
});

test("what is answered to who has signed out meanwhile is told to nobody", async () => {
  const heard = [];
  const api = new Api((outcome) => heard.push(outcome));
  let late;
  answer = (response) => (late = response);
  api.signIn("tg_1");
  const asking = api.get(`${origin}v1/connections`);
  while (!late) {
    await new Promise(setImmediate);
  }
  api.signOut();
  late.end("[]");

  await assert.rejects(asking, Unreachable);
  assert.deepEqual(heard, []);
});

test("an answer that comes when nobody looks any more is not wanted", async () => {
  let answered;
  let isWanted;
  const poll = new Poll(
    (wanted) => {
      isWanted = wanted;
      return new Promise((resolve) => (answered = resolve));
    },
    () => 1,
  );
  poll.start();
  assert.equal(isWanted(), true);
  poll.stop();
  answered();

  assert.equal(isWanted(), false);
});
