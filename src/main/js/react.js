import { useMemo, useSyncExternalStore } from "react";

const NOTHING = { documents: new Map(), state: "connecting", reason: null, position: undefined };

/** What a component shows of a live map: at each change another object, since React looks at nothing else. */
class View {
  #client;
  #selectors;
  #shown = NOTHING;

  constructor(client, selectors) {
    this.#client = client;
    this.#selectors = selectors;
  }

  shown = () => this.#shown;

  subscribe = (listener) => {
    const map = this.#client.follow(...this.#selectors);
    const look = (changes) => {
      const { state, reason, position } = map;
      // A map that has just been opened has nothing yet: what was shown stays until it is ready.
      const documents = map.isReady && changes.length > 0 ? new Map(map) : this.#shown.documents;
      this.#shown = { documents, state, reason, position };
      listener();
    };
    const leave = map.subscribe(look);
    return () => {
      leave();
      map.close();
    };
  };
}

/** Follows a selection for as long as the component is there. */
export function useFollow(client, ...selectors) {
  const key = JSON.stringify(selectors);
  const view = useMemo(() => new View(client, JSON.parse(key)), [client, key]);
  return useSyncExternalStore(view.subscribe, view.shown, () => NOTHING);
}
