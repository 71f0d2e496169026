import type { Client, State, TidegateError } from "./client.js";

export interface Followed<V = unknown> {
  /** The documents by their names: another `Map` after each change, empty until the first snapshot is whole. */
  readonly documents: ReadonlyMap<string, V>;
  readonly state: State;
  readonly reason: TidegateError | null;
  readonly position: string | undefined;
}

/** Follows a selection for as long as the component is there; everything that may be read if no selector is given. */
export function useFollow<V = unknown>(client: Client, ...selectors: string[]): Followed<V>;
