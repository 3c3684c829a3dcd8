/** What the page knows of the sandbox: a copy of the server's people, chats and clock, kept current by its events. */

import * as api from "./api.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Person} Person */

const TYPING_LASTS = 5_500;

/** Said wherever there is room while the server cannot be reached. */
export const RECONNECTING = "Đang kết nối lại…";

/**
 * Tells what has changed through events of its own: `loaded` (everything), `list` (people, groups, unread marks, last
 * messages), `chat` {chatId}, `typing` {chatId}, `toast` {toast}, `clock`, `connection`.
 */
export class World extends EventTarget {
  /** @type {import("./types.js").Bot} */
  bot = { id: 0, name: "", username: "", description: "", commands: [] };
  /** @type {Map<number, Person>} */
  people = new Map();
  /** @type {Map<number, import("./types.js").Group>} */
  groups = new Map();
  connected = true;

  /** @type {Map<number, Map<number, Message>>} */
  #chats = new Map();
  /** @type {Map<number, {action: string, timer: number}>} */
  #typing = new Map();
  /** @type {Map<number, Promise<import("./types.js").Command[]>>} */
  #commands = new Map();
  /** @type {Set<string>} */
  #answered = new Set();
  /** @type {Set<number>} */
  #changed = new Set();
  #clockAhead = 0;

