/** Choosing several from a long list: a button that opens a list with a filter; the chosen ones stand below as chips. */

import { el, fillWith, icon, ICONS, uid } from "./dom.js";
import { attachPopup } from "./popup.js";
import { plainWords } from "./text.js";

const FILTER_FROM = 8;

/** `groups` is [{label?, options}], `value` a list of chosen values or null. */
export function selectMany(element, groups, value) {
  const options = groups.flatMap((group) => group.options);
  const most = element.max_selected_items ?? Infinity;
  const list = el(
    "div",
    { class: "menu multi-list", id: uid("list") },
    options.length > FILTER_FROM && filterBox(),
    groups.map(groupOf),
  );
  const summary = el("span", { class: "multi-words" });
  const opener = el(
    "button",
    { type: "button", class: "control multi-opener", "aria-controls": list.id },
    summary,
    icon(ICONS.chevron),
  );
  const chips = el("ul", { class: "chips", "aria-label": "Chosen" });
  const node = el("div", { class: "multi", role: "group" }, opener, chips, list);
  attachPopup(opener, list, () => list.querySelector("input").focus());

  const boxes = () => [...list.querySelectorAll('input[type="checkbox"]')];
  node.read = () => {
    const chosen = boxes()
      .filter((box) => box.checked)
      .map((box) => box.value);
    return chosen.length ? chosen : null;
  };
  const draw = () => {
    const chosen = node.read() ?? [];
    summary.textContent = chosen.length
      ? `${chosen.length} chosen`
      : plainWords(element.placeholder) || "Choose…";
    fillWith(
      chips,
      chosen.map((item) => chip(wordsFor(options, item), () => drop(item))),
    );
    chips.hidden = chosen.length === 0;
    for (const box of boxes()) box.disabled = !box.checked && chosen.length >= most;
  };
  const drop = (item) => {
    boxes().find((box) => box.value === item).checked = false;
    node.dispatchEvent(new Event("change", { bubbles: true }));
    opener.focus();
  };
  node.addEventListener("change", draw);
  for (const box of boxes()) box.checked = (value ?? []).includes(box.value);
  draw();
  return node;
}

const wordsFor = (options, value) =>
  plainWords(options.find((option) => option.value === value)?.text) || value;

function groupOf(group) {
  const rows = group.options.map((option) =>
    el(
      "label",
      { class: "multi-row", dir: "auto" },
      el("input", { type: "checkbox", value: option.value }),
      el(
        "span",
        {},
        plainWords(option.text),
        option.description && el("small", {}, plainWords(option.description)),
      ),
    ),
  );
  if (!group.label) return rows;
  return el(
    "div",
    { role: "group", "aria-label": plainWords(group.label) },
    el("p", { class: "multi-group" }, plainWords(group.label)),
    rows,
  );
}

function filterBox() {
  const box = el("input", {
    type: "search",
    class: "control",
    placeholder: "Filter",
    "aria-label": "Filter the list",
  });
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLocaleLowerCase();
    for (const row of box.parentElement.querySelectorAll(".multi-row")) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
    }
  });
  box.addEventListener("change", (event) => event.stopPropagation()); // the filter is not part of the answer
  return box;
}

function chip(words, remove) {
  const button = el(
    "button",
    { type: "button", "aria-label": `Remove ${words}`, on: { click: remove } },
    icon(ICONS.close),
  );
  return el("li", { class: "chip" }, el("span", { dir: "auto" }, words), button);
}
