/** What the fields of a surface hold: read from the page, or from the state the server keeps. */

const readers = new WeakMap();

/** Make `node` a field: `read()` gives its value as text, a list of texts, a number, or null when empty. */
export function asField(node, block, element, read) {
  node.dataset.testid = "input";
  node.dataset.blockId = block.block_id ?? "";
  node.dataset.actionId = element.action_id ?? "";
  node.dataset.type = element.type;
  readers.set(node, read);
  return node;
}

/** {block_id: {action_id: value}} of every field inside `root`. */
export function collect(root) {
  const values = {};
  for (const node of root.querySelectorAll('[data-testid="input"]')) {
    const { blockId, actionId } = node.dataset;
    (values[blockId] ??= {})[actionId] = readers.get(node)();
  }
  return values;
}

/** Mark a field that tells the server nothing by itself until the form is sent. */
export function keepSilent(node) {
  node.dataset.silent = JSON.stringify(readers.get(node)());
}

/** The silent fields whose value changed since this was last asked: [{field, block_id, action_id, selected}]. */
export function silentChanges(root) {
  const fields = [...(root?.querySelectorAll("[data-silent]") ?? [])];
  return fields.flatMap((field) => {
    const selected = readers.get(field)();
    const now = JSON.stringify(selected);
    if (now === field.dataset.silent) return [];
    field.dataset.silent = now;
    return [{ field, block_id: field.dataset.blockId, action_id: field.dataset.actionId, selected }];
  });
}

/** The value so far of one field, or undefined when the surface has none. */
export function valueSoFar(surface, block, element) {
  const kept = surface.values?.[block.block_id]?.[element.action_id];
  return kept === undefined ? initialOf(element) : plain(kept);
}

const option = (item) => item?.value;

/** What the app asked to be filled in at first. */
function initialOf(element) {
  if (element.initial_option) return option(element.initial_option);
  if (element.initial_options) return element.initial_options.map(option);
  const name = Object.keys(element).find((key) => key.startsWith("initial_"));
  return name === undefined ? undefined : element[name];
}

/** A state as Slack shapes it ({type, selected_option: {value}}…) or a bare value, to a bare value. */
function plain(kept) {
  if (kept === null || typeof kept !== "object" || Array.isArray(kept)) return kept;
  if ("value" in kept) return kept.value;
  const name = Object.keys(kept).find((key) => key.startsWith("selected_"));
  const selected = name === undefined ? null : kept[name];
  if (name === "selected_option") return option(selected) ?? null;
  return name === "selected_options" ? (selected ?? []).map(option) : selected;
}
