/** Puts the page together and keeps it up to date. */

import { followChanges } from "./api.js";
import { conversationView } from "./conversation.js";
import { el, fillWith } from "./dom.js";
import { homeView } from "./home.js";
import { mountModals, updateModals } from "./modal.js";
import { closePicker, mountPicker, openPicker } from "./picker.js";
import { updateSidebar } from "./sidebar.js";
import { conversationOf, followHash, loadPeople, on, personOf, refresh, setLinked, store } from "./state.js";
import { mountTopbar, updateTopbar } from "./topbar.js";
import { noteState } from "./unread.js";

const REFRESH_MS = 60_000;
const main = document.getElementById("main");
const sidebar = document.getElementById("sidebar");
const narrow = matchMedia("(max-width: 760px)");
let menu = null;
let current = { key: null, update: () => {} };

function setDrawer(open) {
  sidebar.classList.toggle("open", open);
  sidebar.inert = narrow.matches && !open;
  menu.setAttribute("aria-expanded", String(open));
}

/** The view for the chosen place; built anew when person or place changes. */
function showPlace() {
  const key = `${store.person}/${store.place}`;
  if (!store.person || !store.data || key === current.key) return;
  const view =
    store.place === "home" ? homeView() : conversationOf(store.place) && conversationView(store.place);
  fillWith(main, view ? view.node : nowhere());
  current = view ? { key, update: view.update } : { key: null, update: () => {} };
  setDrawer(false);
}

const nowhere = () =>
  el("p", { class: "empty" }, "This person has no such conversation. Choose one on the left.");

function draw() {
  if (store.data) noteState();
  updateTopbar();
  updateSidebar();
  showPlace();
  current.update();
  updateModals();
  document.title = [placeName(), personOf(store.person)?.name, "Local workspace (not Slack)"]
    .filter(Boolean)
    .join(" · ");
  if (!store.data && store.failure) fail(store.failure, refresh);
}

const placeName = () => (store.place === "home" ? "Home" : conversationOf(store.place)?.name);

function fail(words, retry) {
  const button = el("button", { type: "button", class: "button primary", on: { click: retry } }, "Try again");
  fillWith(main, el("div", { class: "empty", role: "alert" }, el("p", {}, words), button));
}

function onPlace() {
  if (!store.person) {
    current = { key: null, update: () => {} };
    fillWith(main);
    openPicker();
  } else closePicker();
  draw();
}

/** The hash holds person and place, so in-page targets are reached by script. */
function wireSkipLinks() {
  for (const skip of document.querySelectorAll("[data-skip]")) {
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.getElementById(skip.dataset.skip) ?? main;
      (target.querySelector("textarea, .scroller") ?? target).focus();
    });
  }
}

async function start() {
  try {
    await loadPeople();
  } catch (error) {
    fail(error.message, start);
    return;
  }
  followHash();
  followChanges(refresh, setLinked);
  setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
}

menu = mountTopbar(() => setDrawer(!sidebar.classList.contains("open")));
mountPicker();
mountModals();
wireSkipLinks();
setDrawer(false);
narrow.addEventListener("change", () => setDrawer(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !sidebar.classList.contains("open")) return;
  setDrawer(false);
  menu.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (sidebar.classList.contains("open") && !sidebar.contains(event.target) && !menu.contains(event.target))
    setDrawer(false);
});
on("place", onPlace);
on("data", draw);
on("link", updateTopbar);
addEventListener("hashchange", followHash);
start();
