/** The input block: label, field, hint, and the place where its error is told. */

import { sendAction, whenSettled } from "./actions.js";
import { el, fillWith, icon, ICONS, uid } from "./dom.js";
import { payloadOf } from "./elements.js";
import { field, isFieldType, isGroupType } from "./fields.js";
import { plainWords } from "./text.js";
import { badly, lengthOf } from "./validate.js";
import { keepSilent } from "./values.js";

/** An input block. A surface without fields of that type says so instead of leaving it out. */
export function inputBlock(block, surface) {
  const { element } = block;
  if (!isFieldType(element.type))
    return el("p", { class: "notice" }, `The field “${element.type}” cannot be shown here.`);
  const ids = { label: uid("label"), hint: uid("hint"), keys: uid("keys"), error: uid("error") };
  const control = build(block, surface, ids);
  const wrapper = el(
    "div",
    { class: "field", data: { testid: "field", blockId: block.block_id } },
    label(block, ids, control),
    control,
    counter(element, control),
    block.hint && el("p", { class: "hint", id: ids.hint, dir: "auto" }, plainWords(block.hint)),
    sendsOnEnter(block) && el("p", { class: "hint", id: ids.keys }, "Press Enter to send"),
    el("p", {
      class: "field-error",
      id: ids.error,
      hidden: true,
      dir: "auto",
      data: { testid: "field-error", blockId: block.block_id },
    }),
  );
  for (const name of ["input", "change"]) wrapper.addEventListener(name, () => clearError(wrapper));
  if (block.dispatch_action) dispatch(block, surface, control);
  else keepSilent(control);
  return wrapper;
}

function build(block, surface, ids) {
  const describedBy = [block.hint && ids.hint, sendsOnEnter(block) && ids.keys, ids.error].filter(Boolean).join(" ");
  const control = field(block.element, block, surface, {
    labelledBy: ids.label,
    describedBy,
    required: !block.optional,
  });
  control.id = uid("control");
  if (block.element.focus_on_load) control.dataset.focusOnLoad = "yes";
  return control;
}

function label(block, ids, control) {
  const words = [
    el("span", { dir: "auto" }, plainWords(block.label)),
    block.optional && el("span", { class: "optional" }, " (optional)"),
  ];
  const group = isGroupType(block.element.type);
  return el(
    group ? "div" : "label",
    { class: "label", id: ids.label, for: group ? null : control.id },
    words,
  );
}

/** How much room is left, told only once it gets tight. */
function counter(element, control) {
  if (element.type !== "plain_text_input" || !element.max_length) return null;
  const node = el("p", { class: "counter" });
  const draw = () => {
    const left = element.max_length - lengthOf(control.value);
    node.hidden = left > Math.max(20, element.max_length / 5);
    node.textContent = left >= 0 ? `${left} characters left` : `${-left} characters too many`;
  };
  control.addEventListener("input", draw);
  draw();
  return node;
}

function dispatch(block, surface, control) {
  const { element } = block;
  const send = () => sendAction(surface, block, element, payloadOf(element, control), control);
  if (!element.type.endsWith("_input")) return whenSettled(control, send);
  if (sendsOnEnter(block)) {
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      const wrong = badly(element, control.read());
      if (wrong) tell(control.closest('[data-testid="field"]'), wrong);
      else send();
    });
  }
  if (triggersOf(element).includes("on_character_entered")) control.addEventListener("input", debounced(send));
}

const triggersOf = (element) => element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

const sendsOnEnter = (block) =>
  Boolean(block.dispatch_action) &&
  block.element.type.endsWith("_input") &&
  triggersOf(block.element).includes("on_enter_pressed");

const TYPING_PAUSE_MS = 400;

function debounced(send) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_PAUSE_MS);
  };
}

/** Show `words` at the field of a block; false when this surface has no such block. */
export function showError(root, blockId, words) {
  const wrapper = [...root.querySelectorAll('[data-testid="field"]')].find(
    (node) => node.dataset.blockId === blockId,
  );
  if (!wrapper) return false;
  tell(wrapper, words);
  return true;
}

function tell(wrapper, words) {
  const place = wrapper.querySelector('[data-testid="field-error"]');
  fillWith(place, icon(ICONS.warning), el("span", {}, words));
  place.hidden = false;
  wrapper.classList.add("has-error");
  wrapper.querySelector('[data-testid="input"]').setAttribute("aria-invalid", "true");
}

function clearError(wrapper) {
  wrapper.classList.remove("has-error");
  wrapper.querySelector('[data-testid="field-error"]').hidden = true;
  wrapper.querySelector('[data-testid="input"]').removeAttribute("aria-invalid");
}
