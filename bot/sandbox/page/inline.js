/** Inline mode: "@bot câu hỏi" in the composer shows what the bot offers, to be put into the chat with one choice. */

import * as api from "./api.js";
import { avatar, el } from "./dom.js";
import { Suggestions } from "./suggestions.js";

/** @typedef {import("./types.js").InlineResult} InlineResult */
/** @typedef {import("./types.js").InlineAnswer} InlineAnswer */
/** @typedef {{result: InlineResult, queryId: string}} Offer  a result, with the query that it belongs to */

const PAUSE_IN_TYPING = 250;

export class InlinePanel {
  #input;
  #context;
  #onChosen;
  /** @type {AbortController | null} */
  #current = null;
  /** @type {(() => void) | null} */
  #whenNearEnd = null;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {import("./messages.js").Context} context
   * @param {() => void} onChosen
   */
  constructor(input, context, onChosen) {
    this.#input = input;
    this.#context = context;
    this.#onChosen = onChosen;
    this.suggestions = new Suggestions(input, "inline-results", "Kết quả của trợ lý");
    this.suggestions.list.addEventListener("scroll", () => this.#whenNearEnd?.());
  }

  /** Asks the bot about what follows its name in the input, or closes. */
  follow() {
    const query = this.#query();
    if (query === null) return this.close();
    this.#current?.abort();
    this.#current = new AbortController();
    this.#ask(query, this.#current.signal);
  }

  close() {
    this.#current?.abort();
    this.#current = null;
    this.#whenNearEnd = null;
    this.suggestions.close();
  }

  /** @returns {string | null} */
  #query() {
    const name = this.#context.world.bot.username.toLowerCase();
    const typed = /^@(\w+)\s(.*)$/s.exec(this.#input.value);
    return typed && typed[1].toLowerCase() === name ? typed[2].trim() : null;
  }

  /**
   * @param {string} query
   * @param {AbortSignal} signal
   */
  async #ask(query, signal) {
    await new Promise((resume) => setTimeout(resume, PAUSE_IN_TYPING));
    if (signal.aborted) return;
    if (!this.suggestions.isOpen) this.suggestions.show([], "Trợ lý đang tìm…");
    const answer = await this.#fetch({ query }, signal);
    if (answer) this.#show(query, answer, [], signal);
  }

  /**
   * @param {{query: string, offset?: string}} question
   * @param {AbortSignal} signal
   * @returns {Promise<InlineAnswer | null>} null: nobody waits for it any more, or it failed and that was said
   */
  async #fetch(question, signal) {
    try {
      const answer = await api.askInline(this.#context.person.id, question, signal);
      return signal.aborted ? null : answer;
    } catch (error) {
      if (!signal.aborted) this.suggestions.show([], /** @type {Error} */ (error).message);
      return null;
    }
  }

  /**
   * @param {string} query
   * @param {InlineAnswer} answer the latest page
   * @param {Offer[]} earlier those of the pages before
   * @param {AbortSignal} signal
   */
  #show(query, answer, earlier, signal) {
    const scrolled = this.suggestions.list.scrollTop;
    const offers = [...earlier, ...answer.results.map((result) => ({ result, queryId: answer.query_id }))];
    const start = answer.button ? [this.#startSuggestion(answer.button)] : [];
    const suggestions = [...start, ...offers.map((offer) => this.#suggestion(offer))];
    this.suggestions.show(suggestions, offers.length ? "" : "Không có kết quả phù hợp.");
    if (earlier.length > 0) this.suggestions.list.scrollTop = scrolled;
    this.#whenNearEnd = answer.next_offset ? () => this.#continue(query, answer.next_offset, offers, signal) : null;
  }

  /**
   * Fetches the next page once the end of the list comes into sight.
   * @param {string} query
   * @param {string | undefined} offset
   * @param {Offer[]} offers
   * @param {AbortSignal} signal
   */
  async #continue(query, offset, offers, signal) {
    const { scrollTop, clientHeight, scrollHeight } = this.suggestions.list;
    if (scrollTop + clientHeight < scrollHeight - clientHeight / 2) return;
    this.#whenNearEnd = null;
    const next = await this.#fetch({ query, offset }, signal);
    if (next) this.#show(query, next, offers, signal);
  }

  /**
   * The bot's wish to talk in private first, for instance to learn who asks.
   * @param {{text: string, start_parameter?: string}} button
   */
  #startSuggestion({ text, start_parameter: code = "" }) {
    return { content: [el("span", { class: "inline-start" }, text)], choose: () => this.#context.offerStart(code) };
  }

  /** @param {Offer} offer */
  #suggestion({ result, queryId }) {
    const title = result.title ?? "Kết quả";
    return {
      content: [
        avatar(title, title.length, "avatar-square"),
        el(
          "span",
          { class: "inline-words" },
          el("span", { class: "inline-title" }, title),
          result.description && el("span", { class: "inline-description" }, result.description),
        ),
      ],
      choose: () => this.#choose(result.id, queryId),
    };
  }

  /**
   * @param {string} resultId
   * @param {string} queryId
   */
  async #choose(resultId, queryId) {
    const { person, groupId, notify } = this.#context;
    try {
      await api.chooseInline(person.id, { result_id: resultId, query_id: queryId, chat_id: groupId });
      this.close();
      this.#onChosen();
    } catch (error) {
      notify(/** @type {Error} */ (error).message);
    }
  }
}
