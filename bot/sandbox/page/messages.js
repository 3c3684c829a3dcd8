/** One message as a bubble, with everything that hangs on it. */

import { renderDocument, renderPhoto } from "./attachments.js";
import { avatar, el, givenName, iconButton } from "./dom.js";
import { renderText } from "./entities.js";
import { renderKeyboard } from "./keyboard.js";
import { hourMinute } from "./time.js";

/** @typedef {import("./types.js").Message} Message */
/**
 * What a message needs to know of the chat that it is shown in, and may ask of it.
 * @typedef {{
 *   world: import("./world.js").World,
 *   person: import("./types.js").Person,
 *   chatId: number,
 *   groupId: number | undefined,
 *   notify: (text: string) => void,
 *   sendText: (text: string) => void,
 *   openLink: (url: string, anchor: HTMLElement) => void,
 *   offerStart: (code: string) => void,
 *   startInline: (query: string) => void,
 *   chooseChatForInline: (query: string, anchor: HTMLElement) => void,
 *   openMenu: (message: Message, anchor: HTMLElement) => void,
 *   jumpTo: (messageId: number) => void,
 *   refresh: () => void,
 * }} Context
 */

/**
 * @param {Message} message
 * @param {Context} context
 * @returns {HTMLElement}
 */
export function renderMessage(message, context) {
  if (message.service) return el("div", { class: "service", "data-testid": "service" }, el("span", {}, message.text));
  const isOwn = message.from === context.person.id;
  const row = el("article", {
    class: `message ${isOwn ? "own" : "theirs"}`,
    "data-testid": "message",
    "data-message-id": message.id,
    "data-from": message.from,
    tabindex: -1,
    "aria-label": `${context.world.nameOf(message.from)}, ${hourMinute(message.at)}`,
  });
  const more = iconButton("more", "Thao tác với tin nhắn", () => context.openMenu(message, more), {
    class: "message-more",
    tabindex: -1,
    "aria-haspopup": "menu",
  });
  row.append(
    ...(context.groupId !== undefined && !isOwn ? [senderAvatar(message, context)] : []),
    el(
      "div",
      { class: "stack" },
      renderBubble(message, context, isOwn),
      message.buttons?.length > 0 && renderKeyboard(message, context),
    ),
    more,
  );
  listen(row, (anchor) => context.openMenu(message, anchor));
  return row;
}

/**
 * A finger has no right button and cannot hover: a tap on the bubble opens the menu instead.
 * @param {HTMLElement} row
 * @param {(anchor: HTMLElement) => void} openMenu
 */
function listen(row, openMenu) {
  const bubble = /** @type {HTMLElement} */ (row.querySelector(".bubble"));
  bubble.addEventListener("contextmenu", (event) => {
    if (/** @type {Element} */ (event.target).closest("a")) return;
    event.preventDefault();
    openMenu(bubble);
  });
  bubble.addEventListener("click", (event) => {
    const isTouch = /** @type {PointerEvent} */ (event).pointerType === "touch";
    const isPlain = !(
      /** @type {Element} */ (event.target).closest("a, button, code, pre, [role=button], .quote-foldable")
    );
    if (isTouch && isPlain) openMenu(bubble);
  });
  row.addEventListener("keydown", (event) => {
    if (event.target !== row || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    openMenu(bubble);
  });
}

/**
 * @param {Message} message
 * @param {Context} context
 */
function senderAvatar(message, { world }) {
  return avatar(world.nameOf(message.from), message.from === "bot" ? world.bot.id : message.from, "avatar-small");
}

/**
 * @param {Message} message
 * @param {Context} context
 * @param {boolean} isOwn
 */
function renderBubble(message, context, isOwn) {
  const bubble = el("div", { class: "bubble" });
  if (context.groupId !== undefined && !isOwn)
    bubble.append(el("div", { class: "sender" }, context.world.nameOf(message.from)));
  if (message.via_bot) bubble.append(el("div", { class: "via" }, `qua @${context.world.bot.username}`));
  if (message.reply_to) bubble.append(renderReply(message.reply_to, context));
  if (message.photo) bubble.append(renderPhoto(message.photo, message.text || "Ảnh"));
  if (message.document) bubble.append(renderDocument(message.document));
  const meta = renderMeta(message);
  if (message.text) bubble.append(renderWords(message, context, meta));
  else bubble.append(meta);
  bubble.classList.toggle("photo-only", Boolean(message.photo && !message.text));
  return bubble;
}

/**
 * The time stands in the last line of the text where there is room for it.
 * @param {Message} message
 * @param {Context} context
 * @param {HTMLElement} meta
 */
function renderWords(message, { sendText, openLink, notify }, meta) {
  const onLink = (/** @type {string} */ url, /** @type {Event} */ event) => {
    event.preventDefault();
    openLink(url, /** @type {HTMLElement} */ (event.currentTarget));
  };
  const words = renderText(message.text, message.entities ?? [], { onCommand: sendText, onLink, notify });
  words.append(meta);
  return words;
}

/** @param {Message} message */
function renderMeta(message) {
  return el(
    "span",
    { class: "meta" },
    message.edited && el("span", {}, "đã sửa "),
    el("time", { datetime: message.at }, hourMinute(message.at)),
  );
}

/**
 * @param {number} messageId
 * @param {Context} context
 */
function renderReply(messageId, { world, chatId, jumpTo }) {
  const original = world.message(chatId, messageId);
  return el(
    "button",
    { type: "button", class: "reply", "aria-label": "Tới tin được trả lời", onclick: () => jumpTo(messageId) },
    el("span", { class: "reply-name" }, original ? world.nameOf(original.from) : "Tin nhắn"),
    el("span", { class: "reply-text" }, original ? summary(original) : "Tin nhắn đã bị xóa"),
  );
}

/**
 * A message in one line.
 * @param {Message} message
 */
export function summary(message) {
  const firstLines = message.text.replace(/\s+/g, " ").trim();
  if (message.photo) return firstLines ? `Ảnh: ${firstLines}` : "Ảnh";
  if (message.document) return firstLines ? `${message.document.name}: ${firstLines}` : message.document.name;
  return firstLines || "Tin nhắn";
}

/**
 * A message in one line, with who wrote it unless that is the bot.
 * @param {Message} message
 * @param {import("./world.js").World} world
 */
export function attributedSummary(message, world) {
  return message.from === "bot" ? summary(message) : `${givenName(world.nameOf(message.from))}: ${summary(message)}`;
}
