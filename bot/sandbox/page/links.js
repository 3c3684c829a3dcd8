/** Where links lead: the bot's own invitation links stay on this page, all others open in a new window. */

const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);

/**
 * The code in a link such as https://t.me/bot?start=CODE.
 * @param {string} url
 * @param {string} username of the bot
 * @returns {string | null} null: not an invitation to this bot
 */
export function startCode(url, username) {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, pathname, searchParams } = new URL(url);
  const isWeb = /^https?:$/.test(protocol) && TELEGRAM_HOSTS.has(hostname);
  const name = isWeb ? pathname.slice(1) : protocol === "tg:" ? searchParams.get("domain") : null;
  return name?.toLowerCase() === username.toLowerCase() ? (searchParams.get("start") ?? "") : null;
}

/** @param {string} url */
export function openOutside(url) {
  window.open(url, "_blank", "noopener,noreferrer");
}
