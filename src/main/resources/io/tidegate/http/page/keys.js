// Lists of buttons by the keyboard: Tab goes to the list, and the arrows go through it.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class Roving {
  #list;
  #turns;

  /**
   * @param list has the buttons
   * @param turns what PageDown and PageUp do, if anything
   */
  constructor(list, turns = {}) {
    this.#list = list;
    this.#turns = turns;
    list.addEventListener("keydown", (event) => this.#pressed(event));
    list.addEventListener("focusin", ({ target }) => this.#stand(target.closest("button")));
  }

  get #buttons() {
    return [...this.#list.querySelectorAll("button")];
  }

  /** Other buttons have come: Tab has to meet one of them. */
  settle() {
    const buttons = this.#buttons;
    if (!buttons.some((button) => button.tabIndex === 0)) {
      this.#stand(buttons[0]);
    }
  }

  focus() {
    const buttons = this.#buttons;
    (buttons.find((button) => button.tabIndex === 0) ?? buttons[0])?.focus();
  }

  first() {
    this.#buttons[0]?.focus();
  }

  #stand(here) {
    if (here) {
      this.#buttons.forEach((button) => (button.tabIndex = button === here ? 0 : -1));
    }
  }

  #pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const buttons = this.#buttons;
    const at = buttons.indexOf(document.activeElement);
    const turn = this.#turns[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : at + (STEPS[event.key] ?? 0);
    if (turn) {
      event.preventDefault();
      turn();
    } else if (to !== at || event.key in STEPS) {
      event.preventDefault();
      buttons[to]?.focus();
    }
  }
}
