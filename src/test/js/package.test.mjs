import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const text = (path) => readFileSync(new URL("../../../" + path, import.meta.url), "utf8");

test("the package has the server's version, and what it says it has", () => {
  const described = JSON.parse(text("src/main/js/package.json"));
  assert.equal(described.version, /<artifactId>tidegate<\/artifactId>\s*<version>([^<]+)</.exec(text("pom.xml"))[1]);
  for (const { types, default: module } of Object.values(described.exports)) {
    for (const file of [types, module]) {
      assert.ok(existsSync(new URL("../../main/js/" + file, import.meta.url)), file);
    }
  }
});
