// The connections as rows: which columns there are, which rows are wanted, in which order.
import { bytes, count, duration } from "./format.js";

const STATES = { OPEN: "open", DRAINING: "draining", FIN_SENT: "FIN sent" };

/** The listener stands before what is spoken where both differ. */
const spoken = (row) => (row.listener === row.transport ? row.transport : `${row.listener} ${row.transport}`);

/** Those that stand to the right. */
const NUMBERS = new Set(["id", "age", "lag", "unsent", "stuck", "sent"]);

/** Each has a name, a title, what its rows are sorted by, and what is shown. */
export const COLUMNS = [
  column("id", "ID", (row) => row.id, String),
  column("peer", "Peer", (row) => row.peer),
  column("spoken", "Spoken", spoken),
  column("identity", "Identity", (row) => row.identity),
  column("age", "Age", (row) => row.ageMillis, duration),
  column("state", "State", (row) => STATES[row.state] ?? row.state),
  column("lag", "Lag", (row) => row.lag, count),
  column("unsent", "Unsent", (row) => row.bytesUnsent, bytes),
  column("stuck", "Stuck", (row) => row.stuckMillis, (millis) => (millis > 0 ? duration(millis) : "")),
  column("follows", "Follows", (row) => row.follows),
  column("sent", "Sent", (row) => row.bytesSent, bytes),
];

function column(name, title, of, shown = (value) => value) {
  return { name, title, of, shown: (row) => shown(of(row)), isNumber: NUMBERS.has(name) };
}

/** Numbers in texts are in the order of numbers: a peer's port 9000 comes before 10000. */
const comparable = (value) =>
  typeof value === "string" ? value.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, "0")) : value;

/** In the order of a column, and of their numbers where that does not tell. */
export function sorted(rows, name, isDescending) {
  const { of } = COLUMNS.find((each) => each.name === name);
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, by: comparable(of(row)) }))
    .sort((one, other) => {
      const order = one.by < other.by ? -1 : one.by > other.by ? 1 : 0;
      return sign * order || one.row.id - other.row.id;
    })
    .map(({ row }) => row);
}

/** Those in which all words of the text are found, wherever. */
export function filtered(rows, wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) {
    return rows;
  }
  return rows.filter((row) => {
    const all = [row.id, row.peer, spoken(row), row.identity, STATES[row.state], row.follows, row.progress, row.userAgent]
      .join(" ")
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Which of these numbers there still are. */
export function stillThere(ids, rows) {
  const there = new Set(rows.map((row) => row.id));
  return new Set([...ids].filter((id) => there.has(id)));
}
