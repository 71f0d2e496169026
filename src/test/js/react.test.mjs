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

/** A client whose maps are written into by hand, and the state that they share. */
function client() {
  const connection = { state: "loading", reason: null, position: "e:7", options: {}, removed: [] };
  connection.remove = (maps) => {
    connection.removed.push(...maps);
    maps.forEach((map) => map.end(new Error("closed")));
  };
  const opened = [];
  const follow = (...selectors) => {
    const map = new LiveMap(connection, selectors);
    opened.push(map);
    queueMicrotask(() => map.tell());
    return map;
  };
  return { connection, opened, follow };
}

/** A component that follows a selection, as React renders it, and the client that it has. */
async function rendered(selection) {
  const { component } = await import("react");
  const { useFollow } = await import("../../main/js/react.js");
  const feed = client();
  const render = () => useFollow(feed, selection);
  render();
  return { ...feed, render, subscribe: component.store.subscribe };
}

/** All that there is of a map comes at once, as of a stream that is live then. */
function fill(map, connection, documents) {
  map.expect([]);
  Object.entries(documents).forEach(([name, value]) => map.take({ event: "document", name, value }));
  map.settle();
  connection.state = "live";
  map.tell();
}

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

test("documents that were deleted while a component was away are not shown when it is back", { skip }, async () => {
  const { connection, opened, render, subscribe } = await rendered("orders");
  for (const documents of [{ "orders/1": 1, "orders/2": 2 }, {}, { "orders/3": 3 }, {}]) {
    const before = render().documents;
    connection.state = "loading";
    const leave = subscribe(() => {});
    await turn();
    // Until the new map is ready what was there is shown.
    assert.equal(render().state, "loading");
    assert.equal(render().documents, before);
    fill(opened.at(-1), connection, documents);
    await turn();
    assert.deepEqual(Object.fromEntries(render().documents), documents);
    assert.equal(render().state, "live");
    leave();
  }
});

test("a map that has everything at once is shown at once, be it empty", { skip }, async () => {
  const { connection, opened, render, subscribe } = await rendered("rates");
  let leave = subscribe(() => {});
  fill(opened[0], connection, { "rates/1": 1 });
  await turn();
  leave();
  // Another map of the client covers it, which has nothing of it any more.
  leave = subscribe(() => {});
  opened[1].expect([]);
  opened[1].settle();
  await turn();
  assert.equal(render().documents.size, 0);
  assert.equal(render().state, "live");
  const { documents } = render();
  connection.state = "waiting";
  opened[1].tell();
  await turn();
  assert.equal(render().state, "waiting");
  assert.equal(render().documents, documents, "nothing of it has changed");
  leave();
});

test("what is told to a component that has left shows nothing any more", { skip }, async () => {
  const { connection, opened, render, subscribe } = await rendered("desks");
  let renders = 0;
  const leave = subscribe(() => renders++);
  fill(opened[0], connection, { "desks/1": 1 });
  await turn();
  const shown = render();
  const before = renders;
  opened[0].take({ event: "put", name: "desks/2", value: 2, seq: 8 });
  opened[0].tell();
  leave();
  await turn();
  assert.equal(renders, before);
  assert.equal(render(), shown);
  assert.deepEqual(connection.removed, [opened[0]]);
});

test("an empty map is shown when it is ready, although the stream has not caught up", { skip }, async () => {
  const { connection, opened, render, subscribe } = await rendered("jobs");
  let leave = subscribe(() => {});
  fill(opened[0], connection, { "jobs/1": 1 });
  await turn();
  leave();
  connection.state = "loading";
  let renders = 0;
  leave = subscribe(() => renders++);
  await turn();
  assert.equal(render().documents.size, 1);
  opened[1].expect([]);
  opened[1].settle();
  opened[1].tell();
  await turn();
  assert.equal(render().documents.size, 0);
  assert.equal(render().state, "loading");
  assert.equal(renders, 2);
  leave();
});
