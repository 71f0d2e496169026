// Who looks at the explorer: signs in by a cookie, and out.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { module } from "./served.mjs";

const { Reader } = await module("page/reader.js");

/** As much of a browser's storage as the page needs; null where site data is blocked. */
let kept;
let answers;

Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  get: () => {
    if (kept === null) {
      throw new DOMException("access is denied", "SecurityError");
    }
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, value),
      removeItem: (name) => kept.delete(name),
    };
  },
});
globalThis.location = { protocol: "https:" };
globalThis.fetch = async () => {
  const answer = answers.shift();
  if (answer instanceof Error) {
    throw answer;
  }
  return answer;
};

const no = (status) => new Response("", { status });
const yes = () => new Response(null, { status: 204 });

beforeEach(() => {
  kept = new Map();
  answers = [];
});

test("nobody is signed out as long as the server has not taken its cookie away", async () => {
  const reader = new Reader();
  answers = [yes(), no(503), no(502), new TypeError("nobody is there"), yes()];
  assert.equal(await reader.signIn("t"), null);
  for (const isOut of [false, false, false, true]) {
    assert.equal(await reader.signOut(), isOut);
    assert.equal(reader.isSomebody, !isOut);
    assert.equal(new Reader().isSomebody, !isOut);
  }
});

test("who blocks site data looks at the page all the same", async () => {
  kept = null;
  const reader = new Reader();
  assert.equal(reader.isSomebody, false);
  answers = [yes(), yes()];
  assert.equal(await reader.signIn("t"), null);
  assert.equal(reader.isSomebody, true);
  assert.equal(await reader.signOut(), true);
  assert.equal(reader.isSomebody, false);
  reader.forget();
});
