/** Making elements. Text always goes in as text nodes, so nothing that people or the bot write can become markup. */

import { icon } from "./icons.js";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] functions are listeners (`onclick`); null, undefined, false are left out
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...present(children));
  return node;
}

/**
 * A button with a drawing instead of words; the words are its label and tooltip.
 * @param {string} drawing
 * @param {string} label
 * @param {(event: MouseEvent) => void} onclick
 * @param {Record<string, any>} [attributes]
 * @returns {HTMLButtonElement}
 */
export function iconButton(drawing, label, onclick, attributes = {}) {
  const { class: extra = "", ...rest } = attributes;
  const classes = `icon-button ${extra}`.trim();
  return el(
    "button",
    { type: "button", class: classes, "aria-label": label, title: label, onclick, ...rest },
    icon(drawing),
  );
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function present(children) {
  return /** @type {(Node | string)[]} */ (children.flat().filter((child) => child || child === ""));
}

const AVATAR_COLOURS = 7;

/**
 * A round mark with initials, in a colour that stays with the id.
 * @param {string} name
 * @param {number} id
 * @param {string} [extraClass]
 * @returns {HTMLElement}
 */
export function avatar(name, id, extraClass = "") {
  const classes = `avatar avatar-${Math.abs(id) % AVATAR_COLOURS} ${extraClass}`.trim();
  return el("span", { class: classes, "aria-hidden": "true" }, initials(name));
}

/** @param {string} name */
function initials(name) {
  const words = name
    .normalize("NFC")
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word));
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...word][0].toLocaleUpperCase("vi")).join("");
}

/** @param {string} name a Vietnamese full name; the given name is its last word */
export function givenName(name) {
  return name.trim().split(/\s+/).at(-1) ?? name;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / (1024 * 1024), "MB"];
  return `${value.toLocaleString("vi-VN", { maximumFractionDigits: 1 })} ${unit}`;
}
