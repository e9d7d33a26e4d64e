/** The confirmation dialog of a button or menu. */

import { el, uid } from "./dom.js";
import { trapTab } from "./focus.js";
import { plainWords, textBlock } from "./text.js";

/** Ask; resolves to true only when the person confirms. Escape declines. */
export function confirmed(confirm, env) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const dialog = build(confirm, env);
    trapTab(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[data-testid="confirm-no"]').focus();
  });
}

function build(confirm, env) {
  const titleId = uid("confirm");
  const textId = uid("confirm");
  const answer = (value) => () => dialog.close(value);
  const style = confirm.style === "danger" ? "button danger" : "button primary";
  const dialog = el(
    "dialog",
    {
      class: "dialog confirm",
      "aria-labelledby": titleId,
      "aria-describedby": textId,
      role: "alertdialog",
      "data-testid": "confirm",
    },
    el("h2", { id: titleId, dir: "auto" }, plainWords(confirm.title)),
    el("div", { id: textId, class: "dialog-body" }, textBlock(confirm.text, env)),
    el(
      "footer",
      { class: "dialog-foot" },
      el(
        "button",
        { type: "button", class: "button", "data-testid": "confirm-no", on: { click: answer("no") } },
        plainWords(confirm.deny) || "Cancel",
      ),
      el(
        "button",
        { type: "button", class: style, "data-testid": "confirm-yes", on: { click: answer("yes") } },
        plainWords(confirm.confirm) || "Yes",
      ),
    ),
  );
  return dialog;
}
