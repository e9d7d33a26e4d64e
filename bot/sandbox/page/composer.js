/** The box to write in: text, "/" commands, files. */

import { perform } from "./actions.js";
import { el, fillWith, icon, ICONS, srOnly } from "./dom.js";
import { store } from "./state.js";
import { threadStrip } from "./thread.js";
import { toast } from "./toast.js";
import { acceptDrops, sendFiles } from "./upload.js";

/** Returns {node, update(conversation), answer(message)} for the conversation with this id. */
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
  const thread = threadStrip();
  const form = el(
    "form",
    { class: "composer", id: "composer", data: { testid: "composer" } },
    suggestions,
    thread.node,
    el("div", { class: "composer-row" }, attach, picker, box, send),
    help,
  );

  picker.addEventListener("change", async () => {
    await sendFiles(channel, [...picker.files], thread.ts());
    picker.value = "";
  });
  wire(form, box, suggestions, channel, thread);
  acceptDrops(form, channel, thread.ts);
  return {
    node: form,
    answer: (message) => {
      thread.open(message);
      suggestions.hidden = true;
      box.focus();
    },
    update: ({ kind, name, messages }) => {
      if (!messages.some(({ ts }) => ts === thread.ts())) thread.leave();
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

function wire(form, box, suggestions, channel, thread) {
  const changed = () => {
    suggest(box, suggestions, thread);
    grow(box);
  };
  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") suggestions.hidden ? thread.leave() : (suggestions.hidden = true);
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
    const sent = await send(text, channel, thread.ts());
    if (!sent && box.value === "") box.value = text; // nothing that was written is lost
    grow(box);
  });
}

function grow(box) {
  box.style.setProperty("height", "auto");
  box.style.setProperty("height", `${Math.min(box.scrollHeight, 200)}px`);
}

/** Resolves to whether it was taken. */
async function send(text, channel, thread) {
  const command = text.match(/^(\/\S+)\s*([\s\S]*)$/);
  if (!command) return (await perform({ type: "message", channel, text, thread_ts: thread })).ok;
  if (thread !== null) {
    toast("Commands do not work in threads. Leave the thread first.");
    return false;
  }
  const [, name, rest] = command;
  if (!store.data.commands.some((known) => known.command === name)) {
    toast(`${name} is not a command of this workspace.`);
    return false;
  }
  return (await perform({ type: "command", command: name, text: rest, channel })).ok;
}

/** While a command's name is being typed: the commands that begin so, as buttons that fill the box. */
function suggest(box, suggestions, thread) {
  const typed = thread.ts() === null && box.value.match(/^(\/\S*)(\s.*)?$/s);
  const found = typed
    ? store.data.commands.filter(({ command }) =>
        typed[2] ? command === typed[1] : command.startsWith(typed[1]),
      )
    : [];
  fillWith(
    suggestions,
    found.map((command) => suggestion(command, box, suggestions, thread)),
  );
  suggestions.hidden = found.length === 0;
}

function suggestion({ command, description, usage_hint: hint }, box, suggestions, thread) {
  const choose = () => {
    box.value = `${command} `;
    box.focus();
    suggest(box, suggestions, thread);
  };
  return el(
    "button",
    { type: "button", data: { command }, on: { click: choose } },
    el("strong", {}, command),
    hint && el("code", {}, hint),
    description && el("small", {}, description),
  );
}
