/** The bot's command menu: all of it from the menu button, or what fits the "/h" that is being typed. */

import { el } from "./dom.js";
import { Suggestions } from "./suggestions.js";

const BEING_TYPED = /^\/(\w*)$/;

export class CommandMenu {
  #input;
  #load;
  #send;
  #complete;
  #asked = 0;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {{load: () => Promise<import("./types.js").Command[]>, send: (text: string) => void,
   *   complete: (text: string) => void}} actions
   */
  constructor(input, { load, send, complete }) {
    this.#input = input;
    this.#load = load;
    this.#send = send;
    this.#complete = complete;
    this.suggestions = new Suggestions(input, "commands", "Danh sách lệnh của trợ lý");
  }

  /** Shows the commands that begin with what is in the input, or closes. */
  async follow() {
    const typed = BEING_TYPED.exec(this.#input.value);
    if (typed) await this.#show(typed[1].toLowerCase());
    else this.close();
  }

  async toggle() {
    if (this.suggestions.isOpen) this.close();
    else await this.#show("");
    this.#input.focus();
  }

  close() {
    this.#asked += 1;
    this.suggestions.close();
  }

  /** @param {string} beginning */
  async #show(beginning) {
    const asked = ++this.#asked;
    const commands = await this.#load();
    if (asked !== this.#asked) return;
    const fitting = commands.filter(({ command }) => command.startsWith(beginning));
    if (fitting.length > 0) this.suggestions.show(fitting.map((command) => this.#suggestion(command)));
    else if (beginning) this.suggestions.close();
    else this.suggestions.show([], "Trợ lý chưa có danh sách lệnh cho người này.");
  }

  /** @param {import("./types.js").Command} command */
  #suggestion({ command, description }) {
    return {
      content: [
        el("span", { class: "command-name" }, `/${command}`),
        el("span", { class: "command-words" }, description),
      ],
      choose: () => this.#send(`/${command}`),
      complete: () => this.#complete(`/${command} `),
    };
  }
}
