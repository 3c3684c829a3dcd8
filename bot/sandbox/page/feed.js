/** The messages of one chat in a scrolling column: kept in step with the world, without jumping. */

import { el, iconButton } from "./dom.js";
import { renderMessage } from "./messages.js";
import { longDate } from "./time.js";

/** @typedef {import("./types.js").Message} Message */

const PAGE = 150;
const NEAR = 60;
const SAME_BREATH = 10 * 60_000;

export class Feed {
  /** @type {Map<number, {message: Message, row: HTMLElement}>} */
  #rows = new Map();
  #shown = PAGE;
  #sticksToEnd = true;
  #lastSeen = 0;
  /** @type {number | null} */
  #firstUnread = null;
  #context;

  /**
   * @param {import("./messages.js").Context} context
   * @param {{onSeen: () => void}} actions `onSeen`: the newest message is in sight
   */
  constructor(context, { onSeen }) {
    this.#context = context;
    this.onSeen = onSeen;
    this.column = el("div", { class: "feed-column", role: "log", "aria-label": "Tin nhắn" });
    this.scroller = el(
      "div",
      { class: "feed", tabindex: 0, "aria-label": "Tin nhắn, mũi tên lên xuống để đi qua từng tin", role: "region" },
      this.column,
    );
    this.count = el("span", { class: "badge", hidden: true });
    this.toEnd = iconButton("down", "Tới tin mới nhất", () => this.scrollToEnd(), { class: "to-end", hidden: true });
    this.toEnd.append(this.count);
    this.element = el("div", { class: "feed-frame" }, this.scroller, this.toEnd);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#handleKey(event));
    this.resizes = new ResizeObserver(() => this.#keepPlace());
    this.resizes.observe(this.scroller);
    this.resizes.observe(this.column);
  }

  destroy() {
    this.resizes.disconnect();
  }

  /** @param {number} unread how many of the bot's latest messages have not been seen */
  open(unread) {
    const theirs = this.#messages().filter((message) => message.from !== this.#context.person.id);
    this.#firstUnread = unread > 0 ? ((theirs.at(-unread) ?? theirs[0])?.id ?? null) : null;
    this.update();
    const mark = /** @type {HTMLElement | null} */ (this.column.querySelector(".unread-mark"));
    if (!mark || this.scroller.scrollHeight - mark.offsetTop < this.scroller.clientHeight) return this.scrollToEnd();
    this.#sticksToEnd = false;
    this.scroller.scrollTop = mark.offsetTop - NEAR;
    this.#scrolled();
  }

  /** Brings the rows in step with the messages. */
  update() {
    const messages = this.#messages();
    const newest = messages.at(-1);
    const isOwn = newest?.from === this.#context.person.id && newest.id > this.#lastSeen;
    if (isOwn) this.#firstUnread = null;
    const focused = this.#rememberFocus();
    this.#place(messages.slice(-this.#shown));
    focused?.();
    if (isOwn) this.#sticksToEnd = true;
    this.#keepPlace();
    this.#countNew(messages);
  }

  scrollToEnd() {
    this.#sticksToEnd = true;
    this.#keepPlace();
    this.#scrolled();
  }

  /** @param {number} messageId */
  jumpTo(messageId) {
    const position = this.#messages().findIndex((message) => message.id === messageId);
    if (position < 0) return;
    this.#shown = Math.max(this.#shown, this.#messages().length - position + 10);
    this.#sticksToEnd = false;
    this.update();
    const row = this.#rows.get(messageId)?.row;
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
    row?.classList.add("found");
    setTimeout(() => row?.classList.remove("found"), 1_600);
  }

  #messages() {
    return this.#context.world.messages(this.#context.chatId);
  }

  /**
   * Rows are made anew only for messages that have changed; day marks are cheap and always made anew.
   * @param {Message[]} messages
   */
  #place(messages) {
    const rows = new Map();
    const column = /** @type {HTMLElement[]} */ ([]);
    messages.forEach((message, index) => {
      const known = this.#rows.get(message.id);
      const row = known?.message === message ? known.row : renderMessage(message, this.#context);
      rows.set(message.id, { message, row });
      const before = messages[index - 1];
      if (!before || longDate(before.at) !== longDate(message.at)) column.push(dayMark(message.at));
      if (message.id === this.#firstUnread) column.push(el("div", { class: "unread-mark" }, "Tin chưa đọc"));
      row.classList.toggle("continues", Boolean(before && isOneBreath(before, message)));
      column.push(row);
    });
    this.#rows = rows;
    replaceInPlace(this.column, column);
  }

  /** @returns {(() => void) | undefined} gives the focus back to the same place in a row that was made anew */
  #rememberFocus() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const row = /** @type {HTMLElement | null} */ (focused?.closest(".message"));
    if (!focused || !row || !this.column.contains(row)) return undefined;
    const id = Number(row.dataset.messageId);
    const position = [...row.querySelectorAll(".inline-button")].indexOf(focused);
    return () => {
      if (this.column.contains(focused)) return;
      const renewed = this.#rows.get(id)?.row;
      const button = /** @type {HTMLElement | undefined} */ (renewed?.querySelectorAll(".inline-button")[position]);
      (button ?? renewed)?.focus({ preventScroll: true });
    };
  }

  #keepPlace() {
    if (this.#sticksToEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#sticksToEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (scrollTop < NEAR) this.#showOlder();
    this.#countNew(this.#messages());
  }

  #showOlder() {
    if (this.#shown >= this.#messages().length) return;
    const { scrollTop, scrollHeight } = this.scroller;
    this.#shown += PAGE;
    this.#place(this.#messages().slice(-this.#shown));
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  /** @param {Message[]} messages */
  #countNew(messages) {
    if (this.#sticksToEnd) {
      this.#lastSeen = messages.at(-1)?.id ?? 0;
      this.onSeen();
    }
    const unseen = messages.filter(
      (message) => message.id > this.#lastSeen && message.from !== this.#context.person.id,
    ).length;
    this.toEnd.hidden = this.#sticksToEnd;
    this.count.hidden = unseen === 0;
    this.count.textContent = String(unseen);
    this.toEnd.setAttribute("aria-label", unseen ? `Tới tin mới nhất, ${unseen} tin mới` : "Tới tin mới nhất");
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const row = /** @type {Element} */ (event.target).closest(".message");
    if (event.target !== this.scroller && event.target !== row) return;
    const rows = /** @type {HTMLElement[]} */ ([...this.column.querySelectorAll(".message")]);
    const current = row ? rows.indexOf(/** @type {HTMLElement} */ (row)) : rows.length;
    const targets = { ArrowUp: current - 1, ArrowDown: current + 1, Home: 0, End: rows.length - 1 };
    if (!(event.key in targets)) return;
    event.preventDefault();
    const target = rows[targets[/** @type {keyof typeof targets} */ (event.key)]];
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {string} at */
function dayMark(at) {
  return el("div", { class: "day-mark" }, el("time", { datetime: at.slice(0, 10) }, longDate(at)));
}

/**
 * @param {Message} before
 * @param {Message} message
 */
function isOneBreath(before, message) {
  const pause = new Date(message.at).getTime() - new Date(before.at).getTime();
  return before.from === message.from && !before.service && !message.service && pause < SAME_BREATH;
}

/**
 * Moves as little as possible, so that what has the focus or is being read aloud stays where it is.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
function replaceInPlace(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
