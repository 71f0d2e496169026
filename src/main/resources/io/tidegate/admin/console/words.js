// How a drain stands, how it ended and what it would take, in words.
import { clock, count, counted, duration } from "./format.js";

const STATES = { running: "Running", announcing: "Announcing its end", closing: "Closing", ended: "Ended" };

/** How the server stands, in few words. */
export function title({ phase, open, announceMillis }, isGone, report) {
  if (isGone) {
    return report === null ? "The server cannot be reached" : "The server is gone";
  }
  if (phase === "announcing") {
    return `${STATES.announcing}: ${duration(announceMillis)} left`;
  }
  return STATES[phase] ?? `Draining: ${count(open)} open`;
}

/** How a server stands that answers. */
export function stands({ phase, open, stragglers, leftMillis, reason }) {
  if (phase === "running") {
    return `${counted(open, "connection")} open.`;
  }
  const wait = leftMillis > 0 ? `, ${duration(leftMillis)} left at most` : "";
  return `Told to end by ${reason}: ${count(open)} open, ${counted(stragglers, "straggler")}${wait}.`;
}

/** What is known of one that does not: nothing but what was seen. */
export function lastWords({ phase, line }, heardAt, lostAt, report) {
  if (report !== null) {
    return `It has not answered since ${clock(lostAt)}. This is its report:`;
  }
  const doubt = phase === "running" ? " Whether it has ended cannot be told from here." : "";
  return `It has not answered since ${clock(lostAt)}, and its report was not seen. The last that it said, at ${clock(heardAt)}: ${line}.${doubt}`;
}

/** What is asked before a stop that is announced for so long at least. */
export function asked(forecast, announce) {
  const announced = Math.max(announce, forecast.announceMillis);
  const cancelled =
    announced === 0
      ? "It begins at once, and cannot be cancelled then."
      : `It is announced for ${duration(announced)}: new clients are still let in, and it can be cancelled up to then.`;
  return `${foretold(forecast, announce)} ${cancelled}`;
}

/** A sentence about a forecast, which knows what the settings say, and not for how long somebody wants it to be announced. */
export function foretold({ connections, lagging, stuck, announceMillis, likelyMillis, longestMillis }, announce) {
  const longer = Math.max(0, announce - announceMillis);
  const seconds = (millis) => `${((millis + longer) / 1000).toFixed(1)} s`;
  const unless = stuck > 0 ? " if the stuck clients go on not to read" : "";
  return (
    `${counted(connections, "connection")}, ${count(lagging)} lagging, ${count(stuck)} stuck: a stop takes about ${seconds(likelyMillis)}${unless},` +
    ` and ${seconds(longestMillis)} at most until every connection has ended.`
  );
}
