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
    let isShown = false;
    let hasLeft = false;
    const look = (changes) => {
      if (hasLeft) {
        return;
      }
      // Until a map is ready what was shown stays, of the map before. One that is empty is ready without a change.
      const isOther = map.isReady && (changes.length > 0 || !isShown);
      isShown = map.isReady;
      const { state, reason, position } = map;
      this.#shown = { documents: isOther ? new Map(map) : this.#shown.documents, state, reason, position };
      listener();
    };
    const leave = map.subscribe(look);
    // Behind what is told at once: of an empty map nothing may be told until others have caught up.
    const ready = map.ready.then(() => {});
    ready.then(
      () => isShown || look([]),
      () => {},
    );
    return () => {
      hasLeft = true;
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
