/** Who is shown, kept in the address: `#contact`, `#contact&coordinator` side by side, `#contact/-100123` a group. */

/** @typedef {import("./types.js").Spot} Spot */

const MOST = 2;

/**
 * @param {string} hash
 * @returns {Spot[]}
 */
export function parseHash(hash) {
  const parts = new Set(hash.replace(/^#/, "").split("&").filter(Boolean));
  return [...parts].slice(0, MOST).map((part) => {
    const [key, chat] = part.split("/");
    return { key: decode(key), chatId: chat ? Number(chat) : null };
  });
}

/** @param {Spot[]} spots */
export function formatHash(spots) {
  return spots.map(({ key, chatId }) => encodeURIComponent(key) + (chatId === null ? "" : `/${chatId}`)).join("&");
}

/**
 * @param {Spot} one
 * @param {Spot} other
 */
export function isSameSpot(one, other) {
  return one.key === other.key && one.chatId === other.chatId;
}

/** @param {string} part typed into the address by anyone, so perhaps not encoded */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
