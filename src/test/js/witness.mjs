/**
 * Follows a feed through whatever happens to its connections, and bears witness of what it was told. Some maps stay, others come
 * and go all the time. It stands alone: a browser gets its text.
 */
export function witnessOf(tidegate, url) {
  const STAYING = ["orders", "rates/eu-*"];
  const PASSING = ["rates", "orders/1*", "rates/eu-1", "desks", "rates/us-*", "orders/2"];
  const CHURN_INTERVAL = 40;

  const client = tidegate(url, { backoff: () => 3 * Math.random() });
  const seen = { duplicates: 0, reorders: 0, anew: 0, applied: {}, opened: 0 };
  const maps = new Map();
  let churn;

  function follow(selector) {
    const map = client.follow(selector);
    const applied = new Set();
    let last = 0;
    let isFirst = true;
    seen.opened++;
    map.subscribe((changes) => {
      for (const { seq } of changes) {
        if (seq === undefined) {
          seen.anew += isFirst ? 0 : 1;
        } else if (seq <= last) {
          seen[applied.has(seq) ? "duplicates" : "reorders"]++;
        } else {
          applied.add(seq);
          last = seq;
        }
      }
      isFirst = isFirst && changes.length === 0 && !map.isReady;
      if (STAYING.includes(selector)) {
        seen.applied[selector] = applied.size;
      }
    });
    maps.set(selector, map);
    return map;
  }

  function comeAndGo() {
    const selector = PASSING[Math.floor(Math.random() * PASSING.length)];
    if (maps.has(selector)) {
      maps.get(selector).close();
      maps.delete(selector);
    } else {
      follow(selector);
    }
  }

  /** True as soon as a map has all up to there; one that has ended never will. */
  function isAt(map, seq) {
    if (map.state === "ended") {
      throw map.reason;
    }
    return map.isReady && map.state === "live" && Number(map.position.split(":")[1]) >= seq;
  }

  async function reach(holds) {
    while (!holds()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  return {
    /** Begins to follow; the maps that stay are ready then. */
    async begin() {
      await Promise.all(STAYING.map((selector) => follow(selector).ready));
      return "following";
    },

    stir() {
      churn = setInterval(comeAndGo, CHURN_INTERVAL);
      return "stirring";
    },

    /** What all maps have, when they have all up to there, and nothing comes and goes any more. */
    async at(seq) {
      clearInterval(churn);
      await reach(() => [...maps.values()].every((map) => isAt(map, seq)));
      // What was told last is told to listeners in a turn of its own.
      await new Promise((resolve) => setTimeout(resolve));
      const shown = Object.fromEntries([...maps].map(([selector, map]) => [selector, Object.fromEntries(map)]));
      return JSON.stringify({ ...seen, maps: shown });
    },

    /** Opens many maps at once; how many are ready. */
    async many(count) {
      const opened = Array.from({ length: count }, (_, i) => follow(`orders/${i}`));
      await Promise.all(opened.map((map) => map.ready));
      return String(opened.length);
    },
  };
}
