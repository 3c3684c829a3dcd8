/** The inline keyboard under a message: what each kind of button does when it is pressed. */

import * as api from "./api.js";
import { copyText, el } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types.js").Button} Button */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./messages.js").Context} Context */

/** A button spins no longer than this, whether the bot answers or not. */
const PATIENCE = 20_000;

/**
 * @param {Message} message
 * @param {Context} context
 * @returns {HTMLElement}
 */
export function renderKeyboard(message, context) {
  const rows = message.buttons.map((row) =>
    el(
      "div",
      { class: "keyboard-row" },
      row.map((button) => renderButton(button, message, context)),
    ),
  );
  return el("div", { class: "keyboard", role: "group", "aria-label": "Nút dưới tin nhắn" }, rows);
}

/**
 * @param {Button} button
 * @param {Message} message
 * @param {Context} context
 * @returns {HTMLElement}
 */
function renderButton(button, message, context) {
  const { drawing, press } = behaviour(button, message, context);
  return el(
    "button",
    { type: "button", class: "inline-button", "data-testid": "inline-button", onclick: press },
    el("span", { class: "inline-button-text" }, button.text),
    drawing && icon(drawing),
  );
}

/**
 * @param {Button} button
 * @param {Message} message
 * @param {Context} context
 * @returns {{drawing: string | null, press: (event: Event) => void}}
 */
function behaviour(button, message, context) {
  const { url, copy_text: copied, switch_inline_query: elsewhere, switch_inline_query_current_chat: here } = button;
  if (url !== undefined)
    return {
      drawing: "open",
      press: (event) => context.openLink(url, /** @type {HTMLElement} */ (event.currentTarget)),
    };
  if (copied !== undefined) return { drawing: "copy", press: () => copy(copied, context) };
  if (here !== undefined) return { drawing: "inline", press: () => context.startInline(here) };
  if (elsewhere !== undefined) {
    return {
      drawing: "inline",
      press: (event) => context.chooseChatForInline(elsewhere, /** @type {HTMLElement} */ (event.currentTarget)),
    };
  }
  const data = button.callback_data ?? "";
  return {
    drawing: null,
    press: (event) => callBack(/** @type {HTMLElement} */ (event.currentTarget), data, message, context),
  };
}

/**
 * @param {string} text
 * @param {Context} context
 */
async function copy(text, context) {
  context.notify((await copyText(text)) ? `Đã sao chép: ${text}` : "Trình duyệt không cho sao chép.");
}

/**
 * @param {HTMLElement} element
 * @param {string} data
 * @param {Message} message
 * @param {Context} context
 */
async function callBack(element, data, message, { world, person, groupId, notify }) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    const { query_id: queryId } = await api.pressButton(person.id, {
      message_id: message.id,
      callback_data: data,
      chat_id: groupId,
    });
    await world.answered(queryId, PATIENCE);
  } catch (error) {
    notify(/** @type {Error} */ (error).message);
  } finally {
    element.removeAttribute("aria-busy");
  }
}
