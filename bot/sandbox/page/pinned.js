/** The bar with the pinned message. Each click goes to the one it shows, and then shows the next older one. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { summary } from "./messages.js";

export class PinnedBar {
  #context;
  #shown = 0;

  /** @param {import("./messages.js").Context} context */
  constructor(context) {
    this.#context = context;
    this.title = el("span", { class: "pinned-title" });
    this.words = el("span", { class: "pinned-text" });
    this.element = el(
      "button",
      { type: "button", class: "pinned", "data-testid": "pinned", hidden: true, onclick: () => this.#jump() },
      icon("pin"),
      el("span", { class: "pinned-words" }, this.title, this.words),
    );
  }

  update() {
    const pinned = this.#messages();
    this.#shown = Math.min(this.#shown, Math.max(pinned.length - 1, 0));
    const message = pinned[this.#shown];
    this.element.hidden = !message;
    if (!message) return;
    this.title.textContent = pinned.length > 1 ? `Tin đã ghim (${this.#shown + 1}/${pinned.length})` : "Tin đã ghim";
    this.words.textContent = summary(message);
  }

  /** Newest first. */
  #messages() {
    const { world, chatId } = this.#context;
    return world
      .messages(chatId)
      .filter((message) => message.pinned)
      .reverse();
  }

  #jump() {
    const pinned = this.#messages();
    this.#context.jumpTo(pinned[this.#shown].id);
    this.#shown = (this.#shown + 1) % pinned.length;
    this.update();
  }
}
