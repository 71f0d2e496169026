import { element } from "./dom.js";

/** The form for a token, where one is needed, and the way out. */
export class SignIn {
  #reader;
  #heard;

  /** @param heard is told: `entered()`; `left(why)`; `stayed(why)` when it cannot be left now */
  constructor(reader, heard) {
    this.#reader = reader;
    this.#heard = heard;
    element("sign-in").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    });
    element("sign-out").addEventListener("click", () => this.#signOut());
  }

  /** @param isNeeded whether nothing is shown otherwise */
  show(isNeeded) {
    if (isNeeded === element("sign-in").hidden) {
      element("sign-in-note").textContent = this.#reader.isEncrypted
        ? ""
        : "This page is not encrypted, nor is the token on its way. It is kept until the page is closed or loaded anew.";
    }
    element("sign-in").hidden = !isNeeded;
    element("sign-out").hidden = isNeeded || !this.#reader.isSomebody;
  }

  async #signIn() {
    const refusal = await this.#reader.signIn(element("token").value);
    element("token").value = "";
    if (refusal === null) {
      this.#heard.entered();
    } else {
      element("sign-in-note").textContent = refusal;
    }
  }

  async #signOut() {
    if (await this.#reader.signOut()) {
      this.#heard.left("Signed out");
    } else {
      this.#heard.stayed("The server cannot be reached: you are still signed in");
    }
  }
}
