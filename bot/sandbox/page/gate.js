/** What stands in place of the composer while nothing can be written: the bot is not started yet, or is blocked. */

import * as api from "./api.js";
import { el } from "./dom.js";

export class Gate {
  #context;
  /** @type {string | null} the code of an invitation link that has been opened and not yet used */
  #code = null;

  /** @param {import("./messages.js").Context} context of a private chat or a group; groups have no gate */
  constructor(context) {
    this.#context = context;
    this.element = el("div", { class: "gate" });
    this.welcome = el("div", { class: "welcome" });
  }

  /** @param {string} code from an invitation link that this person has opened; may be empty */
  offer(code) {
    this.#code = code;
  }

  focus() {
    this.element.querySelector("button")?.focus();
  }

  /** @returns {boolean} whether the gate is closed */
  update() {
    const { person, groupId, world } = this.#context;
    const isPrivate = groupId === undefined;
    const isClosed = isPrivate && (person.blocked || !person.started || this.#code !== null);
    if (person.blocked) this.#show("Bỏ chặn trợ lý", () => api.setBlocked(person.id, false));
    else this.#show("Bắt đầu", () => this.#start());
    this.element.hidden = !isClosed;
    this.welcome.hidden = !isPrivate || person.started;
    this.welcome.replaceChildren(
      el("h3", {}, "Trợ lý này làm được gì?"),
      el("p", {}, world.bot.description || "Bấm “Bắt đầu” để trò chuyện với trợ lý."),
    );
    return isClosed;
  }

  /**
   * The button stays the same element, so that it keeps the focus.
   * @param {string} label
   * @param {() => Promise<void>} action
   */
  #show(label, action) {
    if (this.element.textContent === label) return;
    const onclick = () => action().catch((error) => this.#context.notify(error.message));
    this.element.replaceChildren(
      el("button", { type: "button", class: "gate-button", "data-testid": "start", onclick }, label),
    );
  }

  async #start() {
    await api.sendText(this.#context.person.id, { text: this.#code ? `/start ${this.#code}` : "/start" });
    this.#code = null;
    this.#context.refresh();
  }
}
