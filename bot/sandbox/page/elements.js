/** Interactive elements that hold no value: buttons, link buttons, overflow menus; and images. */

import { sendAction, whenSettled } from "./actions.js";
import { confirmed } from "./confirm.js";
import { el, icon, ICONS, uid } from "./dom.js";
import { field, isFieldType } from "./fields.js";
import { linkTarget, safeUrl } from "./links.js";
import { attachPopup } from "./popup.js";
import { mrkdwnInline } from "./mrkdwn.js";
import { plainWords } from "./text.js";

/** Any element of an actions, section, context or card block. `labelledBy` names a field that has no label of its own. */
export function element(item, block, surface, labelledBy = null) {
  if (isFieldType(item.type)) return liveField(item, block, surface, labelledBy);
  switch (item.type) {
    case "button":
    case "workflow_button":
      return item.url ? linkButton(item, block, surface) : button(item, block, surface);
    case "icon_button":
      return iconButton(item, block, surface);
    case "feedback_buttons":
      return feedback(item, block, surface);
    case "overflow":
      return overflow(item, block, surface);
    case "image":
      return image(item);
    default:
      return el("span", { class: "notice" }, `“${item.type}” cannot be shown here.`);
  }
}

/** A field outside an input block tells the app about every choice at once. */
function liveField(item, block, surface, labelledBy) {
  const node = field(item, block, surface, { labelledBy, label: plainWords(item.placeholder) || "Choose" });
  whenSettled(node, () => sendAction(surface, block, item, payloadOf(item, node), node));
  return node;
}

/** What a field sends: what was typed, or what was selected. */
export function payloadOf(item, node) {
  const value = node.read();
  return item.type.endsWith("_input") ? { value } : { selected: value };
}

const buttonClass = (item) => ["button", item.style].filter(Boolean).join(" ");
const hooks = (item, block, testid = "button") => ({
  testid,
  actionId: item.action_id,
  blockId: block.block_id,
  value: item.value,
});

function button(item, block, surface) {
  const press = (event) => sendAction(surface, block, item, { value: item.value }, event.currentTarget);
  return el(
    "button",
    {
      type: "button",
      class: buttonClass(item),
      dir: "auto",
      "aria-label": item.accessibility_label,
      data: hooks(item, block),
      on: { click: press },
    },
    plainWords(item.text),
  );
}

/** A button with an address opens it and tells the app, as Slack does. */
function linkButton(item, block, surface) {
  const href = safeUrl(item.url);
  const pressed = { ...item, confirm: undefined };
  const press = async (event) => {
    const node = event.currentTarget;
    if (item.confirm && !node.dataset.confirmed) {
      event.preventDefault();
      if (!(await confirmed(item.confirm, surface.env))) return;
      node.dataset.confirmed = "yes";
      node.click();
      return;
    }
    delete node.dataset.confirmed;
    sendAction(surface, block, pressed, { value: item.value }, node);
  };
  return el(
    "a",
    {
      class: buttonClass(item),
      dir: "auto",
      href,
      ...(href ? linkTarget(href) : {}),
      "aria-label": item.accessibility_label,
      data: hooks(item, block),
      on: { click: press },
    },
    plainWords(item.text),
  );
}

function iconButton(item, block, surface) {
  const node = button({ ...item, style: "quiet" }, block, surface);
  node.prepend(icon(item.icon === "trash" ? "M4.5 6h11M8 6V4.2h4V6m-6 0 .7 10h6.6L14 6" : ICONS.info));
  return node;
}

function feedback(item, block, surface) {
  const one = (choice) => button({ ...choice, action_id: item.action_id, style: "quiet" }, block, surface);
  return el("span", { class: "button-row" }, one(item.positive_button), one(item.negative_button));
}

function overflow(item, block, surface) {
  const id = uid("menu");
  const opener = el(
    "button",
    {
      type: "button",
      class: "icon-button framed",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-controls": id,
      data: hooks(item, block, "overflow"),
    },
    icon(ICONS.dots, "icon dots"),
  );
  const choose = (option) => {
    menu.hidePopover();
    opener.focus();
    sendAction(surface, block, item, { selected: option.value }, opener);
  };
  const menu = el(
    "div",
    { class: "menu", role: "menu", id, "aria-label": "More actions", on: { keydown: walkMenu } },
    item.options.map((option) => menuItem(option, choose)),
  );
  attachPopup(opener, menu, () => menu.firstElementChild.focus());
  return el("span", { class: "menu-holder" }, opener, menu);
}

function menuItem(option, choose) {
  const href = option.url ? safeUrl(option.url) : null;
  const props = {
    role: "menuitem",
    tabindex: "-1",
    dir: "auto",
    data: { value: option.value },
    on: { click: () => choose(option) },
  };
  const words = [
    el("span", {}, plainWords(option.text)),
    option.description && el("small", {}, plainWords(option.description)),
  ];
  return href
    ? el("a", { ...props, href, ...linkTarget(href) }, words)
    : el("button", { ...props, type: "button" }, words);
}

function walkMenu(event) {
  const items = [...event.currentTarget.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
}

/** An image element; what cannot be loaded shows its words. */
export function image(item, className = "thumb") {
  const src = safeUrl(item.image_url ?? item.slack_file?.url ?? "");
  const node = el("img", { class: className, src, alt: item.alt_text ?? "", loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(missing(item, className)));
  return src ? node : missing(item, className);
}

const missing = (item, className) =>
  el(
    "span",
    { class: `${className} image-missing`, role: "img", "aria-label": item.alt_text },
    item.alt_text,
  );

/** The nodes of a context block's element. */
export function contextElement(item, surface) {
  if (item.type === "image") return image(item, "context-image");
  const words = item.type === "mrkdwn" ? mrkdwnInline(item.text, surface.env) : [plainWords(item)];
  return el("span", { dir: "auto" }, words);
}
