/** Choosing from a list: one of a menu, one of a few, several of a few. */

import { el, uid } from "./dom.js";
import { plainWords, textInline } from "./text.js";

/** A drop-down menu. `groups` is [{label?, options}]. */
export function selectOne(element, groups, value) {
  const empty = el("option", { value: "" }, plainWords(element.placeholder) || "Choose…");
  const node = el("select", { class: "control select" }, empty, groups.map(optionsOf));
  node.read = () => node.value || null;
  node.write = (chosen) => (node.value = chosen ?? "");
  node.write(value);
  return node;
}

function optionsOf(group) {
  const options = group.options.map((option) =>
    el("option", { value: option.value, dir: "auto" }, longWords(option)),
  );
  return group.label ? el("optgroup", { label: plainWords(group.label) }, options) : options;
}

/** A menu shows one line, so the description follows the text. */
const longWords = ({ text, description }) =>
  description ? `${plainWords(text)} (${plainWords(description)})` : plainWords(text);

export function radioButtons(element, value, env) {
  const name = uid("radio");
  const node = boxes(element, env, (option) =>
    el("input", { type: "radio", name, value: option.value, prop: { checked: option.value === value } }),
  );
  node.read = () => node.querySelector("input:checked")?.value ?? null;
  return node;
}

export function checkboxes(element, value, env) {
  const node = boxes(element, env, (option) =>
    el("input", {
      type: "checkbox",
      value: option.value,
      prop: { checked: (value ?? []).includes(option.value) },
    }),
  );
  node.read = () => {
    const all = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    return all.length ? all : null;
  };
  return node;
}

function boxes(element, env, build) {
  return el(
    "div",
    { class: "choices" },
    element.options.map((option) => choiceRow(option, env, build(option))),
  );
}

function choiceRow(option, env, box) {
  const describedBy = option.description ? uid("option") : null;
  if (describedBy) box.setAttribute("aria-describedby", describedBy);
  return el(
    "div",
    { class: "choice" },
    el("label", {}, box, el("span", { dir: "auto" }, textInline(option.text, env))),
    describedBy && el("small", { id: describedBy, dir: "auto" }, textInline(option.description, env)),
  );
}
