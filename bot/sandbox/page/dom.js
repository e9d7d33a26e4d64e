/** Small helpers to build elements. Text only ever enters the page as text nodes. */

const SVG = "http://www.w3.org/2000/svg";
let counter = 0;

/** A new id, unique on this page. */
export const uid = (prefix = "x") => `${prefix}-${(counter += 1)}`;

/**
 * Build an HTML element.
 * props: `class`, `on` {event: handler}, `data` {name: value}, `style` {property: value}, `prop` {DOM property: value};
 * every other key is an attribute. null, undefined and false leave an attribute out, true sets it empty.
 */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props)) setProp(node, key, value);
  append(node, children);
  return node;
}

function setProp(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "on") for (const [name, fn] of Object.entries(value)) node.addEventListener(name, fn);
  else if (key === "data") setData(node, value);
  else if (key === "style") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
  else if (key === "prop") Object.assign(node, value);
  else node.setAttribute(key, value === true ? "" : String(value));
}

function setData(node, data) {
  for (const [name, value] of Object.entries(data)) {
    if (value !== null && value !== undefined) node.dataset[name] = String(value);
  }
}

/** Append children: nodes, strings, nested lists; null and false are left out. */
function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** Replace everything inside `node`. */
export function fillWith(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Text that only a screen reader gets. */
export const srOnly = (text) => el("span", { class: "hidden-visually" }, text);

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]";

/** The elements inside `root` that Tab reaches, in order. */
export function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter(
    (node) => node.tabIndex >= 0 && !node.closest("[inert]") && node.getClientRects().length > 0,
  );
}

/** A decorative icon from path data on a 20 by 20 grid. */
export function icon(path, className = "icon") {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", class: className, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: path }),
  );
}

export const ICONS = {
  home: "M3.5 9.2 10 3.5l6.5 5.7V16a.8.8 0 0 1-.8.8h-3.6v-4.6H7.9v4.6H4.3a.8.8 0 0 1-.8-.8Z",
  chat: "M3.5 5.3A1.8 1.8 0 0 1 5.3 3.5h9.4a1.8 1.8 0 0 1 1.8 1.8v6.4a1.8 1.8 0 0 1-1.8 1.8H9.2L5.6 16.6v-3.1h-.3a1.8 1.8 0 0 1-1.8-1.8Z",
  hash: "M7.8 3.5 6.4 16.5M13.6 3.5l-1.4 13M3.8 7.6h13M3.2 12.4h13",
  clip: "m15.6 9.6-5.5 5.5a3.4 3.4 0 0 1-4.8-4.8l6-6a2.3 2.3 0 0 1 3.2 3.2l-5.9 6a1.1 1.1 0 0 1-1.6-1.6l5.4-5.5",
  reply: "M8.2 4.5 3.6 9l4.6 4.5M3.9 9h7.3a5.2 5.2 0 0 1 5.2 5.2v1.3",
  send: "M3.6 10 3.5 4l13.2 6-13.2 6 .1-6Zm0 0h6.2",
  close: "m5 5 10 10M15 5 5 15",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  chevron: "m5.5 7.8 4.5 4.4 4.5-4.4",
  clock: "M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6Zm0 3v4l2.6 1.6",
  file: "M5.2 3.2h6.3l3.3 3.4v10.2H5.2ZM11.3 3.4v3.4h3.3",
  down: "M10 3.6v9M6.2 9.2l3.8 3.6 3.8-3.6M4.2 16.4h11.6",
  search: "M9 3.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 9 3.8Zm3.8 9 3.6 3.6",
  eye: "M2.6 10S5.3 5 10 5s7.4 5 7.4 5-2.7 5-7.4 5-7.4-5-7.4-5Zm7.4-2a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  info: "M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6Zm0 5.6v4.4M10 6.4h.01",
  warning: "M10 3.6 17.2 16H2.8Zm0 4.6v3.6m0 2.2h.01",
  check: "m4.5 10.4 3.7 3.7 7.3-8",
};
