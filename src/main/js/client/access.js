/** Why something was not done: one of the protocol's codes, or `http-502`, `offline`, `cut`, `closed`. */
export class TidegateError extends Error {
  constructor(code, message, more) {
    super(message);
    Object.assign(this, { code }, more);
  }
}

/**
 * What a response that is none of the good ones says; it is final if that stays so however often the same is asked. Of a head that
 * was cut within its status, browsers take what there is for a status.
 */
export async function refusal(response) {
  const { status, headers } = response;
  const { code = `http-${status}`, detail = code } = await response.json().catch(() => ({}));
  const isFinal = /^4(?!08|29)../.test(status);
  return new TidegateError(code, detail, { status, isFinal, retryAfter: 1000 * headers.get("Retry-After") || 0 });
}

/** Says to the server who asks. */
export class Access {
  #getToken;

  constructor({ token, getToken }) {
    this.token = token;
    this.#getToken = getToken;
  }

  /** The next request is made with another token; false if there is none. */
  renew(token = this.token) {
    if (this.#getToken && token === this.token) {
      this.token = undefined;
    }
    return !!this.#getToken;
  }

  /** The token; undefined if there is none. */
  async shown() {
    return (this.token ??= await this.#getToken?.());
  }

  /** A request with the token; if that is nobody's any more, once more with another one. */
  async fetch(url, init, isAgain) {
    const token = await this.shown();
    init.signal?.throwIfAborted();
    const headers = { ...init.headers, ...(token && { Authorization: "Bearer " + token }) };
    const response = await fetch(url(), { ...init, headers });
    return response.status === 401 && !isAgain && this.renew(token) ? this.fetch(url, init, true) : response;
  }
}
