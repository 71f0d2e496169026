// The admin listener, as whoever operates the server asks it.

/** An answer that is a refusal. */
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** There was no answer. */
export class Unreachable extends Error {}

/** After which an answer is not waited for any longer; that of the report may take as long as the server runs. */
const PATIENCE_MS = 15_000;

/** Asks by the token that somebody has shown, which is kept nowhere else and forgotten with the page. */
export class Api {
  #token = null;
  #heard;

  /** @param heard is told of each answer: null, or the `Refusal` or `Unreachable` that it was */
  constructor(heard) {
    this.#heard = heard;
  }

  get isSomebody() {
    return this.#token !== null;
  }

  signIn(token) {
    this.#token = token;
  }

  signOut() {
    this.#token = null;
  }

  /** What is there, as JSON. */
  get(path) {
    return this.#ask("GET", path, "json");
  }

  /** What is there, as text. */
  text(path) {
    return this.#ask("GET", path, "text");
  }

  /** The same as `get`, however long it takes. */
  await(path, signal) {
    return this.#ask("GET", path, "json", signal);
  }

  post(path) {
    return this.#ask("POST", path, "json");
  }

  delete(path) {
    return this.#ask("DELETE", path, "json");
  }

  /** What is answered to somebody who has signed out meanwhile is not told. */
  async #ask(method, path, as, signal = AbortSignal.timeout(PATIENCE_MS)) {
    const asked = this.#token;
    const answer = await this.#answer(method, path, as, signal);
    if (asked !== this.#token) {
      throw new Unreachable("somebody else has signed in, or out");
    }
    return answer;
  }

  async #answer(method, path, as, signal) {
    const asked = this.#token;
    let outcome = null;
    try {
      const response = await this.#fetch(method, path, signal);
      if (!response.ok) {
        outcome = await refusal(response);
        throw outcome;
      }
      return await response[as]();
    } catch (failure) {
      outcome = failure instanceof Refusal ? failure : new Unreachable("the server did not answer");
      throw outcome;
    } finally {
      // What comes to who has meanwhile signed in as somebody else is no news, nor is what was given up.
      if (asked === this.#token && !(signal.aborted && signal.reason === Api.GIVEN_UP)) {
        this.#heard(outcome);
      }
    }
  }

  /** Why a signal was aborted that nobody has to hear of. */
  static GIVEN_UP = Symbol("given up");

  #fetch(method, path, signal) {
    const headers = {};
    if (this.#token !== null) {
      headers.Authorization = `Bearer ${this.#token}`;
    }
    if (method === "POST") {
      headers["Content-Type"] = "application/json";
    }
    return fetch(path, { method, headers, signal, cache: "no-store", credentials: "same-origin" });
  }
}

async function refusal(response) {
  try {
    const { code, detail } = await response.json();
    return new Refusal(response.status, code, detail);
  } catch {
    return new Refusal(response.status, `http-${response.status}`, `The answer has status ${response.status}.`);
  }
}
