/** The stack of modals: the top view is shown, those below keep what was typed in them. */

import { perform, whileBusy } from "./actions.js";
import { renderBlocks } from "./blocks.js";
import { el, fillWith, icon, ICONS, uid } from "./dom.js";
import { focusWithin, restoreFocus, trapTab } from "./focus.js";
import { showError } from "./inputblock.js";
import { store } from "./state.js";
import { viewSurface } from "./surface.js";
import { plainWords } from "./text.js";
import { announce } from "./toast.js";
import { problems } from "./validate.js";
import { collect } from "./values.js";

const titleId = uid("modal");
const title = el("h2", { id: titleId, tabindex: "-1", dir: "auto" });
const corner = el(
  "button",
  {
    type: "button",
    class: "icon-button",
    "aria-label": "Close",
    data: { testid: "modal-dismiss" },
    on: { click: () => closeTop() },
  },
  icon(ICONS.close),
);
const banner = el("div", { class: "banner", role: "alert", hidden: true, data: { testid: "modal-error" } });
const body = el("div", { class: "dialog-body", data: { surface: "modal" } });
const foot = el("footer", { class: "dialog-foot" });
const form = el(
  "form",
  { novalidate: true },
  el("header", { class: "dialog-head" }, title, corner),
  banner,
  body,
  foot,
);
const dialog = el(
  "dialog",
  { class: "dialog modal", "aria-labelledby": titleId, data: { testid: "modal" } },
  form,
);

let shown = null; // the view on screen
let print = null;
let cameFrom = null; // where the keyboard was before the first modal opened
const kept = new Map(); // view id -> {values, place} of views below the top

/** Put the dialog into the page; call once. */
export function mountModals() {
  document.body.append(dialog);
  trapTab(dialog);
  dialog.addEventListener("keydown", onEscape);
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    closeTop();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (shown?.submit) submit();
  });
}

/** An open list inside the modal takes the first Escape. */
function onEscape(event) {
  if (event.key !== "Escape" || dialog.querySelector(".menu:popover-open")) return;
  event.preventDefault();
  closeTop();
}

/** Show the top of the stack as the state has it. */
export function updateModals() {
  const stack = store.data?.modals ?? [];
  const top = stack.at(-1) ?? null;
  if (!top) return shut();
  const next = JSON.stringify([top.id, top.title, top.blocks, top.submit, top.close]);
  if (next !== print) show(top, next);
  const alive = new Set(stack.map(({ id }) => id));
  for (const id of kept.keys()) if (!alive.has(id)) kept.delete(id);
}

function shut() {
  kept.clear();
  shown = print = null;
  if (!dialog.open) return;
  dialog.close();
  if (document.activeElement === document.body) restoreFocus(document.getElementById("main"), cameFrom);
}

function show(view, next) {
  const same = shown?.id === view.id;
  if (shown) kept.set(shown.id, { values: collect(body), place: focusWithin(body) });
  const before = kept.get(view.id);
  if (!dialog.open) cameFrom = focusWithin(document.getElementById("main"));
  shown = view;
  print = next;
  dialog.removeAttribute("aria-busy"); // what was being sent is no longer what is on screen
  draw(view, before?.values);
  if (!dialog.open) dialog.showModal();
  if (before?.place) restoreFocus(body, before.place, title);
  else if (!same || document.activeElement === document.body) firstFocus();
}

function draw(view, typed) {
  dialog.dataset.viewId = view.id;
  title.textContent = plainWords(view.title);
  banner.hidden = true;
  fillWith(body, renderBlocks(view.blocks, viewSurface("modal", view, typed)));
  body.scrollTop = 0;
  const close = plainWords(view.close) || (view.submit ? "Cancel" : "Close");
  fillWith(
    foot,
    el(
      "button",
      { type: "button", class: "button", data: { testid: "modal-close" }, on: { click: () => closeTop() } },
      close,
    ),
    view.submit &&
      el(
        "button",
        { type: "submit", class: "button primary", data: { testid: "modal-submit" } },
        plainWords(view.submit),
      ),
  );
}

/** The field the app asked for, else the first field, else the heading. */
function firstFocus() {
  const fields = [...body.querySelectorAll('[data-testid="field"] [data-testid="input"]')];
  const asked = fields.find((node) => node.dataset.focusOnLoad);
  const wanted = asked ?? fields[0];
  const inner = wanted?.matches("input, select, textarea")
    ? wanted
    : wanted?.querySelector("input:checked, input, button");
  // What stands before the fields is there to be read first: a focus further down would scroll past it.
  (inner && (asked || inSight(inner)) ? inner : title).focus();
}

const inSight = (node) => node.getBoundingClientRect().bottom <= body.getBoundingClientRect().bottom;

async function submit() {
  const view = shown;
  const values = collect(body);
  const wrong = problems(view.blocks, values);
  if (Object.keys(wrong).length) return showProblems(wrong);
  const button = foot.querySelector('[type="submit"]');
  if (dialog.getAttribute("aria-busy") === "true") return;
  await whileBusy(dialog, () =>
    whileBusy(button, async () => {
      const answer = await perform({ type: "submit", view_id: view.id, values }, (words) =>
        tell(view, words),
      );
      if (answer.errors && shown?.id === view.id) showProblems(answer.errors);
    }),
  );
}

/** Each problem at its field, the keyboard at the first; what has no field goes on top. */
function showProblems(wrong) {
  const homeless = Object.entries(wrong).filter(([blockId, words]) => !showError(body, blockId, words));
  if (homeless.length) tell(shown, homeless.map(([, words]) => words).join(" "));
  const first = body.querySelector(".has-error [data-testid='input']");
  const inner = first?.matches("input, select, textarea") ? first : first?.querySelector("input, button");
  inner?.focus();
  inner?.closest(".field").scrollIntoView({ block: "nearest" });
}

function tell(view, words) {
  if (shown?.id !== view.id) return announce(words);
  fillWith(banner, icon(ICONS.warning), el("span", { dir: "auto" }, words));
  banner.hidden = false;
}

async function closeTop() {
  if (!shown || dialog.getAttribute("aria-busy") === "true") return;
  const view = shown;
  await whileBusy(dialog, () => perform({ type: "close", view_id: view.id }, (words) => tell(view, words)));
}
