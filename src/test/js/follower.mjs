// A witness in Node, which does what it is told line by line, and answers by lines.
import { createInterface } from "node:readline";
import { tidegate } from "../../main/js/client.js";
import { witnessOf } from "./witness.mjs";

const witness = witnessOf(tidegate, process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...words] = line.split(" ");
  console.log(await witness[verb](...words.map(Number)));
}
process.exit();
