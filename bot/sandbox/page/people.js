/** The list at the left: the people whom one can play, and the groups. */

import { avatar, el } from "./dom.js";
import { attributedSummary } from "./messages.js";
import { formatHash } from "./route.js";
import { hourMinute, longDate, shortDate } from "./time.js";
import { RECONNECTING } from "./world.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Message} Message */

export class PeopleList {
  #world;
  #layout;
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /**
   * @param {import("./world.js").World} world
   * @param {import("./layout.js").Layout} layout
   */
  constructor(world, layout) {
    this.#world = world;
    this.#layout = layout;
    this.title = el("h2", { class: "people-title" });
    this.people = el("ul", { class: "people" });
    this.groups = el("ul", { class: "people" });
    this.groupsTitle = el("h2", { class: "people-title" }, "Nhóm");
    this.element = el(
      "nav",
      { class: "people-nav", "aria-label": "Người và nhóm" },
      this.title,
      this.people,
      this.groupsTitle,
      this.groups,
    );
    this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#move(event));
    layout.addEventListener("change", () => this.#update());
    world.addEventListener("typing", () => this.#update());
    world.addEventListener("connection", () => this.#update());
  }

  #update() {
    const people = [...this.#world.people.values()];
    const groups = [...this.#world.groups.values()];
    this.#place(
      this.people,
      people.map((person) => this.#personEntry(person)),
    );
    this.#place(
      this.groups,
      groups.map((group) => this.#groupEntry(group)),
    );
    this.groupsTitle.hidden = groups.length === 0;
    this.title.textContent = this.#world.connected ? "Trò chuyện với vai" : RECONNECTING;
  }

  /** @param {import("./types.js").Person} person */
  #personEntry(person) {
    const note = [person.blocked && "Đã chặn trợ lý", person.note].filter(Boolean).join(" · ");
    return this.#entry(`person-${person.key}`, {
      id: person.id,
      chatId: person.id,
      name: person.name,
      note,
      unread: person.unread,
      spot: { key: person.key, chatId: null },
    });
  }

  /** @param {import("./types.js").Group} group */
  #groupEntry(group) {
    const { people } = this.#world;
    const speakerId = group.members.find((id) => id === this.#layout.activePersonId) ?? group.members[0];
    const speaker = people.get(speakerId);
    return this.#entry(`group-${group.id}`, {
      id: group.id,
      chatId: group.id,
      name: group.title,
      note: `${group.members.length} thành viên`,
      unread: speaker?.unread_groups[group.id] ?? 0,
      spot: { key: speaker?.key ?? "", chatId: group.id },
    });
  }

  /**
   * @param {string} testId
   * @param {Shown} shown
   */
  #entry(testId, shown) {
    const entry = this.#entries.get(testId) ?? new Entry(testId, (spot) => this.#layout.show(spot));
    this.#entries.set(testId, entry);
    entry.update(shown, this.#world, this.#layout.isOpen(shown.spot));
    return entry.element;
  }

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement[]} elements
   */
  #place(list, elements) {
    const isSame =
      list.children.length === elements.length && elements.every((element, index) => element === list.children[index]);
    if (!isSame) list.replaceChildren(...elements);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const links = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll("a")]);
    const current = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const targets = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: links.length - 1 };
    if (current < 0 || !(event.key in targets)) return;
    event.preventDefault();
    links[targets[/** @type {keyof typeof targets} */ (event.key)]]?.focus();
  }
}

/** @typedef {{id: number, chatId: number, name: string, note: string, unread: number, spot: Spot}} Shown */

/** One line of the list. It stays the same element, so that it keeps the focus while its contents change. */
class Entry {
  /** @type {Spot} */
  #spot = { key: "", chatId: null };

  /**
   * @param {string} testId
   * @param {(spot: Spot) => void} open
   */
  constructor(testId, open) {
    this.face = el("span", { class: "entry-face" });
    this.name = el("span", { class: "entry-name" });
    this.time = el("time", { class: "entry-time" });
    this.note = el("span", { class: "entry-note" });
    this.last = el("span", { class: "entry-last" });
    this.unread = el("span", { class: "badge", "data-testid": "unread" });
    this.link = el(
      "a",
      {
        class: "entry",
        "data-testid": testId,
        onclick: (/** @type {MouseEvent} */ event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          open(this.#spot);
        },
      },
      this.face,
      this.name,
      this.time,
      this.note,
      this.last,
      this.unread,
    );
    this.element = el("li", {}, this.link);
  }

  /**
   * @param {Shown} shown
   * @param {import("./world.js").World} world
   * @param {boolean} isOpen
   */
  update({ id, chatId, name, note, unread, spot }, world, isOpen) {
    this.#spot = spot;
    const last = world.messages(chatId).at(-1);
    if (this.name.textContent !== name) this.face.replaceChildren(avatar(name, id));
    this.name.textContent = name;
    this.note.textContent = note;
    this.time.textContent = last ? when(last, world.now()) : "";
    this.last.textContent = world.typing(chatId)
      ? "Trợ lý đang nhập…"
      : last
        ? attributedSummary(last, world)
        : "Chưa trò chuyện";
    this.unread.textContent = String(unread);
    this.unread.hidden = unread === 0;
    this.unread.setAttribute("aria-label", `${unread} tin chưa đọc`);
    this.link.href = `#${formatHash([spot])}`;
    if (isOpen) this.link.setAttribute("aria-current", "true");
    else this.link.removeAttribute("aria-current");
  }
}

/**
 * @param {Message} message
 * @param {number} now
 */
function when(message, now) {
  return longDate(message.at) === longDate(now) ? hourMinute(message.at) : shortDate(message.at);
}
