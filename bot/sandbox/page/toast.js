/** Short notices at the foot of the page, and words for screen readers. */

import { el, icon, ICONS } from "./dom.js";

const SHOWN_MS = 9000;

/** Say `words` to screen readers only. */
export function announce(words) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = words));
}

/** Show a problem; it goes by itself, or with its button. One at a time. */
export function toast(words) {
  document.querySelectorAll(".toast").forEach((old) => old.remove());
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => notice.remove() } },
    icon(ICONS.close),
  );
  const notice = el(
    "div",
    { class: "toast", role: "alert", "data-testid": "toast", popover: "manual" },
    icon(ICONS.warning),
    el("p", { dir: "auto" }, words),
    close,
  );
  host().append(notice);
  notice.showPopover(); // the top layer, so that it is seen above an open dialog
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/** An open modal dialog makes everything outside it inert, so the notice goes inside. */
const host = () => [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
