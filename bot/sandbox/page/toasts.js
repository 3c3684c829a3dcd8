/** Short notes over a chat, and alerts that wait to be acknowledged. */

import { el } from "./dom.js";

const SHORTEST = 3_000;
const PER_LETTER = 45;

/**
 * @param {HTMLElement} host where the note floats
 * @param {string} text
 */
export function showToast(host, text) {
  const toast = el("div", { class: "toast", "data-testid": "toast", role: "status" }, text);
  host.replaceChildren(toast);
  setTimeout(() => toast.remove(), SHORTEST + text.length * PER_LETTER);
}

/** @param {string} text */
export function showAlert(text) {
  const dialog = el(
    "dialog",
    { class: "alert", "data-testid": "toast", "aria-label": "Thông báo", onclose: () => dialog.remove() },
    el("p", {}, text),
    el("form", { method: "dialog" }, el("button", { class: "text-button", autofocus: true }, "Đã hiểu")),
  );
  document.body.append(dialog);
  dialog.showModal();
}
