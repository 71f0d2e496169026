import assert from "node:assert/strict";
import * as modules from "node:module";
import { test } from "node:test";
import { LiveMap } from "../../main/js/client/live-map.js";

// In place of React: one component, whose hooks the test holds in its hands.
const react = `
  export const component = { memo: null, store: null };
  export function useMemo(make, needs) {
    if (!component.memo || needs.some((need, i) => need !== component.memo.needs[i])) {
      component.memo = { value: make(), needs };
    }
    return component.memo.value;
  }
  export function useSyncExternalStore(subscribe, snapshot) {
    component.store = { subscribe, snapshot };
    return snapshot();
  }
`;
const hooks = `
  const source = ${JSON.stringify("data:text/javascript," + encodeURIComponent(react))};
  export const resolve = (name, context, next) => (name === "react" ? { url: source, shortCircuit: true } : next(name, context));
`;
// Older ones cannot put something in the place of a module.
const skip = modules.register === undefined;
modules.register?.("data:text/javascript," + encodeURIComponent(hooks));

const turn = () => new Promise(setImmediate);

test("a component follows while it is there, and is shown another map after each change", { skip }, async () => {
  const { component } = await import("react");
  const { useFollow } = await import("../../main/js/react.js");
  const connection = { state: "loading", reason: null, position: "e:7", options: {}, removed: [], remove: (maps) => connection.removed.push(...maps) };
  const opened = [];
  const client = {
    follow(...selectors) {
      opened.push(new LiveMap(connection, selectors));
      return opened.at(-1);
    },
  };
  const render = () => useFollow(client, "orders");

  assert.equal(render().state, "connecting");
  assert.equal(opened.length, 0);
  let renders = 0;
  const leave = component.store.subscribe(() => renders++);
  const [map] = opened;
  map.tell();
  await turn();
  assert.equal(render().state, "loading");
  map.expect([]);
  map.take({ event: "document", name: "orders/1", value: 1 });
  map.settle();
  connection.state = "live";
  map.tell();
  await turn();
  const first = render();
  assert.deepEqual([...first.documents], [["orders/1", 1]]);
  assert.equal(first.state, "live");
  assert.equal(render(), first);
  map.take({ event: "put", name: "orders/2", value: 2, seq: 8 });
  map.tell();
  await turn();
  assert.notEqual(render().documents, first.documents);
  assert.equal(first.documents.size, 1);
  assert.equal(renders, 3);
  assert.equal(opened.length, 1);
  leave();
  assert.deepEqual(connection.removed, [map]);
});
