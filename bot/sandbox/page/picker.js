/** "You are": a searchable list of people, by department and team. */

import { personAvatar } from "./avatar.js";
import { cityOf, offsetOf, timeOf } from "./dates.js";
import { el, fillWith, icon, ICONS, uid } from "./dom.js";
import { trapTab } from "./focus.js";
import { go, store } from "./state.js";

const listId = uid("people");
const search = el("input", {
  type: "search",
  class: "control",
  role: "combobox",
  autocomplete: "off",
  "aria-controls": listId,
  "aria-expanded": "true",
  "aria-autocomplete": "list",
  "aria-label": "Search by name, title, team or city",
  placeholder: "Search by name, title, team or city",
  data: { testid: "person-search" },
});
const list = el("div", { class: "people", role: "listbox", id: listId, "aria-label": "People" });
const count = el("p", { class: "hidden-visually", role: "status" });
const close = el(
  "button",
  { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
  icon(ICONS.close),
);
const titleId = uid("picker");
const dialog = el(
  "dialog",
  { class: "dialog picker", "aria-labelledby": titleId, data: { testid: "person-dialog" } },
  el(
    "header",
    { class: "dialog-head" },
    el(
      "div",
      {},
      el("h2", { id: titleId }, "Who are you?"),
      el(
        "p",
        { class: "dialog-lead" },
        "Look at the workspace through the eyes of one person of the sample company.",
      ),
    ),
    close,
  ),
  el("div", { class: "picker-search" }, icon(ICONS.search), search),
  count,
  list,
);
let active = null;

/** Put the dialog into the page; call once. */
export function mountPicker() {
  document.body.append(dialog);
  trapTab(dialog);
  dialog.addEventListener("cancel", (event) => store.person || event.preventDefault());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !store.person) event.preventDefault(); // somebody has to be chosen
  });
  search.addEventListener("input", draw);
  search.addEventListener("keydown", onKey);
}

export function openPicker() {
  if (dialog.open) return;
  search.value = "";
  close.hidden = !store.person;
  draw();
  dialog.showModal();
  search.focus();
  active?.scrollIntoView({ block: "center" });
}

export const closePicker = () => dialog.open && dialog.close();

function draw() {
  const words = search.value.trim().toLocaleLowerCase().split(/\s+/);
  const found = store.people.filter((person) => words.every((word) => haystack(person).includes(word)));
  fillWith(
    list,
    grouped(found).map(([group, teams]) => groupNode(group, teams)),
  );
  if (found.length === 0) list.append(el("p", { class: "empty" }, "Nobody matches."));
  count.textContent = found.length === 1 ? "1 person" : `${found.length} people`;
  activate(list.querySelector(`[data-user-id="${CSS.escape(store.person ?? "")}"]`) ?? options()[0] ?? null);
}

const haystack = ({ name, title, team, group, tz }) =>
  [name, title, team, group, cityOf(tz), tz].join(" ").toLocaleLowerCase();

/** [[department, [[team, people]]]] in the order the server gives. */
function grouped(people) {
  const groups = new Map();
  for (const person of people) {
    const group = person.group || "Everyone";
    const teams = groups.get(group) ?? groups.set(group, new Map()).get(group);
    const team = person.team || "";
    (teams.get(team) ?? teams.set(team, []).get(team)).push(person);
  }
  return [...groups].map(([group, teams]) => [group, [...teams]]);
}

function groupNode(group, teams) {
  const nodes = teams.map(([team, people]) => {
    const words = team && team !== group ? `${group} · ${team}` : group;
    const label = el(
      "p",
      { class: "people-team", "aria-hidden": "true" },
      el("b", {}, group),
      words === group ? null : ` ${team}`,
    );
    return el("div", { role: "group", "aria-label": words }, label, people.map(option));
  });
  return nodes;
}

function option(person) {
  const mine = person.id === store.person;
  return el(
    "div",
    {
      class: "person",
      role: "option",
      id: `person-${person.id}`,
      "aria-selected": String(mine),
      data: { testid: "person", userId: person.id },
      on: { click: () => choose(person.id) },
    },
    personAvatar(person.id, person.name),
    el(
      "span",
      { class: "person-words" },
      el(
        "span",
        { class: "person-name", dir: "auto" },
        person.name,
        mine && el("span", { class: "badge" }, "You"),
      ),
      el("small", { dir: "auto" }, person.title || " "),
    ),
    el("span", { class: "person-zone" }, cityOf(person.tz), el("small", {}, whenThere(person.tz))),
  );
}

/** The zone's distance from UTC, and its time once the demo's clock is known. */
function whenThere(zone) {
  const now = store.data ? new Date(store.data.clock) : new Date();
  return store.data ? `${timeOf(now, zone)} · ${offsetOf(zone, now)}` : offsetOf(zone, now);
}

const options = () => [...list.querySelectorAll('[role="option"]')];

function activate(node) {
  active?.classList.remove("active");
  active = node;
  node?.classList.add("active");
  if (node) search.setAttribute("aria-activedescendant", node.id);
  else search.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  const all = options();
  const at = all.indexOf(active);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
  if (event.key === "Enter" && active) choose(active.dataset.userId);
  else if (to === undefined || all.length === 0) return;
  else activate(all[Math.min(Math.max(0, to), all.length - 1)]);
  event.preventDefault();
  active?.scrollIntoView({ block: "nearest" });
}

function choose(id) {
  const place = store.place.startsWith("C") ? store.place : "home"; // a DM belongs to one person
  dialog.close();
  go(id, place);
}
