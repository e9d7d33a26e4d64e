/**
 * Block Kit to DOM nodes.
 * A surface is {kind: "message" | "home" | "modal", container, values, env}: where the blocks stand, what an action on
 * them is addressed to, what their fields held so far, and how to show names and times.
 */

import { alertBlock, card, carousel, container, plan, taskCard, video } from "./cards.js";
import { chart } from "./chart.js";
import { el, uid } from "./dom.js";
import { contextElement, element, image } from "./elements.js";
import { folded } from "./fold.js";
import { inputBlock } from "./inputblock.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { plainWords, textBlock } from "./text.js";

const RENDERERS = {
  actions: actionsBlock,
  alert: alertBlock,
  card,
  carousel,
  container: (block, surface) => container(block, surface, (children) => renderBlocks(children, surface)),
  context: contextBlock,
  context_actions: actionsBlock,
  data_table: dataTable,
  data_visualization: (block) => chart(block),
  divider: () => el("hr", { class: "divider" }),
  header,
  image: imageBlock,
  input: inputBlock,
  markdown: (block) => markdown(block.text),
  plan,
  rich_text: (block, surface) => richText(block, surface.env),
  section,
  table,
  task_card: taskCard,
  video,
};

/** Every block, in order. A type that cannot be drawn says so where it would stand. */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const draw = RENDERERS[block.type] ?? unknown;
    const node = draw(block, surface);
    node.classList.add("block", `block-${block.type}`);
    if (block.block_id) node.dataset.block = block.block_id;
    return node;
  });
}

const unknown = (block) =>
  el("p", { class: "notice" }, `This page cannot draw a block of type “${block.type}”.`);

const HEADING_LEVEL = { message: "h3", home: "h2", modal: "h3" };

function header(block, surface) {
  return el(HEADING_LEVEL[surface.kind], { dir: "auto" }, plainWords(block.text));
}

/** Slack folds long sections of messages, unless the app asks it not to. */
const unfolded = (block, surface) => surface.kind !== "message" || block.expand === true;

function section(block, surface) {
  const wordsId = block.accessory ? uid("section") : null;
  const words = el(
    "div",
    { class: "section-words", id: wordsId },
    block.text && folded(textBlock(block.text, surface.env), block.text, unfolded(block, surface)),
    block.fields &&
      el(
        "div",
        { class: "section-fields" },
        block.fields.map((item) => textBlock(item, surface.env)),
      ),
  );
  if (!block.accessory) return el("div", {}, words);
  const accessory = element(block.accessory, block, surface, block.text ? wordsId : null);
  const wide = /^(radio|checkboxes|multi_)/.test(block.accessory.type) ? " accessory-below" : "";
  return el("div", { class: `with-accessory${wide}` }, words, el("div", { class: "accessory" }, accessory));
}

function actionsBlock(block, surface) {
  return el(
    "div",
    { class: "button-row" },
    block.elements.map((item) => element(item, block, surface)),
  );
}

function contextBlock(block, surface) {
  return el(
    "div",
    { class: "context" },
    block.elements.map((item) => contextElement(item, surface)),
  );
}

function imageBlock(block) {
  return el(
    "figure",
    {},
    block.title && el("figcaption", { dir: "auto" }, plainWords(block.title)),
    image(block, "picture"),
  );
}
