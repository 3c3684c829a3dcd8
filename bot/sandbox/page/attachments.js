/** Documents and photos inside messages, and the photo opened large. */

import { fileUrl } from "./api.js";
import { el, fileSize, iconButton } from "./dom.js";
import { icon } from "./icons.js";

const LARGEST_SIDE = 320;
const SMALLEST_SIDE = 120;

/**
 * @param {import("./types.js").DocumentFile} file
 * @returns {HTMLElement}
 */
export function renderDocument(file) {
  const label = `Tải xuống ${file.name}, ${fileSize(file.size)}`;
  return el(
    "a",
    { class: "document", href: fileUrl(file.file_id), download: file.name, "aria-label": label, title: label },
    el("span", { class: "document-icon" }, icon("document"), icon("download")),
    el(
      "span",
      { class: "document-words" },
      el("span", { class: "document-name" }, file.name),
      el("span", { class: "document-size" }, fileSize(file.size)),
    ),
  );
}

/**
 * The picture takes its final room before it is loaded, so nothing jumps.
 * @param {import("./types.js").Photo} photo
 * @param {string} description
 * @returns {HTMLElement}
 */
export function renderPhoto(photo, description) {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(photo.width, photo.height, 1));
  const width = Math.max(SMALLEST_SIDE, Math.round(photo.width * scale));
  const height = Math.max(SMALLEST_SIDE, Math.round(photo.height * scale));
  const url = fileUrl(photo.file_id);
  const open = () => openPhoto(url, description);
  return el(
    "button",
    { type: "button", class: "photo", "aria-label": `Mở ảnh lớn: ${description}`, onclick: open },
    el("img", { src: url, width, height, alt: description, draggable: "false" }),
  );
}

/**
 * @param {string} url
 * @param {string} description
 */
function openPhoto(url, description) {
  const dialog = el(
    "dialog",
    { class: "lightbox", "aria-label": description, onclick: () => dialog.close(), onclose: () => dialog.remove() },
    el("img", { src: url, alt: description }),
    iconButton("close", "Đóng ảnh", () => dialog.close(), { class: "lightbox-close" }),
  );
  document.body.append(dialog);
  dialog.showModal();
}
