import { afterEach, beforeEach } from "node:test";
import { ScriptedServer } from "./server.mjs";

/**
 * What makes clients of a server that each test has for itself, and closes them behind it.
 *
 * @param onStart is given the server
 * @param make makes a client of its address and of what the test says
 */
export function clientsOf(onStart, make) {
  let server;
  let clients;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    clients = [];
    onStart(server);
  });

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    server.stop();
  });

  return (options) => {
    const made = make(server.url, options);
    clients.push(made);
    return made;
  };
}
