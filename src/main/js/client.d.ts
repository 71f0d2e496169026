/**
 * - `connecting`: the first answer of the server is waited for
 * - `loading`: documents, or what was missed, are on their way
 * - `live`: all that was committed is here, and what is committed comes
 * - `waiting`: the connection ended; another one begins in `reason.retryInMs`
 * - `ended`: it was closed, or refused for good, as `reason` says
 */
export type State = "connecting" | "loading" | "live" | "waiting" | "ended";

/** What an update, or a difference that a snapshot made, is about. Those of snapshots have no `seq`. */
interface Changed {
  /** `collection/key`. */
  readonly name: string;
  readonly seq?: number;
}

/** A document has become another one, or is a new one. */
export interface Put<V = unknown> extends Changed {
  readonly event: "put";
  readonly value: V;
  /** The value as it came, digit for digit. Missing for what another live map of the same client had already. */
  readonly text?: string;
}

/** A document is there no more. */
export interface Delete extends Changed {
  readonly event: "delete";
  readonly value?: undefined;
  readonly text?: undefined;
}

export type Change<V = unknown> = Put<V> | Delete;

/** The documents of a selection by their names (`collection/key`), as they are. */
export interface LiveMap<V = unknown> extends ReadonlyMap<string, V> {
  /** Resolves when the first snapshot is whole; fails if it never will be. */
  readonly ready: Promise<LiveMap<V>>;
  readonly isReady: boolean;
  readonly state: State;
  /** Why it waits, or has ended. */
  readonly reason: TidegateError | null;
  /** `epoch:seq`; undefined until it is ready. */
  readonly position: string | undefined;
  readonly selectors: readonly string[];
  /** Calls the listener after each change, of the state too (then with no changes); returns how to stop it. */
  subscribe(listener: (changes: readonly Change<V>[], map: LiveMap<V>) => void): () => void;
  /** Nobody follows it any more. */
  close(): void;
}

export interface Options {
  /** Who asks. */
  token?: string;
  /** Gives a token, at first and whenever the last one is nobody's any more or about to expire. */
  getToken?(): string | undefined | Promise<string | undefined>;
  /** Makes values of their texts, instead of `JSON.parse`. */
  parse?(text: string): unknown;
  /** Coming back, get each changed document once, in its newest form, instead of every step. */
  latest?: boolean;
  /** Send changes without a condition by a WebSocket, one behind the other, instead of by HTTP. */
  writer?: boolean;
  /** The class of the WebSocket, where there is none by that name. */
  WebSocket?: unknown;
  /** How long to wait before a try, in milliseconds, after so many in vain. */
  backoff?(tries: number): number;
  /** After so many milliseconds without a sign of the server that owes one the connection, or the try, is given up: 40,000. */
  silence?: number;
}

export interface ChangeOptions {
  /** Only if the document is as it was at this position, or, with `*`, if there is one. */
  ifMatch?: string;
  /** Only if the document is not at this position, or, with `*`, if there is none. */
  ifNoneMatch?: string;
  /** By which the change takes effect once, however often it is sent; a random one by default. */
  id?: string;
  /** How long to try; a minute by default. */
  signal?: AbortSignal;
}

export interface Outcome {
  readonly seq: number;
  /** The position of the update, by which the next one can be on condition; undefined by WebSocket, which does not tell it. */
  readonly position?: string;
}

export interface Client {
  /** Opens a live map; of everything that may be read if no selector is given. */
  follow<V = unknown>(...selectors: string[]): LiveMap<V>;
  /** Reads one document; undefined if there is none. It is asked for once. */
  get<V = unknown>(
    name: string,
    options?: { signal?: AbortSignal },
  ): Promise<{ value: V; text: string; position?: string } | undefined>;
  put(name: string, value: unknown, options?: ChangeOptions): Promise<Outcome>;
  delete(name: string, options?: ChangeOptions): Promise<Outcome>;
  /** Ends all its live maps and connections. */
  close(): Promise<void>;
}

/**
 * The client of a server: the same one for the same address and options, of which functions and objects are the same only if they are
 * one. The default is the server that the page is of.
 */
export function tidegate(url?: string, options?: Options): Client;

/** Why something was not done. */
export class TidegateError extends Error {
  /** One of the protocol's, or `offline`, `cut`, `closed`, the reason of a goodbye, or `http-502` and the like. */
  readonly code: string;
  readonly status?: number;
  /** With `precondition-failed`: the position of the document as it is. */
  readonly position?: string;
  /** Of what waits: when the next try comes, in milliseconds. */
  readonly retryInMs?: number;
  /** Whether it stays wrong however often it is asked. */
  readonly isFinal?: boolean;
}
