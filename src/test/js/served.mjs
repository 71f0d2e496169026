// The explorer's modules as the server serves them, side by side with the client's.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after } from "node:test";

const served = mkdtempSync(join(tmpdir(), "tidegate-page-"));
const from = (path) => new URL("../../../src/main/" + path, import.meta.url).pathname;
cpSync(from("js"), served, { recursive: true });
cpSync(from("resources/io/tidegate/http/page"), join(served, "page"), { recursive: true });
writeFileSync(join(served, "package.json"), '{"type":"module"}');
after(() => rmSync(served, { recursive: true }));

/** A module by its path below the server's. */
export const module = (path) => import(pathToFileURL(join(served, path)));
