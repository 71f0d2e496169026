import { until } from "./server.mjs";

/** A WebSocket that a test answers for. */
export class ScriptedSocket {
  static opened = [];
  readyState = 0;
  sent = [];

  constructor(url) {
    this.url = url;
    ScriptedSocket.opened.push(this);
  }

  begin() {
    this.readyState = 1;
    this.onopen();
    return this;
  }

  send(line) {
    this.sent.push(line);
  }

  says(...events) {
    this.onmessage({ data: events.map((event) => JSON.stringify(event) + "\n").join("") });
  }

  close(code, reason = "") {
    if (this.readyState !== 3) {
      this.readyState = 3;
      queueMicrotask(() => this.onclose({ code, reason }));
    }
  }
}

/** The newest socket, when so many were opened. */
export const socket = async (count = 1) => {
  await until(() => ScriptedSocket.opened.length === count);
  return ScriptedSocket.opened.at(-1);
};

export const refusal = (code) => ({ event: "error", code, message: "no" });
export const accepted = (seq) => ({ event: "accepted", seq });
