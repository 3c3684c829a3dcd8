/** Puts the page together. */

import { ClockWidget } from "./clock.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { Layout } from "./layout.js";
import { PeopleList } from "./people.js";
import { follow } from "./stream.js";
import { showToast } from "./toasts.js";
import { RECONNECTING, World } from "./world.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const world = new World();
const layout = new Layout(world, byId("panes"), byId("placeholder"));
const people = new PeopleList(world, layout);
const clock = new ClockWidget(world, (text) => showToast(byId("page-toasts"), text));

byId("people").append(people.element);
byId("bar").append(clock.element);
byId("placeholder-icon").append(icon("chat"));
byId("theme").append(...["auto", "light", "dark"].map((theme) => el("span", { class: `theme-${theme}` }, icon(theme))));

layout.addEventListener("change", () => {
  const names = layout.panes.map((pane) => pane.context.person.name);
  document.title = [...names, "Môi trường thử"].join(" · ");
});
world.addEventListener("connection", () => {
  byId("connection").textContent = world.connected ? "Đã kết nối." : RECONNECTING;
});
world.addEventListener("loaded", () => document.body.classList.add("ready"), { once: true });

// A file dropped beside a chat must not make the browser leave the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

follow(world);
