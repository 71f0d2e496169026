import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

/** What a page that follows loads, and how much of it there may be. What writes is loaded when it is needed. */
const CORE = ["client.js", "client/live-map.js", "client/events.js", "client/connection.js", "client/access.js"];
const MOST = 4096;

/** A module as the server sends it: without comments and indentation. */
const served = (name) =>
  readFileSync(new URL("../../main/js/" + name, import.meta.url), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(\/\/|\/\*|\*)/.test(line))
    .join("\n");

test("the core is small", () => {
  const bytes = gzipSync(CORE.map(served).join("\n"), { level: 9 }).length;
  assert.ok(bytes <= MOST, `it has ${bytes} bytes`);
  for (const name of CORE) {
    assert.ok(!/import\("(?!\.\/client\/writes\.js)/.test(served(name)), `${name} loads more`);
  }
});
