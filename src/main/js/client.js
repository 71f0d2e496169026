import { Connection } from "./client/connection.js";
import { LiveMap } from "./client/live-map.js";

export { TidegateError } from "./client/access.js";

/** Longer from try to try, up to ten seconds, and each time another while, so that not all clients come at once. */
const backoff = (tries) => Math.min(1.5 ** tries, 10) * (750 + 500 * Math.random());

/**
 * The clients, by their addresses and those of their options that are values. Functions and objects are steps on the way to a map, and
 * hold what is behind them weakly: who has let go of one leaves nothing here.
 */
const clients = new Map();

const take = (map, key, make) => map.get(key) ?? map.set(key, make()).get(key);

/**
 * The client of a server. Who asks for it in the same way gets the same one, and shares its connection. Functions are the same only if
 * they are one: those that give two users' tokens may have one text.
 */
export function tidegate(url = "/", options = {}) {
  const home = new URL(url.replace(/\/?$/, "/"), globalThis.location?.href);
  let map = clients;
  const key = JSON.stringify({ ...options, home }, (name, value) =>
    name && Object(value) === value ? (map = take((map.others ??= new WeakMap()), value, () => new Map())) && {} : value,
  );
  return take(map, key, () => clientOf(new Connection(home, { backoff, silence: 40_000, ...options }), () => map.delete(key)));
}

function clientOf(connection, forget) {
  let writes;
  // Who only follows does not load what writes. What could not be loaded is loaded anew the next time.
  const write = (verb) => async (...words) => {
    writes ??= import("./client/writes.js").then(({ Writes }) => new Writes(connection));
    writes.catch(() => (writes = null));
    return (await writes)[verb](...words);
  };
  return {
    follow: (...selectors) => connection.add(new LiveMap(connection, selectors.length ? selectors : ["*"])),
    get: write("get"),
    put: write("put"),
    delete: write("delete"),
    async close() {
      forget();
      connection.remove();
      (await writes)?.close();
    },
  };
}
