import { element } from "./dom.js";

/** Asks for a token where a change needs one, and none was shown since the page was loaded. */
export class Proof {
  #reader;
  #answer = null;

  constructor(reader) {
    this.#reader = reader;
    element("proof").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#show();
    });
  }

  /** Does something, and once more with a token if it is not done without. */
  async doing(action) {
    try {
      return await action();
    } catch (failure) {
      if (failure.code !== "unauthenticated" || !(await this.#ask(failure))) {
        throw failure;
      }
      return await action();
    }
  }

  /** Nobody wants it done any more. */
  leave() {
    element("proof").hidden = true;
    this.#answer?.(false);
    this.#answer = null;
  }

  #ask() {
    this.leave();
    element("proof-note").textContent = "A change needs your token itself. It is kept until the page is closed or loaded anew.";
    element("proof").hidden = false;
    element("proof-token").focus();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  async #show() {
    const refusal = await this.#reader.signIn(element("proof-token").value);
    element("proof-token").value = "";
    if (refusal === null) {
      const answer = this.#answer;
      this.#answer = null;
      element("proof").hidden = true;
      answer?.(true);
    } else {
      element("proof-note").textContent = refusal;
    }
  }
}
