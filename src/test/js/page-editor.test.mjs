// Who changes a document in the explorer: its modules as the server serves them, with as much of a window as they need.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { module } from "./served.mjs";

// ---- a window

class Element extends EventTarget {
  hidden = false;
  open = false;
  textContent = "";
  value = "";
  dataset = {};
  children = [];

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  }

  press(key) {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
    if (this.dispatchEvent(event) && key === "Escape") {
      this.close();
    }
  }

  focus() {}
  setAttribute() {}
  querySelectorAll() {
    return [];
  }
}

const elements = new Map();
const element = (id) => elements.get(id) ?? elements.set(id, new Element()).get(id);
globalThis.document = Object.assign(new EventTarget(), {
  baseURI: "http://127.0.0.1/",
  getElementById: element,
  createElement: () => new Element(),
  createDocumentFragment: () => new Element(),
  createTextNode: (text) => text,
});

const { Whole } = await module("page/whole.js");
const { History } = await module("page/history.js");
const { TidegateError } = await module("client/access.js");

// ---- a server

/** Has one document, o/k, unless somebody asks for another one; each change has the next number. */
class Server {
  seq = 1;
  text = '{"n":1}';
  written = [];
  updates = { seq: 1, epoch: "e", position: undefined };
  asked = [];
  reader = { isSomebody: false, ask: (path, init) => this.#ask(path, init) };
  whole = new Whole(this.reader, this.updates, () => undefined, () => {});

  /** What a request waits for once it was answered. */
  onTheWay = Promise.resolve();

  get tag() {
    return `"e:${this.seq}"`;
  }

  async #ask(path, { method = "GET", headers = {}, body, signal } = {}) {
    this.asked.push({ method, headers });
    const answer = this.#answer(method, headers, body);
    await this.onTheWay;
    signal?.throwIfAborted();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }

  #answer(method, headers, body) {
    if (method === "GET" && this.isGone) {
      return new TidegateError("offline", "no");
    }
    if (method === "GET") {
      return this.text === null
        ? Object.assign(new TidegateError("not-found", "no"), { status: 404 })
        : new Response(this.text + "\n", { headers: { ETag: this.tag } });
    }
    if (this.failure !== undefined) {
      return this.failure;
    }
    const { "If-Match": expected, "If-None-Match": none } = headers;
    if (expected !== undefined ? expected !== this.tag : none === "*" && this.text !== null) {
      return Object.assign(new TidegateError("precondition-failed", "no"), { status: 412 });
    }
    this.written.push(`${method} ${expected ?? none} ${body ?? ""}`.trim());
    this.seq++;
    this.text = body ?? null;
    return new Response("");
  }

  /** Somebody else changes it; the update comes. */
  change(text) {
    this.seq++;
    this.text = text;
    this.updates.seq = this.seq;
    this.whole.take({ event: "put", collection: "o", key: "k", seq: this.seq, text });
  }

  async open() {
    this.whole.open("o", "k");
    await settled();
  }
}

const shown = () => element("whole-facts").textContent;
const note = () => element("whole-note").textContent;

async function settled() {
  for (let i = 0; i < 20; i++) {
    await new Promise(setImmediate);
  }
}

/** Changes the draft, and saves it. */
async function save(text) {
  element("draft-text").value = text;
  element("draft").dispatchEvent(new Event("submit"));
  await settled();
}

let server;

beforeEach(() => {
  elements.clear();
  element("draft").hidden = true;
  server = new Server();
});

test("a change that came just before Change was pressed is not overwritten unseen", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await server.open();
  server.change('{"n":2}');
  element("change").click();
  t.mock.timers.tick(1_000);
  await settled();
  await save('{"n":3}');
  assert.deepEqual(server.written, []);
  assert.match(note(), /below is what it is now/);
  assert.match(shown(), /e:2/);
  await save('{"n":3}');
  assert.deepEqual(server.written, ['PUT "e:2" {"n":3}']);
  assert.equal(note(), "Saved.");
});

test("a change that is read while Change is pressed is not overwritten unseen", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await server.open();
  let arrive;
  server.onTheWay = new Promise((resolve) => (arrive = resolve));
  server.change('{"n":2}');
  t.mock.timers.tick(1_000);
  element("change").click();
  arrive();
  await settled();
  assert.equal(element("draft-text").value, '{\n  "n": 1\n}');
  await save('{"n":3}');
  assert.deepEqual(server.written, []);
  assert.match(note(), /below is what it is now/);
});

test("what was asked about is deleted, and nothing newer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await server.open();
  element("delete").click();
  server.change('{"n":2}');
  t.mock.timers.tick(1_000);
  await settled();
  element("delete-it").click();
  await settled();
  assert.deepEqual(server.written, []);
  assert.match(note(), /this is what it is now/);
  element("delete").click();
  element("delete-it").click();
  await settled();
  assert.deepEqual(server.written, ['DELETE "e:2"']);
});

