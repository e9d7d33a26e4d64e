/** Every element that holds a value. Each field node has `read()`: text, list of texts, number, or null when empty. */

import { checkboxes, radioButtons, selectOne } from "./choices.js";
import { el } from "./dom.js";
import { selectMany } from "./multiselect.js";
import { personOf, store } from "./state.js";
import { plainWords } from "./text.js";
import { asField, valueSoFar } from "./values.js";

const BUILDERS = {
  plain_text_input: (element) => (element.multiline ? textarea(element) : typed(element, "text")),
  number_input: (element) =>
    typed(element, "text", { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" }),
  email_text_input: (element) => typed(element, "email", { autocomplete: "off", inputmode: "email" }),
  url_text_input: (element) => typed(element, "url", { inputmode: "url" }),
  datepicker: (element) => typed(element, "date"),
  timepicker: (element) => typed(element, "time"),
  datetimepicker: (element) => typed(element, "datetime-local"),
  static_select: (element, value) => selectOne(element, optionGroups(element), value),
  users_select: (element, value) => selectOne(element, [{ options: people() }], value),
  channels_select: (element, value) => selectOne(element, [{ options: channels() }], value),
  conversations_select: (element, value) => selectOne(element, [{ options: conversations(element) }], value),
  multi_static_select: (element, value) => selectMany(element, optionGroups(element), value),
  multi_users_select: (element, value) => selectMany(element, [{ options: people() }], value),
  multi_channels_select: (element, value) => selectMany(element, [{ options: channels() }], value),
  multi_conversations_select: (element, value) =>
    selectMany(element, [{ options: conversations(element) }], value),
  radio_buttons: (element, value, surface) => radioButtons(element, value, surface.env),
  checkboxes: (element, value, surface) => checkboxes(element, value, surface.env),
};

export const isFieldType = (type) => type in BUILDERS;

/** Groups of controls take a legend; single controls take a label. */
export const isGroupType = (type) => /^(radio|check|multi_)/.test(type);

/**
 * Build a field. `labelledBy` is the id of its label; without one, `label` names it.
 * `describedBy` and `required` go on the control.
 */
export function field(
  element,
  block,
  surface,
  { labelledBy = null, label = null, describedBy = null, required = false } = {},
) {
  const value = valueSoFar(surface, block, element);
  const node = BUILDERS[element.type](element, value ?? null, surface);
  const name = labelledBy ? { "aria-labelledby": labelledBy } : { "aria-label": label };
  const group = isGroupType(element.type) && !element.type.startsWith("multi_");
  const facts = {
    ...name,
    "aria-describedby": describedBy,
    "aria-required": required && !group ? "true" : null,
  };
  for (const [key, fact] of Object.entries(facts)) if (fact) node.setAttribute(key, fact);
  if (group) node.setAttribute("role", element.type === "radio_buttons" ? "radiogroup" : "group");
  if (node.write && value !== undefined) node.write(value);
  return asField(node, block, element, () => node.read());
}

function typed(element, type, extra = {}) {
  const node = el("input", {
    type,
    class: "control",
    dir: "auto",
    placeholder: plainWords(element.placeholder),
    autocomplete: "off",
    ...extra,
  });
  return withText(node, element);
}

function textarea(element) {
  const node = el("textarea", {
    class: "control",
    dir: "auto",
    rows: "4",
    placeholder: plainWords(element.placeholder),
  });
  return withText(node, element);
}

/** Moments travel as seconds since 1970; the browser shows them as local date and time. */
const localMoment = (seconds) =>
  new Date((seconds - new Date(seconds * 1000).getTimezoneOffset() * 60) * 1000).toISOString().slice(0, 16);

function withText(node, element) {
  const moment = element.type === "datetimepicker";
  node.read = () => {
    if (node.value.trim() === "") return null;
    if (element.type === "number_input") return node.value.trim();
    return moment ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
  };
  node.write = (value) => (node.value = moment && value ? localMoment(value) : (value ?? ""));
  return node;
}

const optionGroups = (element) => element.option_groups ?? [{ options: element.options ?? [] }];
const choice = (value, text) => ({ value, text: { type: "plain_text", text, emoji: false } });
const literal = (text) => text.replaceAll("&", "&amp;");

const people = () => store.people.map(({ id, name }) => choice(id, literal(name)));
const channels = () => kept("channel").map(({ id, name }) => choice(id, `# ${literal(name)}`));
const kept = (kind) => (store.data?.conversations ?? []).filter((item) => item.kind === kind);

function conversations(element) {
  const include = element.filter?.include;
  const wants = (...kinds) => !include || kinds.some((kind) => include.includes(kind));
  const direct = kept("im").map(({ id, name }) => choice(id, literal(personOf(id)?.name ?? name)));
  return [...(wants("public", "private") ? channels() : []), ...(wants("im") ? direct : [])];
}
