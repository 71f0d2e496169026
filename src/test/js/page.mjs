// A page as the console's modules see it, as much of it as they need.

class Element {
  children = [];
  dataset = {};
  style = {};
  hidden = false;
  disabled = false;
  open = false;
  textContent = "";
  value = "";
  returnValue = "";
  scrollTop = 0;
  scrollHeight = 0;
  clientHeight = 0;
  offsetHeight = 0;
  classList = { toggle: () => {} };
  listeners = {};

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  setAttribute(name, value) {
    this[name] = value;
  }

  removeAttribute(name) {
    delete this[name];
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  focus() {}

  click() {
    return this.listeners.click();
  }

  showModal() {
    this.open = true;
  }

  /** The event comes later, as in a browser. */
  close(value) {
    this.open = false;
    this.returnValue = value;
    setImmediate(() => this.listeners.close?.());
  }
}

const page = new Map();

/** An element by its id; every one is there. */
export function shown(id) {
  if (!page.has(id)) {
    page.set(id, new Element());
  }
  return page.get(id);
}

/** Another page. */
export function clear() {
  page.clear();
}

/** Waits for what is shown, and says what was instead. */
export async function until(condition, instead) {
  for (const giveUpAt = Date.now() + 10_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > giveUpAt) {
      throw new Error(`it shows ${instead()}`);
    }
  }
}

globalThis.document = {
  hidden: false,
  addEventListener: () => {},
  getElementById: shown,
  createElement: () => new Element(),
};
globalThis.location = { protocol: "http:" };
globalThis.requestAnimationFrame = (draw) => setImmediate(draw);
globalThis.ResizeObserver = class {
  observe() {}
};
