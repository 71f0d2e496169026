import { TidegateError, refusal } from "../client/access.js";

/** Of a stream that the server has ended. */
const GOODBYE = new Set(["shutdown", "expired", "revoked"]);

/** Why no answer came at all, or one that is not the server's. */
const UNREACHABLE = /^(offline|cut|http-\d+)$/;

/** Why something was not done, for people. */
export function told({ code, message }) {
  if (GOODBYE.has(code)) {
    return `The server said goodbye (${code})`;
  }
  return UNREACHABLE.test(code) ? "The server cannot be reached" : message;
}

/** What the browser keeps for the page; where it keeps nothing for it, even to look fails. */
function kept(action) {
  try {
    return action(localStorage);
  } catch {
    return false;
  }
}

/**
 * Who reads, and asks the server. Over TLS the server sets a cookie, which no script sees, which outlives the page, and which changes
 * nothing: changes take the token itself, which the page has until it is closed. Without TLS a browser takes no such cookie: then it is
 * the token in any case.
 */
export class Reader {
  static #SIGNED_IN = "tidegate-signed-in";
  #token = null;

  /** Whether somebody has signed in, as far as the page can know. */
  get isSomebody() {
    return this.#token !== null || kept((storage) => storage.getItem(Reader.#SIGNED_IN) !== null);
  }

  get isEncrypted() {
    return location.protocol === "https:";
  }

  /** Shows a token; says why in vain, or null if it was right. */
  async signIn(token) {
    try {
      const path = this.isEncrypted ? "v1/session" : "v1/tickets";
      const response = await fetch(path, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
      if (!response.ok) {
        return (await response.json()).detail;
      }
    } catch {
      return "The server cannot be reached, or that is no token.";
    }
    if (this.isEncrypted) {
      kept((storage) => storage.setItem(Reader.#SIGNED_IN, "by a cookie"));
    }
    this.#token = token;
    return null;
  }

  /** False if the server did not do it: only it can take its cookie away. */
  async signOut() {
    if (this.isEncrypted) {
      try {
        const response = await fetch("v1/session", { method: "DELETE" });
        if (!response.ok) {
          return false;
        }
      } catch {
        return false;
      }
    }
    this.forget();
    return true;
  }

  /** What was shown is nobody's any more. */
  forget() {
    this.#token = null;
    kept((storage) => storage.removeItem(Reader.#SIGNED_IN));
  }

  /**
   * Asks the server.
   *
   * @return a response that is good
   * @throws TidegateError whatever else there is; what was aborted by the page itself as it is
   */
  async ask(path, { headers, signal, ...init } = {}) {
    let response;
    try {
      const shown = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
      response = await fetch(path, { ...init, signal, headers: { ...shown, ...headers } });
    } catch (failure) {
      signal?.throwIfAborted();
      throw new TidegateError("offline", failure.message);
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}
