/** The markdown block: the common subset of Markdown to DOM nodes. HTML in it stays text. */

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";

const FENCE = /^```\S*\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^>\s?/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** A whole markdown text. */
export function markdown(text) {
  return el("div", { class: "text markdown" }, blocks(text.replace(/\r\n?/g, "\n").split("\n")));
}

function blocks(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const [node, used] = blockAt(lines, at);
    if (node) out.push(node);
    at += used;
  }
  return out;
}

function blockAt(lines, at) {
  const line = lines[at];
  if (line.trim() === "") return [null, 1];
  if (FENCE.test(line)) return fenced(lines, at);
  if (RULE.test(line)) return [el("hr"), 1];
  const heading = line.match(HEADING);
  if (heading) return [el(`h${Math.min(6, heading[1].length + 2)}`, { dir: "auto" }, inline(heading[2])), 1];
  if (QUOTE.test(line)) return quoted(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (TABLE_RULE.test(lines[at + 1] ?? "") && line.includes("|")) return table(lines, at);
  return paragraph(lines, at);
}

/** How many lines from `at` on fulfil `test`. */
function run(lines, at, test) {
  let end = at;
  while (end < lines.length && test(lines[end], end)) end += 1;
  return end - at;
}

function fenced(lines, at) {
  const size = run(lines, at + 1, (line) => !FENCE.test(line));
  return [el("pre", { dir: "auto" }, lines.slice(at + 1, at + 1 + size).join("\n")), size + 2];
}

function quoted(lines, at) {
  const size = run(lines, at, (line) => QUOTE.test(line));
  return [
    el("blockquote", {}, blocks(lines.slice(at, at + size).map((line) => line.replace(QUOTE, "")))),
    size,
  ];
}

function list(lines, at) {
  const size = run(lines, at, (line) => ITEM.test(line));
  const first = lines[at].match(ITEM);
  const items = lines.slice(at, at + size).map((line) => listItem(line.match(ITEM)));
  return [el(first[3] ? "ol" : "ul", { start: first[3] }, items), size];
}

function listItem([, indent, , , body]) {
  const task = body.match(/^\[([ xX])\]\s+(.*)$/);
  const depth = Math.min(3, Math.floor(indent.length / 2));
  const content = task ? [task[1] === " " ? "☐ " : "☑ ", ...inline(task[2])] : inline(body);
  return el("li", { dir: "auto", class: `depth-${depth}` }, content);
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function table(lines, at) {
  const size = run(lines, at + 2, (line) => line.includes("|") && line.trim() !== "");
  const row = (line, tag) =>
    el(
      "tr",
      {},
      cells(line).map((cell) => el(tag, { dir: "auto" }, inline(cell))),
    );
  const body = lines.slice(at + 2, at + 2 + size).map((line) => row(line, "td"));
  const node = el("table", {}, el("thead", {}, row(lines[at], "th")), el("tbody", {}, body));
  return [el("div", { class: "table-scroll", tabindex: "0" }, node), size + 2];
}

function paragraph(lines, at) {
  const plain = (line, index) => index === at || (line.trim() !== "" && !startsBlock(line));
  const size = run(lines, at, plain);
  const body = lines.slice(at, at + size).flatMap((line, index) => {
    const nodes = inline(line.trimEnd());
    return index === 0 ? nodes : [el("br"), ...nodes];
  });
  return [el("p", { dir: "auto" }, body), size];
}

const startsBlock = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));

const INLINE = [
  [/\\([\\`*_{}[\]()#+.!~|>-])/, ([, char]) => char],
  [/`([^`]+)`/, ([, code]) => el("code", {}, code)],
  [/!?\[([^\]]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/, ([, label, url]) => link(url, inline(label || url))],
  [/<(https?:\/\/[^<>\s]+)>/, ([, url]) => link(url, url)],
  [/\bhttps?:\/\/[^\s<>]*[^\s<>.,;:!?)'"*_~]/, ([url]) => link(url, url)],
  [/\*\*(\S(?:.*?\S)?)\*\*|(?<!\w)__(\S(?:.*?\S)?)__(?!\w)/, ([, a, b]) => el("strong", {}, inline(a ?? b))],
  [/\*(\S(?:.*?\S)?)\*|(?<!\w)_(\S(?:.*?\S)?)_(?!\w)/, ([, a, b]) => el("em", {}, inline(a ?? b))],
  [/~~(\S(?:.*?\S)?)~~/, ([, body]) => el("s", {}, inline(body))],
];

/** The earliest mark wins; at the same place, the order of the table does. */
function inline(text) {
  const found = INLINE.map(([pattern, build]) => ({ hit: text.match(pattern), build }))
    .filter(({ hit }) => hit)
    .sort((a, b) => a.hit.index - b.hit.index)[0];
  if (!found) return text === "" ? [] : [withEmoji(text)];
  const { hit, build } = found;
  const rest = text.slice(hit.index + hit[0].length);
  return [withEmoji(text.slice(0, hit.index)), build(hit), ...inline(rest)];
}
