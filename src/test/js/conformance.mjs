// A program that follows by the client, and says what it has: see docs/conformance.md.
import { tidegate } from "../../main/js/client.js";

const map = tidegate(process.env.TIDEGATE_HTTP_URL).follow(process.env.TIDEGATE_SELECTION);
map.subscribe(() => {
  if (map.state === "live") {
    const documents = Object.fromEntries([...map].map(([name, value]) => [name.slice(name.indexOf("/") + 1), value]));
    console.log(JSON.stringify({ position: map.position, documents }));
  }
});
process.stdin.resume().on("end", () => process.exit());
