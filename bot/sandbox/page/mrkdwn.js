/**
 * Slack's mrkdwn to DOM nodes.
 * Only text nodes carry what was written, so nothing in it can become HTML; the three entities are undone exactly once.
 * `env` is {zone, now, userName(id), groupName(id), channelName(id)}.
 */

import { fillDate } from "./dates.js";
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention, safeUrl } from "./links.js";

const ENTITY = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const ANGLE = /^<([^<>\n]+)>/;
const CODE = /^`([^`\n]+)`/;
const EMOJI = /^:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/;
const BARE_URL = /^https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"*_~]/;
const QUOTE = /^(?:&gt;|>) ?/;
const REST_QUOTE = /^(?:&gt;|>){3} ?/;
const BULLET = /^(\s*)(?:[•◦▪‣]|-)\s+/;
const NUMBER = /^(\s*)(\d{1,3})[.)]\s+/;

/** Undo `&amp;`, `&lt;` and `&gt;`, once: "&amp;lt;" becomes "&lt;". */
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITY[entity]);

/** A whole mrkdwn text, with code blocks, quotes and lists. */
export function mrkdwn(text, env) {
  const parts = text.split("```");
  const root = el("div", { class: "text" });
  parts.forEach((part, index) => {
    const closed = index % 2 === 1 && index < parts.length - 1;
    if (closed) root.append(el("pre", { dir: "auto" }, unescape(part.replace(/^\n|\n$/g, ""))));
    else root.append(...lines(index % 2 === 1 ? "```" + part : part, env));
  });
  return root;
}

/** mrkdwn on one line, without blocks (context, table cells). */
export const mrkdwnInline = (text, env) => inline(text, env);

function lines(text, env) {
  const trimmed = text.replace(/^\n+|\n+$/g, "");
  return trimmed === "" ? [] : groups(trimmed.split("\n")).map((group) => draw(group, env));
}

function kindOf(line) {
  if (REST_QUOTE.test(line)) return "rest";
  if (QUOTE.test(line)) return "quote";
  if (BULLET.test(line)) return "ul";
  return NUMBER.test(line) ? "ol" : "p";
}

function groups(all) {
  const found = [];
  all.forEach((line, index) => {
    const last = found.at(-1);
    if (last?.kind === "rest") return;
    const kind = kindOf(line);
    if (kind === "rest") found.push({ kind, lines: all.slice(index) });
    else if (last?.kind === kind) last.lines.push(line);
    else found.push({ kind, lines: [line] });
  });
  return found;
}

function draw({ kind, lines: body }, env) {
  if (kind === "ul" || kind === "ol") return drawList(kind, body, env);
  if (kind === "rest") return el("blockquote", {}, lines(body.join("\n").replace(REST_QUOTE, ""), env));
  if (kind === "quote")
    return el(
      "blockquote",
      {},
      paragraph(
        body.map((line) => line.replace(QUOTE, "")),
        env,
      ),
    );
  return paragraph(body, env);
}

function paragraph(body, env) {
  return el("p", { dir: "auto" }, inline(body.join("\n").replace(/^\n+|\n+$/g, ""), env));
}

function drawList(kind, body, env) {
  const pattern = kind === "ul" ? BULLET : NUMBER;
  const start = kind === "ol" ? body[0].match(NUMBER)[2] : null;
  const items = body.map((line) => {
    const depth = Math.min(3, Math.floor(line.match(pattern)[1].length / 2));
    return el("li", { dir: "auto", class: `depth-${depth}` }, inline(line.replace(pattern, ""), env));
  });
  return el(kind, { start }, items);
}

/** Text with *bold*, links, mentions, code and emoji to a list of nodes. */
function inline(text, env) {
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = tokenAt(text, at, env);
    if (found === null) {
      plain += text[at];
      at += 1;
      continue;
    }
    out.push(...withBreaks(plain), found.node);
    plain = "";
    at += found.length;
  }
  return [...out, ...withBreaks(plain)];
}

function withBreaks(plain) {
  if (plain === "") return [];
  return unescape(plain)
    .split("\n")
    .flatMap((line, index) => (index === 0 ? [line] : [el("br"), line]));
}

function tokenAt(text, at, env) {
  const rest = text.slice(at);
  const char = text[at];
  if (char === "<") return match(ANGLE, rest, (body) => angle(body, env));
  if (char === "`") return match(CODE, rest, (body) => el("code", {}, unescape(bareAngles(body))));
  if (char === ":") return match(EMOJI, rest, emojiNode);
  if (char === "h" && !WORD.test(text[at - 1] ?? "")) return bareUrl(rest);
  return char in MARKS ? emphasis(text, at, env) : null;
}

function match(pattern, rest, build) {
  const found = rest.match(pattern);
  const node = found && build(found[1]);
  return node ? { node, length: found[0].length } : null;
}

const bareAngles = (code) => code.replace(/<(?:[^<>|]+\|)?([^<>|]+)>/g, "$1");

function emojiNode(name) {
  const character = emoji(name);
  return (
    character &&
    el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, character)
  );
}

function bareUrl(rest) {
  const found = rest.match(BARE_URL);
  return found && { node: link(unescape(found[0]), unescape(found[0])), length: found[0].length };
}

function emphasis(text, at, env) {
  const mark = text[at];
  const next = text[at + 1] ?? "";
  if (WORD.test(text[at - 1] ?? "") || next === mark || !/\S/.test(next)) return null;
  const end = closing(text, at, mark);
  if (end < 0) return null;
  return { node: el(MARKS[mark], {}, inline(text.slice(at + 1, end), env)), length: end - at + 1 };
}

/** Where the mark opened at `at` closes on the same line, jumping over code and <…>; -1 if nowhere. */
function closing(text, at, mark) {
  for (let i = at + 1; i < text.length && text[i] !== "\n"; i += 1) {
    const skip =
      text[i] === "<" || text[i] === "`" ? text.slice(i).match(text[i] === "<" ? ANGLE : CODE) : null;
    if (skip) i += skip[0].length - 1;
    else if (text[i] === mark && /\S/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? "")) return i;
  }
  return -1;
}

function angle(body, env) {
  const [target, label] = splitOnce(body, "|");
  if (target.startsWith("!date^")) return dateNode(target, label, env);
  if (target.startsWith("@")) return mention(`@${label ?? env.userName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ?? env.channelName(target.slice(1))}`);
  if (target.startsWith("!subteam^")) return mention(`@${label ?? env.groupName(target.slice(9))}`, true);
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`, true);
  const address = unescape(target);
  if (label === null && safeUrl(address) === null) return el("span", {}, `<${address}>`);
  return link(address, unescape(label ?? address.replace(/^mailto:/, "")));
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function dateNode(target, fallback, env) {
  const [, stamp, pattern, address] = target.split("^");
  const date = new Date(Number(stamp) * 1000);
  if (Number.isNaN(date.getTime()) || !pattern) return el("span", {}, unescape(fallback ?? ""));
  const words = unescape(fillDate(pattern, date, env.zone, env.now));
  const time = el("time", { datetime: date.toISOString(), title: fallback && unescape(fallback) }, words);
  return address ? link(unescape(address), time) : time;
}