test("a save is refused as long as nobody has seen what it would overwrite", async () => {
  await server.open();
  element("change").click();
  server.change('{"n":2}');
  assert.match(note(), /refused at first/);
  await save('{"n":3}');
  server.change('{"n":4}');
  await save('{"n":3}');
  assert.deepEqual(server.written, []);
  await save('{"n":3}');
  assert.deepEqual(server.written, ['PUT "e:3" {"n":3}']);
});

test("what is written is not lost by Close, by Esc, or because something else is looked at", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const leave of [() => element("whole-close").click(), () => element("whole").press("Escape")]) {
    await server.open();
    element("change").click();
    element("draft-text").value = "mine";
    server.whole.leave();
    assert.match(note(), /is kept/);
    leave();
    assert.match(note(), /once more throws it away/);
    assert.deepEqual([element("whole").open, element("draft-text").value], [true, "mine"]);
    leave();
    assert.equal(element("whole").open, false);
    t.mock.timers.tick(10_000);
  }
  await server.open();
  element("change").click();
  server.whole.leave();
  assert.equal(element("whole").open, false);
});

test("what could not be read is read when the page is live again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  server.isGone = true;
  await server.open();
  assert.equal(note(), "The server cannot be reached");
  server.isGone = false;
  server.updates.position = "e:1";
  server.whole.live();
  t.mock.timers.tick(1_000);
  await settled();
  assert.equal(note(), "");
  assert.match(shown(), /^e:1 /);
  assert.equal(server.asked.at(-1).headers["Tidegate-At-Least"], "e:1");
  const times = server.asked.length;
  server.whole.live();
  t.mock.timers.tick(1_000);
  assert.equal(server.asked.length, times);
});

test("what may have changed unseen is read again, unless somebody writes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await server.open();
  server.seq = 5;
  server.text = '{"n":5}';
  server.whole.again();
  t.mock.timers.tick(1_000);
  await settled();
  assert.match(shown(), /^e:5 /);
  element("change").click();
  const times = server.asked.length;
  server.whole.again();
  t.mock.timers.tick(1_000);
  assert.equal(server.asked.length, times);
});

test("who has changed nothing sees what somebody else has", async () => {
  await server.open();
  element("change").click();
  server.change('{"n":2}');
  await save('{"n":1}');
  assert.match(shown(), /^e:2 /);
  assert.equal(note(), "Nothing was changed.");
});

test("nothing is written on a change that is on its way", async () => {
  await server.open();
  element("change").click();
  let arrive;
  server.onTheWay = new Promise((resolve) => (arrive = resolve));
  await save('{"n":3}');
  assert.deepEqual([element("draft-text").readOnly, element("save").disabled], [true, true]);
  await save('{"n":3}');
  arrive();
  await settled();
  assert.deepEqual(server.written, ['PUT "e:1" {"n":3}']);
  assert.equal(note(), "Saved.");
  element("change").click();
  assert.deepEqual([element("draft-text").readOnly, element("save").disabled], [false, false]);
  server.failure = Object.assign(new TidegateError("forbidden", "you may not"), { status: 403 });
  await save('{"n":4}');
  assert.equal(note(), "you may not");
  assert.equal(element("draft-text").readOnly, false);
});

test("the command that reads a document shows a token where the page does", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const copied = [];
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { clipboard: { writeText: (text) => copied.push(text) } } });
  await server.open();
  element("copy-curl").click();
  server.reader.isSomebody = true;
  element("copy-curl").click();
  assert.deepEqual(copied, [
    "curl -i 'http://127.0.0.1/v1/documents/o/k'",
    "curl -i -H \"Authorization: Bearer $TOKEN\" 'http://127.0.0.1/v1/documents/o/k'",
  ]);
});

// ---- the last updates of a document

/** Has a log of 1,400 updates, which goes back to the number 400 only. */
async function looked(...numbers) {
  elements.clear();
  const asked = [];
  const ask = async (path) => {
    const from = Number(new URLSearchParams(path.split("?")[1]).get("after").split(":")[1]);
    asked.push(from);
    if (from < 400) {
      throw Object.assign(new TidegateError("position-unavailable", "gone"), { status: 410 });
    }
    const updates = numbers.filter((seq) => seq > from).map((seq) => `{"event":"put","seq":${seq},"collection":"o","key":"k","value":1}\n`);
    return new Response(`{"event":"subscribed","epoch":"e","seq":${from}}\n${updates.join("")}{"event":"caughtup","seq":1400}\n`);
  };
  const history = new History(ask, { seq: 1_400, epoch: "e", position: "e:1400" });
  await history.look("o", "k");
  return { asked, note: element("history-note").textContent, count: element("history").children.length };
}

test("a log that is short is looked through as far as it goes back, and what was looked at is said", async () => {
  const none = await looked();
  assert.deepEqual(none.asked.slice(0, 2), [400, 0]);
  assert.equal(none.note, "None among the last 1,000 updates.");
  const some = await looked(401, 402, 1_300);
  assert.deepEqual([some.count, some.note], [3, ""]);
});
