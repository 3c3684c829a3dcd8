/** The sandbox's clock: it runs on by itself, and can be turned forward. */

import { turnClock } from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { fieldMoment, fieldValue, hourMinute, hourMinuteSecond, longDate, nextWorkingMorning } from "./time.js";

const HOUR = 3_600;

export class ClockWidget {
  #world;
  #notify;

  /**
   * @param {import("./world.js").World} world
   * @param {(text: string) => void} notify
   */
  constructor(world, notify) {
    this.#world = world;
    this.#notify = notify;
    this.date = el("span", { class: "clock-date" });
    this.time = el("span", { class: "clock-time" });
    this.field = el("input", {
      type: "datetime-local",
      class: "clock-field",
      required: true,
      oninput: () => this.#explain(),
    });
    this.meaning = el("output", { class: "clock-meaning" });
    this.face = el(
      "button",
      {
        type: "button",
        class: "clock-face",
        "aria-expanded": "false",
        "aria-controls": "clock-panel",
        title: "Đồng hồ của môi trường thử",
        onclick: () => this.#toggle(),
      },
      icon("clock"),
      el("span", { class: "clock-words" }, this.date, this.time),
      icon("chevron"),
    );
    this.panel = this.#buildPanel();
    this.element = el(
      "div",
      { class: "clock", "data-testid": "clock", role: "group", "aria-label": "Đồng hồ của môi trường thử" },
      this.face,
      this.panel,
    );
    this.#listen();
  }

  #buildPanel() {
    const nextMorning = () => this.#turn({ to: nextWorkingMorning(this.#world.now()) });
    const set = el(
      "form",
      {
        class: "clock-set",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#turn({ to: this.field.value });
        },
      },
      el("label", { class: "clock-label" }, "Chuyển tới ngày giờ khác", this.field),
      el("button", { class: "text-button primary" }, "Đặt giờ"),
      this.meaning,
    );
    return el(
      "div",
      { class: "clock-panel", id: "clock-panel" },
      el(
        "div",
        { class: "clock-steps" },
        step("+1 giờ", () => this.#turn({ by_seconds: HOUR })),
        step("+1 ngày", () => this.#turn({ by_seconds: 24 * HOUR })),
        step("08:00 ngày làm việc kế tiếp", nextMorning, "Từ thứ Hai đến thứ Sáu, không tính ngày lễ"),
      ),
      set,
    );
  }

  #listen() {
    this.#world.addEventListener("clock", () => this.#show());
    setInterval(() => this.#show(), 1_000);
    this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || !this.#isOpen) return;
      this.#toggle();
      this.face.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (this.#isOpen && !this.element.contains(/** @type {Node} */ (event.target))) this.#toggle();
    });
  }

  get #isOpen() {
    return this.element.classList.contains("open");
  }

  #toggle() {
    const isOpen = this.element.classList.toggle("open");
    this.face.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#prepareField();
  }

  #prepareField() {
    this.field.min = fieldValue(this.#world.now());
    this.field.value = this.field.min;
    this.#explain();
  }

  /** A browser in English shows the month first; in words there is no mistaking it. */
  #explain() {
    const moment = fieldMoment(this.field.value);
    this.meaning.textContent = moment
      ? `${longDate(moment)} lúc ${hourMinute(moment)}. Đồng hồ không lùi lại được.`
      : "";
  }

  #show() {
    const now = this.#world.now();
    this.date.textContent = longDate(now);
    this.time.textContent = hourMinuteSecond(now);
  }

  /** @param {{to: string} | {by_seconds: number}} turn */
  async #turn(turn) {
    try {
      const { now } = await turnClock(turn);
      this.#world.setNow(now);
      this.#prepareField();
    } catch (error) {
      this.#notify(/** @type {Error} */ (error).message);
    }
  }
}

/**
 * @param {string} label
 * @param {() => void} onclick
 * @param {string} [title]
 */
function step(label, onclick, title) {
  return el("button", { type: "button", class: "clock-step", title, onclick }, label);
}
