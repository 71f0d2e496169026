// Who operates the server, where that has to be somebody in particular.
import { element, say } from "./dom.js";

/** The form for a token, and the way out. */
export class SignIn {
  #api;
  #changed;

  /** @param changed called when somebody has signed in, or out */
  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
    element("sign-in").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#api.signIn(element("token").value.trim());
      element("token").value = "";
      this.#changed();
    });
    element("sign-out").addEventListener("click", () => {
      this.#api.signOut();
      this.hide();
      this.#changed();
    });
    if (location.protocol !== "https:") {
      say(element("sign-in-way"), "This page is not encrypted, nor is the token on its way.");
    }
  }

  /** Somebody who may operate the server has to sign in. */
  ask(why) {
    this.#api.signOut();
    this.hide();
    say(element("sign-in-note"), why);
    if (element("sign-in").hidden) {
      element("sign-in").hidden = false;
      element("token").focus();
    }
  }

  /** Nothing is for whoever comes next, whether the server answers or not. */
  hide() {
    element("sign-out").hidden = true;
    element("panels").hidden = true;
  }

  /** Whoever asks may do so. */
  let() {
    if (!element("sign-in").hidden || element("panels").hidden) {
      element("sign-in").hidden = true;
      element("panels").hidden = false;
    }
    element("sign-out").hidden = !this.#api.isSomebody;
  }
}
