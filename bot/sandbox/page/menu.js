/** A small menu beside whatever opened it. Arrows move, Enter chooses, Esc and a click elsewhere close. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {{label: string, drawing?: string, checked?: boolean, run: () => void}} Item */

const MARGIN = 8;

/** @type {(() => void) | null} */
let closeOpenMenu = null;

/**
 * @param {HTMLElement} anchor
 * @param {string} label
 * @param {Item[]} items
 */
export function openMenu(anchor, label, items) {
  closeOpenMenu?.();
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  const menu = el(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    items.map((item) => renderItem(item, close)),
  );
  const ended = new AbortController();

  function close({ refocus = true } = {}) {
    ended.abort();
    menu.remove();
    closeOpenMenu = null;
    if (refocus) opener?.focus({ preventScroll: true });
  }

  closeOpenMenu = close;
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  menu.firstElementChild?.focus();
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => moveOrClose(event, menu, close));
  const outside = (/** @type {Event} */ event) => {
    if (!menu.contains(event.target)) close({ refocus: false });
  };
  document.addEventListener("pointerdown", outside, { signal: ended.signal, capture: true });
  window.addEventListener("resize", () => close(), { signal: ended.signal });
}

/**
 * @param {Item} item
 * @param {() => void} close
 */
function renderItem({ label, drawing, checked, run }, close) {
  const choose = () => {
    close();
    run();
  };
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  return el(
    "button",
    { type: "button", role, "aria-checked": checked?.toString(), class: "menu-item", tabindex: -1, onclick: choose },
    drawing && icon(drawing),
    el("span", {}, label),
  );
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 * @param {() => void} close
 */
function moveOrClose(event, menu, close) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const current = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const targets = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: items.length - 1 };
  if (event.key in targets) {
    const target = targets[/** @type {keyof typeof targets} */ (event.key)];
    items.at(target % items.length)?.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    close();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Below the anchor, or above it where there is no room, and never beyond the window.
 * @param {HTMLElement} menu
 * @param {DOMRect} anchor
 */
function place(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + 4;
  const top = below + height + MARGIN > window.innerHeight ? anchor.top - height - 4 : below;
  const left = Math.min(
    anchor.right - width < MARGIN ? anchor.left : anchor.right - width,
    window.innerWidth - width - MARGIN,
  );
  menu.style.top = `${Math.max(MARGIN, top)}px`;
  menu.style.left = `${Math.max(MARGIN, left)}px`;
}
