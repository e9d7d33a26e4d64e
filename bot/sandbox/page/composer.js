/** The box to write in: text, "/" commands, files. */

import { perform } from "./actions.js";
import { el, fillWith, icon, ICONS, srOnly } from "./dom.js";
import { store } from "./state.js";
import { toast } from "./toast.js";
import { acceptDrops, sendFiles } from "./upload.js";

/** Returns {node, update(conversation)} for the conversation with this id. */
export function composer(channel) {
  const box = el("textarea", {
    class: "composer-text",
    rows: "1",
    dir: "auto",
    "aria-describedby": "composer-help",
    data: { testid: "composer-text", focusKey: "composer" },
  });
  const suggestions = el("div", {
    class: "suggestions",
    role: "group",
    "aria-label": "Commands",
    hidden: true,
  });
  const picker = el("input", {
    type: "file",
    multiple: true,
    hidden: true,
    data: { testid: "composer-file" },
  });
  const attach = iconButton("Attach a file", ICONS.clip, "composer-attach", () => picker.click());
  const send = el(
    "button",
    { type: "submit", class: "button primary send", "aria-label": "Send", data: { testid: "composer-send" } },
    icon(ICONS.send),
  );
  const help = el(
    "p",
    { class: "composer-help", id: "composer-help" },
    "Enter sends, Shift + Enter starts a new line, / lists the commands. Files can be dropped here.",
  );
  const form = el(
    "form",
    { class: "composer", id: "composer", data: { testid: "composer" } },
    suggestions,
    el("div", { class: "composer-row" }, attach, picker, box, send),
    help,
  );

  picker.addEventListener("change", async () => {
    await sendFiles(channel, [...picker.files]);
    picker.value = "";
  });
  wire(form, box, suggestions, channel);
  acceptDrops(form, channel);
  return {
    node: form,
    update: ({ kind, name }) => {
      const words = kind === "im" ? `Message ${name}` : `Message #${name}`;
      box.placeholder = words;
      box.setAttribute("aria-label", words);
    },
  };
}

function iconButton(label, path, testid, press) {
  return el(
    "button",
    { type: "button", class: "icon-button", title: label, data: { testid }, on: { click: press } },
    icon(path),
    srOnly(label),
  );
}

function wire(form, box, suggestions, channel) {
  const changed = () => {
    suggest(box, suggestions);
    grow(box);
  };
  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") suggestions.hidden = true;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text === "") return;
    box.value = "";
    changed();
    const sent = await send(text, channel);
    if (!sent && box.value === "") box.value = text; // nothing that was written is lost
    grow(box);
  });
}

function grow(box) {
  box.style.setProperty("height", "auto");
  box.style.setProperty("height", `${Math.min(box.scrollHeight, 200)}px`);
}

/** Resolves to whether it was taken. */
async function send(text, channel) {
  const command = text.match(/^(\/\S+)\s*([\s\S]*)$/);
  if (!command) return (await perform({ type: "message", channel, text })).ok;
  const [, name, rest] = command;
  if (!store.data.commands.some((known) => known.command === name)) {
    toast(`${name} is not a command of this workspace.`);
    return false;
  }
  return (await perform({ type: "command", command: name, text: rest, channel })).ok;
}

/** While a command's name is being typed: the commands that begin so, as buttons that fill the box. */
function suggest(box, suggestions) {
  const typed = box.value.match(/^(\/\S*)(\s.*)?$/s);
  const found = typed
    ? store.data.commands.filter(({ command }) =>
        typed[2] ? command === typed[1] : command.startsWith(typed[1]),
      )
    : [];
  fillWith(
    suggestions,
    found.map((command) => suggestion(command, box, suggestions)),
  );
  suggestions.hidden = found.length === 0;
}

function suggestion({ command, description, usage_hint: hint }, box, suggestions) {
  const choose = () => {
    box.value = `${command} `;
    box.focus();
    suggest(box, suggestions);
  };
  return el(
    "button",
    { type: "button", data: { command }, on: { click: choose } },
    el("strong", {}, command),
    hint && el("code", {}, hint),
    description && el("small", {}, description),
  );
}
