/** Every call to the sandbox's control API, each under the name of what it does. */

/** An error whose message is meant to be read by people. */
export class ApiError extends Error {}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: object, form?: FormData, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
async function call(method, path, { json, form, signal } = {}) {
  const headers = json ? { "Content-Type": "application/json" } : undefined;
  const body = json ? JSON.stringify(json) : form;
  const response = await fetch(`/sandbox${path}`, { method, headers, body, signal, cache: "no-store" }).catch(
    unreachable,
  );
  const answer = await response.json().catch(() => null);
  if (!response.ok)
    throw new ApiError(answer?.error ?? `Máy chủ thử báo lỗi ${response.status}. Anh/chị thử lại sau giây lát.`);
  return answer;
}

/**
 * @param {Error} error
 * @returns {never}
 */
function unreachable(error) {
  if (error.name === "AbortError") throw error;
  throw new ApiError("Chưa kết nối được với máy chủ thử. Nội dung đang nhập vẫn còn; anh/chị thử lại sau giây lát.");
}

/** @param {number} [personId] whose command menu is wanted */
export const getState = (personId) => call("GET", personId === undefined ? "/state" : `/state?person=${personId}`);

/** @param {number} chatId */
export const getMessages = (chatId) => call("GET", `/chats/${chatId}/messages`);

/**
 * @param {number} personId
 * @param {{text: string, chat_id?: number, reply_to?: number}} message
 */
export const sendText = (personId, message) => call("POST", `/people/${personId}/messages`, { json: message });

/**
 * @param {number} personId
 * @param {{file: File, caption: string, as: "document" | "photo", chat_id?: number}} upload
 */
export function sendFile(personId, upload) {
  const form = new FormData();
  for (const [name, value] of Object.entries(upload)) {
    if (value !== undefined) form.append(name, value instanceof File ? value : String(value));
  }
  return call("POST", `/people/${personId}/files`, { form });
}

/**
 * @param {number} personId
 * @param {{kind: string, chat_id?: number}} other something that is neither text nor a file
 */
export const sendOther = (personId, other) => call("POST", `/people/${personId}/others`, { json: other });

/**
 * @param {number} personId
 * @param {{message_id: number, text: string, chat_id?: number}} edit
 */
export const editText = (personId, edit) => call("POST", `/people/${personId}/edits`, { json: edit });

/**
 * @param {number} personId
 * @param {{message_id: number, callback_data: string, chat_id?: number}} press
 * @returns {Promise<{query_id: string}>}
 */
export const pressButton = (personId, press) => call("POST", `/people/${personId}/presses`, { json: press });

/**
 * @param {number} personId
 * @param {{query: string, offset?: string}} question
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").InlineAnswer>}
 */
export const askInline = (personId, question, signal) =>
  call("POST", `/people/${personId}/inline`, { json: question, signal });

/**
 * @param {number} personId
 * @param {{result_id: string, query_id: string, chat_id?: number}} choice
 */
export const chooseInline = (personId, choice) => call("POST", `/people/${personId}/inline/choose`, { json: choice });

/**
 * @param {number} personId
 * @param {boolean} blocked
 */
export const setBlocked = (personId, blocked) =>
  call("POST", `/people/${personId}/${blocked ? "block" : "unblock"}`, { json: {} });

/**
 * @param {number} personId
 * @param {number | undefined} groupId
 */
export const markRead = (personId, groupId) => call("POST", `/people/${personId}/read`, { json: { chat_id: groupId } });

/**
 * @param {{to: string} | {by_seconds: number}} turn
 * @returns {Promise<{now: string}>}
 */
export const turnClock = (turn) => call("POST", "/clock", { json: turn });

/**
 * @param {string} fileId
 */
export const fileUrl = (fileId) => `/sandbox/files/${encodeURIComponent(fileId)}`;
