// The nodes that share the feed.
import { element, row } from "./dom.js";
import { count, duration } from "./format.js";

/** Shows them, unless the server is alone. */
export class Nodes {
  #api;

  constructor(api) {
    this.#api = api;
  }

  empty() {
    element("nodes-section").hidden = true;
    element("nodes").replaceChildren();
  }

  async look(isWanted) {
    const nodes = await this.#api.get("v1/nodes");
    if (!isWanted()) {
      return;
    }
    element("nodes-section").hidden = nodes.length < 2;
    element("nodes").replaceChildren(
      ...nodes.map((node) => {
        const name = node.this ? `${node.name} (this one)` : node.name;
        const heard = node.ageMillis < 0 ? "–" : duration(node.ageMillis);
        return row(name, node.state, node.version, count(node.head), count(node.lag), node.http, heard);
      }),
    );
  }
}
