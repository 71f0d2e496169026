// How many, how fast and how late, over the last minutes.
import uPlot from "./uplot/uPlot.esm.js";
import { element, node, say } from "./dom.js";
import { bytes, clock, few, latency } from "./format.js";
import { History } from "./history.js";
import { quantile, rate } from "./metrics.js";

const KEPT_SECONDS = 300;
const HEIGHT = 150;

/** Until it is seen how wide it may be. */
const USUAL_WIDTH = 300;

/** Each has a title, how its values are written, and its series: their name, colour, and value between two looks. */
const PLOTS = [
  plot("connections", "Connections", few, series("open", "one", (before, after) => after.sum("tidegate_connections"))),
  plot("deliveries", "Deliveries a second", few, counter("delivered", "tidegate_sent_updates_total")),
  plot("updates", "Updates a second", few, counter("committed", "tidegate_updates_committed_total")),
  plot("bytes", "Bytes a second", bytes, counter("sent", "tidegate_sent_bytes_total")),
  plot("latency", "A put takes", latency, put("half ─", "one", 0.5), put("99 % ┄", "two", 0.99)),
];

function plot(name, title, shown, ...all) {
  return { name, title, shown, series: all };
}

function series(name, colour, value) {
  return { name, colour, value };
}

function counter(name, metric) {
  return series(name, "one", (before, after) => rate(before, after, metric));
}

/** A commit counts once, with the change in it that waited longest. */
function put(name, colour, part) {
  return series(name, colour, (before, after) => quantile(before, after, "tidegate_publish_seconds", part));
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** All plots; each moves on with each look. */
export class Plots {
  #shown = PLOTS.map((plotted) => new Plot(plotted));
  #before = null;

  constructor() {
    element("plots").replaceChildren(...this.#shown.map((each) => each.figure));
    this.#shown.forEach((each) => each.begin());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#shown.forEach((each) => each.draw()));
  }

  /** @param scrape what the server counts now */
  add(scrape) {
    if (this.#before !== null) {
      this.#shown.forEach((each) => each.add(this.#before, scrape));
    }
    this.#before = scrape;
  }

  /** Another server answers, or none did for a while: no line leads from then to now. */
  interrupt() {
    this.#before = null;
  }

  empty() {
    this.#before = null;
    this.#shown.forEach((each) => each.clear());
  }
}

/** One of them: a figure with its title, what is now, and lines. */
class Plot {
  figure = node("figure");
  #plotted;
  #history;
  #chart = null;
  #now = node("output", "–");
  #field = node("div");

  constructor(plotted) {
    this.#plotted = plotted;
    this.#history = new History(plotted.series.length, KEPT_SECONDS);
    this.figure.id = `plot-${plotted.name}`;
    this.#now.setAttribute("aria-live", "off");
    this.#field.className = "plot";
    this.#field.setAttribute("role", "img");
    this.#field.setAttribute("aria-label", `${plotted.title} in the last ${KEPT_SECONDS / 60} minutes`);
    this.figure.append(node("figcaption", "", node("span", plotted.title), this.#now), this.#field);
  }

  /** It is in the page. */
  begin() {
    this.#chart = new uPlot(this.#options(), this.#history.columns, this.#field);
    new ResizeObserver(() => this.#resize()).observe(this.#field);
  }

  #resize() {
    const width = this.#field.clientWidth;
    if (width > 0) {
      this.#chart.setSize({ width, height: HEIGHT });
    }
  }

  #options() {
    const grid = { stroke: () => colour("line"), width: 1 };
    const axis = { stroke: () => colour("quiet"), font: "11px system-ui", grid, ticks: { show: false } };
    const { shown } = this.#plotted;
    return {
      width: USUAL_WIDTH,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: "tidegate" } },
      hooks: { setCursor: [() => this.#say()] },
      scales: {
        x: { range: () => [Date.now() / 1000 - KEPT_SECONDS, Date.now() / 1000] },
        y: { range: (chart, least, most) => [0, most > 0 ? most * 1.1 : 1] },
      },
      axes: [
        { ...axis, space: 70, size: 24, values: (chart, times) => times.map((time) => clock(time * 1000).slice(0, 5)) },
        { ...axis, space: 36, size: 62, values: (chart, values) => values.map(shown) },
      ],
      series: [{}, ...this.#plotted.series.map((each) => lineOf(each))],
    };
  }

  add(before, after) {
    this.#history.add(after.at / 1000, ...this.#plotted.series.map(({ value }) => value(before, after)));
    this.draw();
  }

  clear() {
    this.#history.clear();
    this.draw();
  }

  draw() {
    this.#chart.setData(this.#history.columns);
    this.#say();
  }

  /** What is now, or what was where somebody points at. */
  #say() {
    const columns = this.#history.columns;
    const at = this.#chart?.cursor.idx ?? columns[0].length - 1;
    const values = this.#plotted.series.map(({ name }, index) => {
      const value = this.#plotted.shown(columns[index + 1][at]);
      return this.#plotted.series.length === 1 ? value : `${name} ${value}`;
    });
    say(this.#now, values.join(" · "));
  }
}

function lineOf(one) {
  // Not by colour alone.
  const dash = one.colour === "one" ? [] : [5, 3];
  return { label: one.name, stroke: () => colour(one.colour), width: 1.5, dash, spanGaps: false, points: { show: false } };
}
