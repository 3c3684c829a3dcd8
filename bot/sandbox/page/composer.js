/** Where one types: text, replies, edits, and the ways to commands, inline results and files. */

import * as api from "./api.js";
import { CommandMenu } from "./commands.js";
import { el, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { InlinePanel } from "./inline.js";
import { openMenu } from "./menu.js";
import { summary } from "./messages.js";

/** @typedef {import("./types.js").Message} Message */

const TALLEST = 180;
const OTHERS = [
  { kind: "voice", drawing: "voice", label: "Tin nhắn thoại" },
  { kind: "sticker", drawing: "sticker", label: "Nhãn dán" },
  { kind: "location", drawing: "location", label: "Vị trí" },
  { kind: "contact", drawing: "contact", label: "Danh thiếp" },
];

/** What was typed and not sent, by person and chat, for as long as the page is open. @type {Map<string, string>} */
const drafts = new Map();

export class Composer {
  /** @type {{kind: "reply" | "edit", message: Message} | null} */
  #about = null;
  #context;
  #draftKey;

  /**
   * @param {import("./messages.js").Context} context
   * @param {{onFiles: (files: File[]) => void, lastOwnMessage: () => Message | undefined}} actions
   */
  constructor(context, { onFiles, lastOwnMessage }) {
    this.#context = context;
    this.#draftKey = `${context.person.id}/${context.chatId}`;
    this.input = /** @type {HTMLTextAreaElement} */ (
      el("textarea", {
        class: "composer-input",
        "data-testid": "composer",
        rows: 1,
        placeholder: "Nhập tin nhắn",
        "aria-label": "Nhập tin nhắn",
        "aria-autocomplete": "list",
        autocomplete: "off",
        enterkeyhint: "send",
      })
    );
    this.commands = new CommandMenu(this.input, {
      load: () => context.world.commandsFor(context.person.id),
      send: (text) => this.#sendCommand(text),
      complete: (text) => this.#write(text),
    });
    this.inline = new InlinePanel(this.input, context, () => this.#write(""));
    this.aboutBar = el("div", { class: "about", hidden: true });
    this.sendButton = iconButton("send", "Gửi", () => this.#submit(), {
      class: "send",
      "data-testid": "send",
      disabled: true,
    });
    this.element = this.#build(onFiles);
    this.#listen(onFiles, lastOwnMessage);
    this.#write(drafts.get(this.#draftKey) ?? "");
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** @param {Message} message which the next text answers */
  replyTo(message) {
    this.#setAbout({ kind: "reply", message });
    this.focus();
  }

  /** @param {Message} message which the next text replaces */
  edit(message) {
    this.#setAbout({ kind: "edit", message });
    this.#write(message.text);
    this.focus();
  }

  /** @param {string} query */
  startInline(query) {
    this.#write(`@${this.#context.world.bot.username} ${query}`);
    this.focus();
  }

  /** A message that is gone can be neither answered nor changed. */
  dropDeleted() {
    const { world, chatId } = this.#context;
    if (this.#about && !world.message(chatId, this.#about.message.id)) this.#endAbout();
  }

  close() {
    this.commands.close();
    this.inline.close();
  }

  /** @param {(files: File[]) => void} onFiles */
  #build(onFiles) {
    const chooser = el("input", {
      type: "file",
      multiple: true,
      hidden: true,
      onchange: () => {
        onFiles([...chooser.files]);
        chooser.value = "";
      },
    });
    const attach = iconButton("attach", "Đính kèm", () => this.#openAttachMenu(attach, chooser), {
      "aria-haspopup": "menu",
    });
    return el(
      "div",
      { class: "composer" },
      this.commands.suggestions.element,
      this.inline.suggestions.element,
      this.aboutBar,
      el(
        "div",
        { class: "composer-row" },
        iconButton("slash", "Danh sách lệnh", () => this.commands.toggle(), {
          "data-testid": "command-button",
          onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
        }),
        this.input,
        chooser,
        attach,
        this.sendButton,
      ),
    );
  }

  /**
   * @param {(files: File[]) => void} onFiles
   * @param {() => Message | undefined} lastOwnMessage
   */
  #listen(onFiles, lastOwnMessage) {
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => {
      if (this.commands.suggestions.handleKey(event) || this.inline.suggestions.handleKey(event)) return;
      this.#handleKey(event, lastOwnMessage);
    });
    this.input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    });
  }

  /**
   * An input method (Telex, VNI) still at work keeps its Enter to itself.
   * @param {KeyboardEvent} event
   * @param {() => Message | undefined} lastOwnMessage
   */
  #handleKey(event, lastOwnMessage) {
    if (event.isComposing) return;
    const last = event.key === "ArrowUp" && !this.input.value ? lastOwnMessage() : undefined;
    if (event.key === "Enter" && !event.shiftKey) this.#submit();
    else if (event.key === "Escape" && this.#about) this.#endAbout();
    else if (last) this.edit(last);
    else return;
    event.preventDefault();
  }

  #changed() {
    const { value } = this.input;
    drafts.set(this.#draftKey, this.#about?.kind === "edit" ? "" : value);
    this.sendButton.disabled = !value.trim();
    this.#fit();
    this.commands.follow();
    this.inline.follow();
  }

  /** The input grows with its text, up to a limit. */
  #fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
    this.input.classList.toggle("scrolls", this.input.scrollHeight > TALLEST);
  }

  /** @param {string} text */
  #write(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.#changed();
  }

  async #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const about = this.#about;
    this.#setAbout(null);
    this.#write("");
    this.focus();
    const sent = await this.#attempt(() =>
      about?.kind === "edit" ? this.#sendEdit(about.message, text) : this.#sendText(text, about?.message),
    );
    if (sent || this.input.value) return;
    this.#setAbout(about);
    this.#write(text);
  }

  /** @param {string} text */
  #sendCommand(text) {
    this.#write("");
    this.#attempt(() => this.#sendText(text, undefined));
  }

  /**
   * @param {string} text
   * @param {Message | undefined} original
   */
  #sendText(text, original) {
    return api.sendText(this.#context.person.id, { text, chat_id: this.#context.groupId, reply_to: original?.id });
  }

  /**
   * @param {Message} message
   * @param {string} text
   */
  #sendEdit(message, text) {
    return api.editText(this.#context.person.id, { message_id: message.id, text, chat_id: this.#context.groupId });
  }

  /**
   * @param {HTMLElement} anchor
   * @param {HTMLInputElement} chooser
   */
  #openAttachMenu(anchor, chooser) {
    const { person, groupId } = this.#context;
    const others = OTHERS.map(({ kind, drawing, label }) => ({
      drawing,
      label,
      run: () => this.#attempt(() => api.sendOther(person.id, { kind, chat_id: groupId })),
    }));
    openMenu(anchor, "Đính kèm", [
      { drawing: "document", label: "Tệp hoặc ảnh…", run: () => chooser.click() },
      ...others,
    ]);
  }

  /**
   * @param {() => Promise<unknown>} action
   * @returns {Promise<boolean>} whether it succeeded; if not, that was said
   */
  async #attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.#context.notify(/** @type {Error} */ (error).message);
      return false;
    }
  }

  #endAbout() {
    const wasEdit = this.#about?.kind === "edit";
    this.#setAbout(null);
    if (wasEdit) this.#write("");
  }

  /** @param {{kind: "reply" | "edit", message: Message} | null} about */
  #setAbout(about) {
    this.#about = about;
    this.aboutBar.hidden = !about;
    this.aboutBar.replaceChildren();
    if (!about) return;
    const { kind, message } = about;
    this.aboutBar.append(
      icon(kind),
      el(
        "div",
        { class: "about-words" },
        el(
          "span",
          { class: "about-title" },
          kind === "edit" ? "Sửa tin nhắn" : `Trả lời ${this.#context.world.nameOf(message.from)}`,
        ),
        el("span", { class: "about-text" }, summary(message)),
      ),
      iconButton("close", kind === "edit" ? "Thôi sửa" : "Thôi trả lời", () => this.#endAbout()),
    );
  }
}
