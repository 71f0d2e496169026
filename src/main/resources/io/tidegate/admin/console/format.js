// Numbers as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `12,345`; a dash for what is not known. */
export function count(value) {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : whole.format(value);
}

/** `1 connection`, `2 connections`. */
export function counted(number, thing) {
  return `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** `0.25`, `12,345`: three digits at least say how many there are of few. */
export function few(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  return Math.abs(value) < 100 ? short.format(value) : whole.format(value);
}

/** `12.3 MB`, by thousands. */
export function bytes(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : short.format(value)} ${UNITS[unit]}`;
}

/** For how long: `0.3 s`, `12 s`, `3 m 05 s`, `2 h 07 m`, `4 d 3 h`. */
export function duration(millis) {
  if (millis === null || millis === undefined) {
    return "–";
  }
  const seconds = Math.floor(millis / 1000);
  if (seconds < 10) {
    return `${(Math.floor(millis / 100) / 10).toFixed(1)} s`;
  }
  const two = (value) => String(value).padStart(2, "0");
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} m`;
  }
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

/** A time that is short: `0.3 ms`, `120 ms`, `1.5 s`. */
export function latency(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return "–";
  }
  return seconds < 1 ? `${short.format(seconds * 1000)} ms` : `${short.format(seconds)} s`;
}

/** When it was: `14:05:09`. */
export function clock(date) {
  return new Date(date).toLocaleTimeString("en-GB");
}
