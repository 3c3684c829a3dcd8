/** The dialog between choosing files and sending them: what goes, with which caption, as photo or as file. */

import { sendFile } from "./api.js";
import { el, fileSize } from "./dom.js";
import { icon } from "./icons.js";

const PHOTO_TYPES = new Set(["image/jpeg", "image/png", "image/gif"]);

/**
 * @param {File[]} files
 * @param {import("./messages.js").Context} context
 */
export function openUpload(files, { person, groupId }) {
  const hasPhoto = files.some((file) => PHOTO_TYPES.has(file.type));
  const caption = el("textarea", {
    class: "upload-caption",
    rows: 2,
    maxlength: 1024,
    placeholder: "Chú thích (không bắt buộc)",
    "aria-label": "Chú thích",
  });
  const asPhoto = el("input", { type: "checkbox", checked: true });
  const problem = el("p", { class: "upload-problem", role: "alert", hidden: true });
  const sendButton = el("button", { class: "text-button primary", "data-testid": "upload-send" }, "Gửi");
  const preview = renderPreview(files);
  const form = el(
    "form",
    { onsubmit: submit },
    el("h2", {}, files.length === 1 ? "Gửi tệp" : `Gửi ${files.length} tệp`),
    preview.element,
    hasPhoto && el("label", { class: "check" }, asPhoto, "Gửi dưới dạng ảnh"),
    caption,
    problem,
    el(
      "div",
      { class: "dialog-buttons" },
      el("button", { type: "button", class: "text-button", onclick: () => dialog.close() }, "Hủy"),
      sendButton,
    ),
  );
  const dialog = el("dialog", { class: "upload", "aria-label": "Gửi tệp", onclose: close }, form);
  let waiting = files;

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    sendButton.disabled = true;
    sendButton.textContent = "Đang gửi…";
    try {
      await sendAll();
      dialog.close();
    } catch (error) {
      problem.textContent = /** @type {Error} */ (error).message;
      problem.hidden = false;
      sendButton.disabled = false;
      sendButton.textContent = "Gửi lại";
    }
  }

  /** One after another; after a failure only those that are left are sent again. */
  async function sendAll() {
    while (waiting.length > 0) {
      const [file, ...rest] = waiting;
      const as = asPhoto.checked && PHOTO_TYPES.has(file.type) ? "photo" : "document";
      await sendFile(person.id, { file, caption: file === files[0] ? caption.value.trim() : "", as, chat_id: groupId });
      waiting = rest;
    }
  }

  function close() {
    preview.release();
    dialog.remove();
  }

  caption.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.body.append(dialog);
  dialog.showModal();
  caption.focus();
}

/**
 * @param {File[]} files
 * @returns {{element: HTMLElement, release: () => void}}
 */
function renderPreview(files) {
  const [first] = files;
  const url = files.length === 1 && PHOTO_TYPES.has(first.type) ? URL.createObjectURL(first) : null;
  const rows = files.map((file) =>
    el(
      "li",
      { class: "upload-file" },
      icon("document"),
      el("span", { class: "document-name" }, file.name),
      el("span", { class: "document-size" }, fileSize(file.size)),
    ),
  );
  const element = el(
    "div",
    { class: "upload-preview" },
    url && el("img", { src: url, alt: `Xem trước ${first.name}` }),
    el("ul", {}, rows),
  );
  return { element, release: () => url && URL.revokeObjectURL(url) };
}
