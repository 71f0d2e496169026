import { element, number } from "./dom.js";

/** A point each second, for the last minutes. */
const SECOND = 1_000;
const POINTS = 180;

const HEIGHT = 40;

/** How many updates came in each of the last seconds, as a line. */
export class Rate {
  #count = 0;
  #points = new Array(POINTS).fill(0);
  #at = performance.now();

  constructor() {
    setInterval(() => this.#tick(), SECOND);
    this.#draw();
  }

  take() {
    this.#count++;
  }

  clear() {
    this.#count = 0;
    this.#points.fill(0);
    this.#draw();
  }

  /** A browser lets a page that nobody looks at rest for longer than a second. */
  #tick() {
    const now = performance.now();
    const seconds = Math.max(1, Math.min(POINTS, Math.round((now - this.#at) / SECOND)));
    this.#points.splice(0, seconds);
    this.#points.push(...new Array(seconds).fill((this.#count * SECOND) / (now - this.#at)));
    this.#at = now;
    this.#count = 0;
    this.#draw();
  }

  #draw() {
    const most = Math.max(...this.#points);
    const y = (rate) => (HEIGHT - 1 - (most === 0 ? 0 : (rate / most) * (HEIGHT - 4))).toFixed(1);
    const line = this.#points.map((rate, x) => `${x === 0 ? "M" : "L"}${x} ${y(rate)}`).join("");
    element("rate-line").setAttribute("d", line);
    element("rate-area").setAttribute("d", `${line}V${HEIGHT}H0Z`);
    const now = number(Math.round(this.#points.at(-1)));
    element("rate").textContent = now;
    element("rate-most").textContent = `${number(Math.round(most))}/s at most in 3 minutes`;
    element("rate-picture").setAttribute("aria-label", `Updates a second: ${now} now, ${number(Math.round(most))} at most`);
  }
}
