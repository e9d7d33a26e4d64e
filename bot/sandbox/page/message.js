/** One message: who, when, blocks or text, files. */

import { botAvatar, personAvatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { longDay, timeOf, writtenAt } from "./dates.js";
import { el, icon, ICONS, srOnly } from "./dom.js";
import { linkTarget, safeUrl } from "./links.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./state.js";
import { messageSurface } from "./surface.js";

/**
 * The list item of a message in the conversation `channel`; `reply` when it stands below its thread's first message.
 * `answer(message)` begins an answer in its thread; null where there can be none.
 */
export function messageNode(message, channel, reply, answer) {
  const surface = messageSurface(channel, message.ts);
  const fromBot = message.user === store.data.bot.id;
  const name = message.user_name ?? surface.env.userName(message.user);
  const className = ["message", reply && "reply", message.ephemeral && "ephemeral"].filter(Boolean).join(" ");
  return el(
    "li",
    {
      class: className,
      tabindex: "-1",
      data: { testid: "message", ts: message.ts, user: message.user, surface: "message" },
    },
    fromBot ? botAvatar() : personAvatar(message.user ?? "", name),
    el(
      "article",
      { "aria-label": `${name}, ${timeOf(writtenAt(message), surface.env.zone)}` },
      message.ephemeral && el("p", { class: "only-you" }, icon(ICONS.eye), "Only visible to you"),
      heading(message, name, fromBot, reply, surface.env.zone),
      answer && !reply && replyButton(message, name, answer),
      body(message, surface),
      message.files?.length > 0 && el("ul", { class: "files" }, message.files.map(fileCard)),
    ),
  );
}

function heading(message, name, fromBot, reply, zone) {
  const at = writtenAt(message);
  return el(
    "p",
    { class: "message-head" },
    el("span", { class: "author", dir: "auto" }, name),
    fromBot && el("span", { class: "badge" }, "App"),
    reply && srOnly("in reply"),
    el(
      "time",
      { datetime: at.toISOString(), title: `${longDay(at, zone)}, ${timeOf(at, zone)}` },
      timeOf(at, zone),
    ),
  );
}

function replyButton(message, name, answer) {
  return el(
    "button",
    {
      type: "button",
      class: "icon-button reply-button",
      title: "Reply in thread",
      "aria-label": `Reply in thread to ${name}`,
      data: { testid: "reply", focusKey: `reply-${message.ts}` },
      on: { click: () => answer(message) },
    },
    icon(ICONS.reply),
  );
}

function body(message, surface) {
  const edited = message.edited && el("span", { class: "edited" }, "(edited)");
  const content = message.blocks?.length
    ? renderBlocks(message.blocks, surface)
    : message.text
      ? mrkdwn(message.text, surface.env)
      : null;
  return el("div", { class: "message-body" }, content, edited);
}

/** A file to download. */
function fileCard(file) {
  const href = safeUrl(file.url);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "file", href, ...(href ? linkTarget(href) : {}), data: { testid: "file", fileId: file.id } },
      icon(ICONS.file, "icon file-sign"),
      el(
        "span",
        { class: "file-words" },
        el("span", { class: "file-name", dir: "auto" }, file.name),
        el("small", {}, sizeWords(file)),
      ),
      srOnly("Download"),
      icon(ICONS.down),
    ),
  );
}

const UNITS = ["bytes", "KB", "MB", "GB"];

function sizeWords({ name, size }) {
  const kind = name.includes(".") ? name.split(".").pop().toUpperCase() : "File";
  if (size === null || size === undefined) return kind;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
  const number = size / 1000 ** power;
  return `${kind} · ${number.toFixed(power && number < 10 ? 1 : 0)} ${UNITS[power]}`;
}
