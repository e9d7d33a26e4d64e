/** The rich_text block to DOM nodes. Its text is literal: no entity is undone here. */

import { fillDate } from "./dates.js";
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./links.js";

const STYLES = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
  ["highlight", "mark"],
];

/** A whole rich_text block; lists that differ only in indent nest as one list with deeper items. */
export function richText(block, env) {
  return el(
    "div",
    { class: "text" },
    block.elements.map((element) => part(element, env)),
  );
}

function part(element, env) {
  const content = () => element.elements.map((item) => leaf(item, env));
  switch (element.type) {
    case "rich_text_list":
      return list(element, env);
    case "rich_text_preformatted":
      return el("pre", { dir: "auto" }, content());
    case "rich_text_quote":
      return el("blockquote", {}, el("p", { dir: "auto" }, content()));
    default:
      return el("p", { dir: "auto" }, content());
  }
}

function list(element, env) {
  const depth = Math.min(3, element.indent ?? 0);
  const items = element.elements.map((section) =>
    el(
      "li",
      { dir: "auto", class: `depth-${depth}` },
      section.elements.map((item) => leaf(item, env)),
    ),
  );
  const start = element.offset ? element.offset + 1 : null;
  return el(element.style === "ordered" ? "ol" : "ul", { start }, items);
}

function leaf(item, env) {
  return STYLES.reduce(
    (node, [flag, tag]) => (item.style?.[flag] ? el(tag, {}, node) : node),
    bare(item, env),
  );
}

function bare(item, env) {
  switch (item.type) {
    case "text":
      return withBreaks(item.text);
    case "link":
      return link(item.url, item.text ?? item.url);
    case "user":
      return mention(`@${env.userName(item.user_id)}`);
    case "channel":
      return mention(`#${env.channelName(item.channel_id)}`);
    case "usergroup":
      return mention(`@${env.groupName(item.usergroup_id)}`);
    case "broadcast":
      return mention(`@${item.range}`, true);
    case "emoji":
      return emojiOf(item);
    case "date":
      return dateOf(item, env);
    case "color":
      return el("span", {}, el("i", { class: "swatch", style: { background: item.value } }), item.value);
    default:
      return item.text ?? item.fallback ?? "";
  }
}

const withBreaks = (text) =>
  el(
    "span",
    {},
    text.split("\n").flatMap((line, index) => (index === 0 ? [line] : [el("br"), line])),
  );

function emojiOf(item) {
  const points = item.unicode?.split("-").map((hex) => Number.parseInt(hex, 16));
  const character = emoji(item.name) ?? (points ? String.fromCodePoint(...points) : `:${item.name}:`);
  return el("span", { class: "emoji", role: "img", "aria-label": item.name.replaceAll("_", " ") }, character);
}

function dateOf(item, env) {
  const date = new Date(item.timestamp * 1000);
  const time = el("time", { datetime: date.toISOString() }, fillDate(item.format, date, env.zone, env.now));
  return item.url ? link(item.url, time) : time;
}
