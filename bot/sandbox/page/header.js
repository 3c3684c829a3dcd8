/** The top of a chat: with whom, as whom, what the bot is doing, and what can be done with the chat. */

import * as api from "./api.js";
import { avatar, el, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { formatHash } from "./route.js";
import { RECONNECTING } from "./world.js";

/** @typedef {import("./messages.js").Context} Context */
/** @typedef {import("./layout.js").Layout} Layout */

/** @type {Record<string, string>} */
const DOING = { typing: "đang nhập…", upload_document: "đang gửi tệp…", upload_photo: "đang gửi ảnh…" };

export class Header {
  #context;
  #layout;
  #spot;

  /**
   * @param {Context} context
   * @param {import("./types.js").Spot} spot
   * @param {Layout} layout
   */
  constructor(context, spot, layout) {
    this.#context = context;
    this.#spot = spot;
    this.#layout = layout;
    this.face = el("div", { class: "header-face" });
    this.title = el("h2", { class: "header-title" });
    this.status = el("p", { class: "header-status" });
    const beside = iconButton("beside", "Mở cạnh nhau", () => this.#chooseBeside(beside), {
      class: "open-beside",
      "data-testid": "beside",
      "aria-haspopup": "menu",
    });
    const more = iconButton("more", "Thao tác với cuộc trò chuyện", () => this.#openActions(more), {
      "data-testid": "chat-menu",
      "aria-haspopup": "menu",
    });
    this.element = el(
      "header",
      { class: "header" },
      iconButton("back", "Về danh sách người", () => layout.close(spot), { class: "back" }),
      this.face,
      el("div", { class: "header-words" }, this.title, this.status),
      beside,
      more,
      iconButton("close", "Đóng khung này", () => layout.close(spot), { class: "close-pane" }),
    );
  }

  update() {
    const { world, person, chatId, groupId } = this.#context;
    const group = groupId === undefined ? undefined : world.groups.get(groupId);
    const name = group?.title ?? world.bot.name;
    this.title.textContent = name;
    this.face.replaceChildren(avatar(name, group ? group.id : world.bot.id));
    const doing = world.typing(chatId);
    this.status.classList.toggle("doing", Boolean(doing) && world.connected);
    if (!world.connected) this.status.textContent = RECONNECTING;
    else this.status.textContent = doing ? (DOING[doing] ?? "đang xử lý…") : this.#role(person, group);
  }

  /**
   * @param {import("./types.js").Person} person
   * @param {import("./types.js").Group | undefined} group
   */
  #role(person, group) {
    if (group) return `${group.members.length} thành viên · với vai ${person.name}`;
    return ["Với vai " + person.name, person.note].filter(Boolean).join(" · ");
  }

  /** @param {HTMLElement} anchor */
  #chooseBeside(anchor) {
    const others = [...this.#context.world.people.values()].filter(({ key }) => key !== this.#spot.key);
    openMenu(
      anchor,
      "Mở cạnh nhau với",
      others.map(({ key, name, note }) => ({
        label: note ? `${name} · ${note}` : name,
        run: () => this.#layout.show({ key, chatId: null }, { beside: true }),
      })),
    );
  }

  /** @param {HTMLElement} anchor */
  #openActions(anchor) {
    const openWindow = () => window.open(`#${formatHash([this.#spot])}`, "_blank", "noopener");
    const particular =
      this.#context.groupId === undefined ? this.#blockItem() : this.#speakerItems(this.#context.groupId);
    openMenu(anchor, "Thao tác với cuộc trò chuyện", [
      ...particular,
      { drawing: "window", label: "Mở ở cửa sổ mới", run: openWindow },
    ]);
  }

  #blockItem() {
    const { person, notify } = this.#context;
    const run = async () => {
      try {
        await api.setBlocked(person.id, !person.blocked);
      } catch (error) {
        notify(/** @type {Error} */ (error).message);
      }
    };
    return [{ drawing: "forbid", label: person.blocked ? "Bỏ chặn trợ lý" : "Chặn trợ lý", run }];
  }

  /** @param {number} groupId whose members may each speak from this page */
  #speakerItems(groupId) {
    const { world, person } = this.#context;
    const members = world.groups.get(groupId)?.members ?? [];
    return members.flatMap((id) => {
      const member = world.people.get(id);
      if (!member) return [];
      const run = () => this.#layout.replace(this.#spot, { key: member.key, chatId: groupId });
      return [{ label: `Nói với vai ${member.name}`, checked: id === person.id, run }];
    });
  }
}
