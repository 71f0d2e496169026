// What a stop would take, in words.
import { count, counted } from "./format.js";

/** A sentence about a forecast. */
export function foretold({ connections, lagging, stuck, likelyMillis, longestMillis }) {
  const likely = `${(likelyMillis / 1000).toFixed(1)} s`;
  const unless = stuck > 0 ? " if the stuck clients go on not to read" : "";
  return (
    `${counted(connections, "connection")}, ${count(lagging)} lagging, ${count(stuck)} stuck: a stop takes about ${likely}${unless},` +
    ` and ${(longestMillis / 1000).toFixed(1)} s at most until every connection has ended.`
  );
}
