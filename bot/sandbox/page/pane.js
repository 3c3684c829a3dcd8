/** One chat as one person sees it: header, pinned message, messages and the place to type. */

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { copyText, el } from "./dom.js";
import { Feed } from "./feed.js";
import { Gate } from "./gate.js";
import { Header } from "./header.js";
import { icon } from "./icons.js";
import { openOutside, startCode } from "./links.js";
import { openMenu } from "./menu.js";
import { PinnedBar } from "./pinned.js";
import { showToast } from "./toasts.js";
import { openUpload } from "./upload.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Spot} Spot */

export class Pane {
  #world;
  #layout;
  #ended = new AbortController();

  /**
   * @param {import("./world.js").World} world
   * @param {Spot} spot
   * @param {number} personId
   * @param {import("./layout.js").Layout} layout
   */
  constructor(world, spot, personId, layout) {
    this.#world = world;
    this.#layout = layout;
    this.spot = spot;
    this.personId = personId;
    this.context = this.#createContext(personId);
    this.header = new Header(this.context, spot, layout);
    this.feed = new Feed(this.context, { onSeen: () => this.#markRead() });
    this.composer = new Composer(this.context, {
      onFiles: (files) => this.#upload(files),
      lastOwnMessage: () => world.messages(this.context.chatId).findLast((message) => this.#canEdit(message)),
    });
    this.pinned = new PinnedBar(this.context);
    this.gate = new Gate(this.context);
    this.toasts = el("div", { class: "toasts" });
    this.element = el(
      "section",
      {
        class: "pane",
        "data-testid": "pane",
        "data-person": spot.key,
        "aria-label": `Trò chuyện với vai ${this.context.person.name}`,
      },
      this.header.element,
      this.pinned.element,
      this.feed.element,
      this.toasts,
      el("div", { class: "pane-foot" }, this.gate.element, this.composer.element),
      el("div", { class: "drop-hint", "aria-hidden": "true" }, icon("attach"), "Thả tệp vào đây để gửi"),
    );
    this.feed.scroller.prepend(this.gate.welcome);
    this.#listen();
    this.#update();
  }

  /** To be called once the pane is in the page, where things have sizes. */
  open() {
    this.feed.open(this.#unread());
  }

  destroy() {
    this.#ended.abort();
    this.feed.destroy();
    this.element.remove();
  }

  focus() {
    if (this.composer.element.hidden) this.gate.focus();
    else this.composer.focus();
  }

  /** @param {string} text */
  notify(text) {
    showToast(this.toasts, text);
  }

  /** @param {string} code from an invitation link that this person has opened; may be empty */
  offerStart(code) {
    this.gate.offer(code);
    this.#updateGate();
    this.focus();
  }

  /**
   * @param {number} personId
   * @returns {import("./messages.js").Context}
   */
  #createContext(personId) {
    const world = this.#world;
    const groupId = this.spot.chatId ?? undefined;
    return {
      world,
      get person() {
        return /** @type {import("./types.js").Person} */ (world.people.get(personId));
      },
      chatId: groupId ?? personId,
      groupId,
      notify: (text) => this.notify(text),
      sendText: (text) => this.#send(text),
      openLink: (url, anchor) => this.#openLink(url, anchor),
      offerStart: (code) => this.#layout.show({ key: this.spot.key, chatId: null })?.offerStart(code),
      startInline: (query) => this.composer.startInline(query),
      chooseChatForInline: (query, anchor) => this.#chooseChatForInline(query, anchor),
      openMenu: (message, anchor) => this.#openMessageMenu(message, anchor),
      jumpTo: (messageId) => this.feed.jumpTo(messageId),
      refresh: () => this.#updateFrame(),
    };
  }

  #listen() {
    const { signal } = this.#ended;
    const { chatId } = this.context;
    const onChat = (/** @type {any} */ event) => event.detail.chatId === chatId && this.#update();
    this.#world.addEventListener("chat", onChat, { signal });
    this.#world.addEventListener("loaded", () => this.#update(), { signal });
    this.#world.addEventListener("typing", () => this.#updateFrame(), { signal });
    this.#world.addEventListener("connection", () => this.#updateFrame(), { signal });
    this.#world.addEventListener("list", () => this.#updateFrame(), { signal });
    document.addEventListener("visibilitychange", () => this.#markRead(), { signal });
    this.feed.element.addEventListener(
      "keydown",
      (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") this.focus();
      },
      { signal },
    );
    this.#acceptDrops();
  }

  #acceptDrops() {
    const hasFiles = (/** @type {DragEvent} */ event) =>
      event.dataTransfer?.types.includes("Files") && !this.composer.element.hidden;
    const mark = (/** @type {DragEvent} */ event, /** @type {boolean} */ isOver) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.element.classList.toggle("dropping", isOver);
    };
    this.element.addEventListener("dragover", (/** @type {DragEvent} */ event) => mark(event, true));
    this.element.addEventListener("dragleave", (/** @type {DragEvent} */ event) => {
      if (!this.element.contains(/** @type {Node} */ (event.relatedTarget))) mark(event, false);
    });
    this.element.addEventListener("drop", (/** @type {DragEvent} */ event) => {
      mark(event, false);
      if (hasFiles(event)) this.#upload([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #update() {
    this.feed.update();
    this.composer.dropDeleted();
    this.pinned.update();
    this.#updateFrame();
  }

  #updateFrame() {
    if (!this.context.person) return;
    this.header.update();
    this.#updateGate();
  }

  /** The composer gives way to the gate, and takes the keyboard focus over from it. */
  #updateGate() {
    const hadFocus = this.gate.element.contains(document.activeElement);
    this.composer.element.hidden = this.gate.update();
    if (hadFocus && !this.composer.element.hidden) this.composer.focus();
  }

  #unread() {
    const { person, groupId } = this.context;
    return groupId === undefined ? person.unread : (person.unread_groups[groupId] ?? 0);
  }

