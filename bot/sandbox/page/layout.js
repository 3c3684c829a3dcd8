/** Which chats are open: one, or two side by side where there is room. The address says which; this keeps to it. */

import { Pane } from "./pane.js";
import { formatHash, isSameSpot, parseHash } from "./route.js";
import { showAlert } from "./toasts.js";

/** @typedef {import("./types.js").Spot} Spot */

const ROOM_FOR_TWO = window.matchMedia("(min-width: 1100px)");
const HAS_KEYBOARD = window.matchMedia("(hover: hover)");

export class Layout extends EventTarget {
  /** @type {Pane[]} */
  panes = [];
  #active = 0;
  #world;
  #host;
  #placeholder;

  /**
   * @param {import("./world.js").World} world
   * @param {HTMLElement} host
   * @param {HTMLElement} placeholder shown while no chat is open
   */
  constructor(world, host, placeholder) {
    super();
    this.#world = world;
    this.#host = host;
    this.#placeholder = placeholder;
    world.addEventListener("loaded", () => this.#sync());
    world.addEventListener("list", () => this.#sync());
    world.addEventListener("toast", (/** @type {any} */ event) => this.#showToast(event.detail.toast));
    window.addEventListener("hashchange", () => this.#sync());
  }

  /**
   * Opens a chat in place of the one used last, or beside the first one.
   * @param {Spot} spot
   * @param {{beside?: boolean}} [options]
   * @returns {Pane | undefined}
   */
  show(spot, { beside = false } = {}) {
    const spots = this.panes.map((pane) => pane.spot);
    const open = spots.findIndex((other) => isSameSpot(other, spot));
    if (open >= 0) this.#activate(open);
    else if (beside && ROOM_FOR_TWO.matches && spots.length > 0) this.#go([spots[this.#active], spot], 1);
    else this.#go(spots.length > 0 ? spots.with(this.#active, spot) : [spot], this.#active);
    const pane = this.panes[this.#active];
    if (HAS_KEYBOARD.matches) pane?.focus();
    return pane;
  }

  /**
   * @param {Spot} old
   * @param {Spot} spot
   */
  replace(old, spot) {
    const position = this.panes.findIndex((pane) => isSameSpot(pane.spot, old));
    this.#go(this.panes.map((pane) => pane.spot).with(position, spot), position);
    this.panes[position]?.focus();
  }

  /** @param {Spot} spot */
  close(spot) {
    this.#go(
      this.panes.map((pane) => pane.spot).filter((other) => !isSameSpot(other, spot)),
      0,
    );
  }

  /** Messages were read here: the unread marks elsewhere on the page are to change. */
  onRead() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Spot} spot */
  isOpen(spot) {
    return this.panes.some((pane) => isSameSpot(pane.spot, spot));
  }

  /** Whom a group is opened as: the person used last, if a member. */
  get activePersonId() {
    return this.panes[this.#active]?.personId;
  }

  /**
   * @param {Spot[]} spots
   * @param {number} active
   */
  #go(spots, active) {
    this.#active = active;
    location.hash = formatHash(spots);
    this.#sync();
  }

  /** Makes the open chats those of the address, keeping the ones that stay. */
  #sync() {
    const wanted = parseHash(location.hash).filter((spot) => this.#personId(spot) !== undefined);
    const isKept = (/** @type {Pane} */ pane) =>
      wanted.some((spot) => isSameSpot(spot, pane.spot) && this.#personId(spot) === pane.personId);
    for (const pane of this.panes) if (!isKept(pane)) pane.destroy();
    const before = this.panes.filter(isKept);
    this.panes = wanted.map((spot) => before.find((pane) => isSameSpot(pane.spot, spot)) ?? this.#create(spot));
    this.#active = Math.min(this.#active, Math.max(this.panes.length - 1, 0));
    this.#arrange();
    for (const pane of this.panes) if (!before.includes(pane)) pane.open();
  }

  #arrange() {
    const missing = this.panes.filter((pane) => !pane.element.isConnected);
    this.#host.append(...missing.map((pane) => pane.element));
    this.panes.forEach((pane, position) => (pane.element.style.order = String(position)));
    this.#placeholder.hidden = this.panes.length > 0;
    this.#host.classList.toggle("split", this.panes.length > 1);
    document.body.dataset.view = this.panes.length > 0 ? "chat" : "list";
    this.#markActive();
  }

  /** @param {number} position */
  #activate(position) {
    this.#active = position;
    this.#markActive();
  }

  #markActive() {
    this.panes.forEach((pane, position) => pane.element.classList.toggle("active", position === this.#active));
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Spot} spot */
  #create(spot) {
    const pane = new Pane(this.#world, spot, /** @type {number} */ (this.#personId(spot)), this);
    const activate = () => this.panes.includes(pane) && this.#activate(this.panes.indexOf(pane));
    pane.element.addEventListener("focusin", activate);
    pane.element.addEventListener("pointerdown", activate);
    return pane;
  }

  /**
   * @param {Spot} spot
   * @returns {number | undefined} undefined: there is no such person, or they are not in that group
   */
  #personId(spot) {
    const person = this.#world.personByKey(spot.key);
    const isAllowed = spot.chatId === null || this.#world.groups.get(spot.chatId)?.members.includes(person?.id ?? 0);
    return isAllowed ? person?.id : undefined;
  }

  /** @param {import("./types.js").Toast} toast */
  #showToast({ person_id: personId, text, alert, url }) {
    const theirs = this.panes.filter((pane) => pane.personId === personId);
    const pane = theirs.find((one) => one === this.panes[this.#active]) ?? theirs[0];
    if (!pane) return;
    if (text && alert) showAlert(text);
    else if (text) pane.notify(text);
    if (url) pane.context.openLink(url, pane.header.status);
  }
}
