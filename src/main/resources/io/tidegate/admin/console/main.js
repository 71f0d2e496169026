// The console: who operates the server, what is looked at, and how often.
import { Api } from "./api.js";
import { Connections } from "./connections.js";
import { element, say } from "./dom.js";
import { Drain } from "./drain.js";
import { Ends } from "./ends.js";
import { FeedPanel } from "./feed.js";
import { Scrape } from "./metrics.js";
import { Nodes } from "./nodes.js";
import { Plots } from "./plots.js";
import { Poll } from "./poll.js";
import { SignIn } from "./sign-in.js";

/** The rates of the plots are those of this long. */
const METRICS_MS = 1_000;
const ABOUT_MS = 2_000;

const NOBODY = 401;
const NOT_ALLOWED = 403;
const TOO_MANY_FAILURES = 429;

const api = new Api(heard);
const told = (text) => say(element("told"), text);
const ends = new Ends(api, told);
const connections = new Connections(api, ends, told);
const plots = new Plots();
const feed = new FeedPanel(api);
const nodes = new Nodes(api);
const metrics = new Poll(lookAtMetrics, () => METRICS_MS);
const about = new Poll(lookAtServer, () => ABOUT_MS);
/** Which server was seen last, null if none was: in a container every one has the same number, and at another time. */
let seen = null;
const looks = [connections, ends, metrics, about];
const drain = new Drain(api, { reached, lost });
const signIn = new SignIn(api, () => {
  leave();
  drain.start();
});

/** As long as the server answers, all of it is looked at. */
function reached() {
  signIn.let();
  looks.forEach((look) => look.start());
}

function lost() {
  looks.forEach((look) => look.stop());
  plots.interrupt();
}

/** Nothing that was seen stays in the page. */
function leave() {
  drain.stop();
  lost();
  [plots, feed, nodes, ends].forEach((panel) => panel.empty());
  ["version", "pid", "addresses"].forEach((fact) => say(element(fact), "–"));
  told("");
  seen = null;
}

function heard(outcome) {
  if (outcome?.status === NOBODY) {
    const why = api.isSomebody ? "That token is nobody's." : "This server is operated by those only who show a token.";
    ask(why);
  } else if (outcome?.status === NOT_ALLOWED && outcome.code === "forbidden") {
    ask("That identity may not operate the server: it lacks the right admin.");
  } else if (outcome?.status === TOO_MANY_FAILURES) {
    ask(outcome.message);
  }
}

function ask(why) {
  leave();
  element("state").dataset.state = "signed-out";
  say(element("state"), "Signed out");
  signIn.ask(why);
}

async function lookAtMetrics(isWanted) {
  const scrape = new Scrape(await api.text("metrics"), Date.now());
  if (!isWanted()) {
    return;
  }
  plots.add(scrape);
  feed.show(scrape);
}

async function lookAtServer(isWanted) {
  const server = await api.get("v1/server");
  if (!isWanted()) {
    return;
  }
  const run = `${server.pid} ${server.startedAt}`;
  if (seen !== null && seen !== run) {
    // It has taken over, faster than anybody could look.
    connections.clear();
    ends.clear();
    plots.interrupt();
    feed.empty();
    drain.another();
  }
  seen = run;
  feed.about(server);
  say(element("version"), server.version);
  say(element("pid"), String(server.pid));
  say(element("addresses"), `${server.tcp} · ${server.http}`);
  await nodes.look(isWanted);
}

drain.start();