  /**
   * Reads everything anew, as on the first visit: the server may be another one than a moment ago.
   * @returns {Promise<number>} the number of the last event that what was read includes
   */
  async load() {
    const state = await api.getState();
    const chats = new Map();
    await Promise.all(chatIds(state).map(async (id) => chats.set(id, await fetchChat(id, this.#chats.get(id)))));
    this.#chats = chats;
    this.#commands.clear();
    this.#takeState(state);
    this.#tell("loaded");
    return state.event;
  }

  /** @param {boolean} connected */
  setConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.#tell("connection");
  }

  /**
   * One event of the server's stream. Applying one twice does no harm.
   * @param {string} kind
   * @param {any} data
   */
  receive(kind, data) {
    if (kind === "message" || kind === "edit") this.#takeMessage(data);
    else if (kind === "delete") this.#dropMessage(data);
    else if (kind === "typing") this.#startTyping(data.chat_id, data.action);
    else if (kind === "toast") this.#takeToast(data);
    else if (kind === "commands") this.#forgetCommands();
    else if (kind === "people") this.#takePeople(data);
    else if (kind === "clock") this.setNow(data.now);
  }

  /**
   * @param {number} chatId
   * @returns {Message[]} oldest first
   */
  messages(chatId) {
    return [...(this.#chats.get(chatId)?.values() ?? [])];
  }

  /**
   * @param {number} chatId
   * @param {number} messageId
   */
  message(chatId, messageId) {
    return this.#chats.get(chatId)?.get(messageId);
  }

  /**
   * @param {number} chatId
   * @returns {string | undefined} what the bot is doing there just now
   */
  typing(chatId) {
    return this.#typing.get(chatId)?.action;
  }

  /** @param {string} key */
  personByKey(key) {
    return [...this.people.values()].find((person) => person.key === key);
  }

  /** @param {"bot" | number} from */
  nameOf(from) {
    return from === "bot" ? this.bot.name : (this.people.get(from)?.name ?? "Người đã rời nhóm");
  }

  /**
   * The command menu that the bot shows to this person.
   * @param {number} personId
   */
  commandsFor(personId) {
    const known = this.#commands.get(personId);
    if (known) return known;
    const asked = api.getState(personId).then(
      (state) => state.bot.commands,
      () => [],
    );
    this.#commands.set(personId, asked);
    return asked;
  }

  /**
   * Settles when the bot has answered a callback query, or when there is no longer any hope of it.
   * @param {string} queryId
   * @param {number} patience in milliseconds
   * @returns {Promise<void>}
   */
  answered(queryId, patience) {
    if (this.#answered.has(queryId)) return Promise.resolve();
    return new Promise((settle) => {
      const ended = new AbortController();
      const end = () => {
        ended.abort();
        clearTimeout(timer);
        settle();
      };
      const timer = setTimeout(end, patience);
      const whenAnswered = () => this.#answered.has(queryId) && end();
      this.addEventListener("toast", whenAnswered, { signal: ended.signal });
      this.addEventListener("loaded", end, { signal: ended.signal });
    });
  }

  /** The sandbox's clock, in milliseconds. */
  now() {
    return Date.now() + this.#clockAhead;
  }

  /** @param {string} moment what the sandbox's clock shows at this instant */
  setNow(moment) {
    this.#clockAhead = new Date(moment).getTime() - Date.now();
    this.#tell("clock");
  }

  /** @param {any} state */
  #takeState(state) {
    this.bot = state.bot;
    this.setNow(state.now);
    this.#takePeople(state);
  }

  /** @param {{people: Person[], groups: import("./types.js").Group[]}} data */
  #takePeople({ people, groups }) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.groups = new Map(groups.map((group) => [group.id, group]));
    this.#tell("list");
  }

  /** @param {Message} message */
  #takeMessage(message) {
    const chat = this.#chats.get(message.chat_id) ?? new Map();
    const isNew = !chat.has(message.id);
    this.#chats.set(message.chat_id, chat.set(message.id, message));
    if (message.from === "bot") this.#stopTyping(message.chat_id);
    if (isNew) this.#countUnread(message);
    this.#chatChanged(message.chat_id);
  }

  /** @param {Message} message */
  #countUnread({ chat_id: chatId, from }) {
    for (const id of this.groups.get(chatId)?.members ?? [chatId]) {
      const person = this.people.get(id);
      if (!person || id === from) continue;
      if (id === chatId) person.unread += 1;
      else person.unread_groups[chatId] = (person.unread_groups[chatId] ?? 0) + 1;
    }
  }

  /** @param {{chat_id: number, id: number}} gone */
  #dropMessage({ chat_id: chatId, id }) {
    if (this.#chats.get(chatId)?.delete(id)) this.#chatChanged(chatId);
  }

  /**
   * @param {number} chatId
   * @param {string} action
   */
  #startTyping(chatId, action) {
    clearTimeout(this.#typing.get(chatId)?.timer);
    const timer = setTimeout(() => this.#stopTyping(chatId), TYPING_LASTS);
    this.#typing.set(chatId, { action, timer });
    this.#tell("typing", { chatId });
  }

  /** @param {number} chatId */
  #stopTyping(chatId) {
    clearTimeout(this.#typing.get(chatId)?.timer);
    if (this.#typing.delete(chatId)) this.#tell("typing", { chatId });
  }

  /** @param {import("./types.js").Toast} toast */
  #takeToast(toast) {
    this.#answered.add(toast.query_id);
    this.#tell("toast", { toast });
  }

  /** A bot that sets its commands is starting up, and has perhaps changed what it says about itself too. */
  async #forgetCommands() {
    this.#commands.clear();
    const state = await api.getState().catch(() => null);
    if (state) this.bot = state.bot;
    this.#tell("list");
  }

  /**
   * However many messages come, they are drawn once a frame.
   * @param {number} chatId
   */
  #chatChanged(chatId) {
    if (this.#changed.size === 0) {
      requestAnimationFrame(() => {
        const changed = [...this.#changed];
        this.#changed.clear();
        for (const id of changed) this.#tell("chat", { chatId: id });
        this.#tell("list");
      });
    }
    this.#changed.add(chatId);
  }

  /**
   * @param {string} kind
   * @param {object} [detail]
   */
  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

/**
 * The chats that can hold messages: a bot cannot write to people who have not started it.
 * @param {{people: Person[], groups: {id: number}[]}} state
 */
function chatIds(state) {
  return [...state.people.filter((person) => person.started), ...state.groups].map(({ id }) => id);
}

/**
 * A message that is as it was stays the same object, so that nobody draws it again.
 * @param {number} chatId
 * @param {Map<number, Message>} [known]
 * @returns {Promise<Map<number, Message>>}
 */
async function fetchChat(chatId, known) {
  const fetched = /** @type {Message[]} */ (await api.getMessages(chatId));
  return new Map(
    fetched.map((message) => {
      const old = known?.get(message.id);
      return [message.id, old && JSON.stringify(old) === JSON.stringify(message) ? old : message];
    }),
  );
}
