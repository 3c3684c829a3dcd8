/** Message text with its formatting, as elements: entity offsets are UTF-16 units, as JavaScript's own strings are. */

import { copyText, el } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types.js").Entity} Entity */
/** @typedef {{onCommand: (command: string) => void, onLink: (url: string, event: Event) => void,
 *   notify: (text: string) => void}} Handlers */

const SAFE_SCHEME = /^(https?|mailto|tel|tg):/i;
const TAGS = new Map([
  ["bold", "strong"],
  ["italic", "em"],
  ["underline", "u"],
  ["strikethrough", "s"],
]);
const QUOTES = new Set(["blockquote", "expandable_blockquote"]);
const BLOCKS = new Set([...QUOTES, "pre"]);

/**
 * @param {string} text
 * @param {Entity[]} entities
 * @param {Handlers} handlers
 * @returns {HTMLElement}
 */
export function renderText(text, entities, handlers) {
  const sorted = [...entities].sort(
    (one, other) => one.offset - other.offset || other.length - one.length || rank(one) - rank(other),
  );
  const body = el("div", { class: "text" }, renderRange({ text, handlers }, 0, text.length, sorted));
  body.querySelectorAll(".quote-foldable").forEach((/** @type {Element} */ found) => makeFoldable(found));
  return body;
}

/** @param {Entity} entity blocks go outside of the marks that cover the same text */
const rank = (entity) => (BLOCKS.has(entity.type) ? 0 : 1);

/**
 * @param {{text: string, handlers: Handlers}} source
 * @param {number} start
 * @param {number} end
 * @param {Entity[]} entities those that begin within the range, sorted
 * @returns {Node[]}
 */
function renderRange(source, start, end, entities) {
  const nodes = [];
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const until = Math.min(entity.offset + entity.length, end);
    const inner = entities.slice(index + 1).filter((other) => other.offset < until);
    index += inner.length + 1;
    nodes.push(document.createTextNode(source.text.slice(position, entity.offset)));
    const children = renderRange(source, entity.offset, until, inner);
    nodes.push(wrap(entity, source.text.slice(entity.offset, until), children, source.handlers));
    position = until;
    if (BLOCKS.has(entity.type) && source.text[position] === "\n" && position < end) position += 1;
  }
  nodes.push(document.createTextNode(source.text.slice(position, end)));
  return nodes;
}

/**
 * @param {Entity} entity
 * @param {string} covered
 * @param {Node[]} children
 * @param {Handlers} handlers
 * @returns {Node}
 */
function wrap(entity, covered, children, handlers) {
  const { type } = entity;
  const tag = TAGS.get(type);
  if (tag) return el(tag, {}, children);
  if (QUOTES.has(type)) return quote(type === "expandable_blockquote", children);
  if (type === "code") return copyable("code", covered, children, handlers);
  if (type === "pre") return copyable("pre", covered, children, handlers);
  if (type === "spoiler") return spoiler(children);
  if (type === "bot_command") return command(covered, handlers);
  if (type === "text_link") return link(entity.url ?? "", children, handlers);
  if (type === "email") return link(`mailto:${covered}`, children, handlers);
  if (type === "url") return link(SAFE_SCHEME.test(covered) ? covered : `https://${covered}`, children, handlers);
  return el("span", { class: `entity-${type}` }, children);
}

/**
 * @param {string} url
 * @param {Node[]} children
 * @param {Handlers} handlers
 * @returns {Node}
 */
function link(url, children, handlers) {
  if (!SAFE_SCHEME.test(url)) return el("span", {}, children);
  const onclick = (/** @type {Event} */ event) => handlers.onLink(url, event);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url, onclick }, children);
}

/**
 * @param {string} text
 * @param {Handlers} handlers
 */
function command(text, handlers) {
  return el("button", { type: "button", class: "command-link", onclick: () => handlers.onCommand(text) }, text);
}

/**
 * @param {string} tag
 * @param {string} covered
 * @param {Node[]} children
 * @param {Handlers} handlers
 */
function copyable(tag, covered, children, handlers) {
  const onclick = async () => {
    if (window.getSelection()?.isCollapsed && (await copyText(covered))) handlers.notify("Đã sao chép.");
  };
  return el(tag, { title: "Bấm để sao chép", onclick }, children);
}

/** @param {Node[]} children */
function spoiler(children) {
  const cover = el(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Nội dung ẩn, bấm để xem" },
    el("span", { class: "spoiler-text", inert: true }, children),
  );
  const reveal = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    cover.replaceWith(...children);
  };
  cover.addEventListener("click", reveal);
  cover.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  });
  return cover;
}

/**
 * @param {boolean} foldable
 * @param {Node[]} children
 */
function quote(foldable, children) {
  if (!foldable) return el("blockquote", {}, children);
  const toggle = el(
    "button",
    { type: "button", class: "quote-toggle", "aria-expanded": "false", "aria-label": "Xem toàn bộ trích dẫn" },
    icon("chevron"),
  );
  return el("blockquote", { class: "quote-foldable" }, el("div", { class: "quote-body" }, children), toggle);
}

/** Whether a quote is longer than three lines depends on its width, which is known only once it is shown. */
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const isOpen = target.parentElement?.classList.contains("open");
    if (!isOpen) target.parentElement?.classList.toggle("folded", target.scrollHeight > target.clientHeight + 1);
  }
});

/** @param {Element} quoteElement */
function makeFoldable(quoteElement) {
  const [body, toggle] = quoteElement.children;
  widths.observe(body);
  quoteElement.addEventListener("click", (event) => {
    const wanted = toggle.contains(/** @type {Node} */ (event.target)) || window.getSelection()?.isCollapsed;
    if (!wanted || /** @type {Element} */ (event.target).closest("a, .command-link")) return;
    if (!quoteElement.matches(".folded")) return;
    const isOpen = quoteElement.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.setAttribute("aria-label", isOpen ? "Thu gọn trích dẫn" : "Xem toàn bộ trích dẫn");
  });
}