  #markRead() {
    const { person, groupId } = this.context;
    if (document.hidden || !this.element.checkVisibility() || !person || this.#unread() === 0) return;
    if (groupId === undefined) person.unread = 0;
    else person.unread_groups[groupId] = 0;
    api.markRead(person.id, groupId).catch(() => undefined);
    this.#layout.onRead();
  }

  /** @param {Message} message */
  #canEdit(message) {
    return message.from === this.personId && !message.via_bot && !message.kind && Boolean(message.text);
  }

  /**
   * @param {Message} message
   * @param {HTMLElement} anchor
   */
  #openMessageMenu(message, anchor) {
    const copy = async () =>
      this.notify((await copyText(message.text)) ? "Đã sao chép." : "Trình duyệt không cho sao chép.");
    openMenu(anchor, "Thao tác với tin nhắn", [
      ...(this.composer.element.hidden
        ? []
        : [{ drawing: "reply", label: "Trả lời", run: () => this.composer.replyTo(message) }]),
      ...(this.#canEdit(message) ? [{ drawing: "edit", label: "Sửa", run: () => this.composer.edit(message) }] : []),
      ...(message.text ? [{ drawing: "copy", label: "Sao chép chữ", run: copy }] : []),
    ]);
  }

  /**
   * @param {string} url
   * @param {HTMLElement} anchor
   */
  #openLink(url, anchor) {
    const code = startCode(url, this.#world.bot.username);
    if (code === null) return openOutside(url);
    openMenu(
      anchor,
      "Mở liên kết với vai",
      [...this.#world.people.values()].map(({ key, name }) => ({
        label: `Mở với vai ${name}`,
        run: () => this.#layout.show({ key, chatId: null }, { beside: true })?.offerStart(code),
      })),
    );
  }

  /**
   * @param {string} query
   * @param {HTMLElement} anchor
   */
  #chooseChatForInline(query, anchor) {
    const groups = [...this.#world.groups.values()].filter((group) => group.members.includes(this.personId));
    const chats = [
      { label: this.#world.bot.name, chatId: null },
      ...groups.map(({ id, title }) => ({ label: title, chatId: id })),
    ];
    openMenu(
      anchor,
      "Chọn nơi gửi",
      chats.map(({ label, chatId }) => ({
        label,
        run: () => this.#layout.show({ key: this.spot.key, chatId })?.composer.startInline(query),
      })),
    );
  }

  /** @param {File[]} files */
  #upload(files) {
    if (files.length > 0) openUpload(files, this.context);
  }

  /** @param {string} text */
  #send(text) {
    return this.#attempt(() => api.sendText(this.personId, { text, chat_id: this.context.groupId }));
  }

  /** @param {() => Promise<unknown>} action */
  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      this.notify(/** @type {Error} */ (error).message);
    }
  }
}
