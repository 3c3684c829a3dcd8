/** The list above the composer from which one chooses while typing: commands, inline results. */

import { el } from "./dom.js";

/** @typedef {{content: (Node | string)[], choose: () => void, complete?: () => void}} Suggestion */

let lists = 0;

export class Suggestions {
  /** @type {Suggestion[]} */
  #items = [];
  #active = 0;
  #input;
  #id = `suggestions-${++lists}`;

  /**
   * @param {HTMLTextAreaElement} input which keeps the keyboard focus
   * @param {string} testId
   * @param {string} label
   */
  constructor(input, testId, label) {
    this.#input = input;
    this.note = el("p", { class: "suggestions-note", role: "status", hidden: true });
    this.list = el("div", { class: "suggestions-list", id: this.#id, role: "listbox", "aria-label": label });
    this.element = el("div", { class: "suggestions", "data-testid": testId, hidden: true }, this.note, this.list);
    // The input must not lose the focus to a click in the list.
    this.element.addEventListener("mousedown", (/** @type {Event} */ event) => event.preventDefault());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * @param {Suggestion[]} items
   * @param {string} [note] said above the list, or in place of an empty one
   */
  show(items, note = "") {
    this.#items = items;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.list.scrollTop = 0;
    this.element.hidden = !note && items.length === 0;
    this.#activate(0);
  }

  close() {
    this.#items = [];
    this.list.replaceChildren();
    this.element.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.removeAttribute("aria-controls");
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was meant for the list
   */
  handleKey(event) {
    if (!this.isOpen || event.isComposing) return false;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const item = this.#items[this.#active];
    if (event.key === "Escape") this.close();
    else if (!item || !isPlain) return false;
    else if (event.key === "ArrowDown") this.#activate(this.#active + 1);
    else if (event.key === "ArrowUp") this.#activate(this.#active - 1);
    else if (event.key === "Enter") item.choose();
    else if (event.key === "Tab" && item.complete) item.complete();
    else return false;
    event.preventDefault();
    return true;
  }

  /**
   * @param {Suggestion} item
   * @param {number} index
   */
  #option(item, index) {
    return el(
      "div",
      {
        id: `${this.#id}-${index}`,
        class: "suggestion",
        role: "option",
        "aria-selected": "false",
        onclick: () => item.choose(),
      },
      item.content,
    );
  }

  /** @param {number} index counted around the ends of the list */
  #activate(index) {
    const options = /** @type {HTMLElement[]} */ ([...this.list.children]);
    if (options.length === 0) return;
    this.#active = (index + options.length) % options.length;
    options.forEach((option, position) => option.setAttribute("aria-selected", String(position === this.#active)));
    options[this.#active].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-controls", this.#id);
    this.#input.setAttribute("aria-activedescendant", options[this.#active].id);
  }
}
