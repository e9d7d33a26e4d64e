/** Blocks that stand in a frame of their own: alert, card, carousel, container, plan, task card, video. */

import { el, icon, ICONS, uid } from "./dom.js";
import { element, image } from "./elements.js";
import { link } from "./links.js";
import { richText } from "./richtext.js";
import { plainWords, textBlock, textInline } from "./text.js";

const LEVELS = {
  default: ["Note", ICONS.info],
  info: ["Information", ICONS.info],
  warning: ["Warning", ICONS.warning],
  error: ["Problem", ICONS.warning],
  success: ["Done", ICONS.check],
};

/** The level is told by word and sign, not by colour alone. */
export function alertBlock(block, surface) {
  const level = block.level in LEVELS ? block.level : "default";
  const [word, sign] = LEVELS[level];
  return el(
    "div",
    { class: `alert alert-${level}`, role: "note", "aria-label": word },
    icon(sign),
    textBlock(block.text, surface.env),
  );
}

export function card(block, surface) {
  const { env } = surface;
  const titleId = uid("card");
  const words = el(
    "div",
    { class: "card-head" },
    block.icon && image(block.icon, "card-icon"),
    el(
      "div",
      {},
      block.title && el("p", { class: "card-title", id: titleId, dir: "auto" }, textInline(block.title, env)),
      block.subtitle && el("p", { class: "card-subtitle", dir: "auto" }, textInline(block.subtitle, env)),
    ),
  );
  return el(
    "article",
    { class: "card", "aria-labelledby": block.title ? titleId : null },
    block.hero_image && image(block.hero_image, "card-hero"),
    words,
    block.body && textBlock(block.body, env),
    block.actions?.length > 0 &&
      el(
        "div",
        { class: "button-row" },
        block.actions.map((item) => element(item, block, surface)),
      ),
  );
}

/** Cards side by side; the row scrolls by keyboard too. */
export function carousel(block, surface) {
  const cards = block.elements.map((item) => el("li", {}, card(item, surface)));
  return el("ul", { class: "carousel", tabindex: "0", "aria-label": "Cards" }, cards);
}

/** `draw` renders the blocks inside. */
export function container(block, surface, draw) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, surface.env)
    : plainWords(block.title);
  const head = [
    block.icon && image(block.icon, "card-icon"),
    el("span", { class: "card-title" }, title),
    block.subtitle && el("span", { class: "card-subtitle" }, textInline(block.subtitle, surface.env)),
  ];
  const className = `card container width-${block.width ?? "standard"}`;
  if (block.is_collapsible) {
    return el(
      "details",
      { class: className, open: !block.default_collapsed },
      el("summary", {}, head),
      draw(block.child_blocks),
    );
  }
  const line = block.has_header_divider && el("hr", { class: "divider" });
  return el(
    "section",
    { class: className },
    el("div", { class: "card-head" }, head),
    line,
    draw(block.child_blocks),
  );
}

const STATUS = { pending: "Waiting", in_progress: "Under way", complete: "Done", error: "Failed" };

export function taskCard(block, surface) {
  const { env } = surface;
  const sources = (block.sources ?? []).map((source) =>
    el("li", {}, link(source.url, source.text ?? source.url)),
  );
  return el(
    "article",
    { class: "card" },
    el("p", { class: "card-title", dir: "auto" }, block.title),
    el("p", { class: "card-subtitle" }, STATUS[block.status] ?? block.status),
    block.details && richText(block.details, env),
    block.output && richText(block.output, env),
    sources.length > 0 && el("ul", {}, sources),
  );
}

export function plan(block, surface) {
  return el(
    "section",
    { class: "plan" },
    el("p", { class: "card-title" }, block.title),
    (block.tasks ?? []).map((task) => taskCard(task, surface)),
  );
}

/** A video is not played here: its title, its picture and its link. */
export function video(block, surface) {
  const title = plainWords(block.title);
  return el(
    "article",
    { class: "card" },
    image({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "card-hero"),
    el("p", { class: "card-title", dir: "auto" }, block.title_url ? link(block.title_url, title) : title),
    block.description && textBlock(block.description, surface.env),
  );
}
