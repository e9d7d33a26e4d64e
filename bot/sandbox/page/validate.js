/** What the client checks before it sends a form. */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Characters as people (and the server) count them, not UTF-16 units. */
export const lengthOf = (text) => [...text].length;

/** {block_id: words} for every input block whose value cannot be sent. `values` as collect() gives them. */
export function problems(blocks, values) {
  const found = {};
  for (const block of blocks.filter(({ type }) => type === "input")) {
    const value = values[block.block_id]?.[block.element.action_id] ?? null;
    const words = problem(block, value);
    if (words) found[block.block_id] = words;
  }
  return found;
}

function problem(block, value) {
  if (value === null) return block.optional ? null : "Please fill in this field.";
  return badly(block.element, value);
}

/** What is wrong with a value as such, or null; an empty field is never wrong. */
export const badly = (element, value) =>
  value === null ? null : (CHECKS[element.type]?.(element, value) ?? null);

const CHECKS = {
  plain_text_input: ({ min_length: min = 0, max_length: max = 3000 }, value) => {
    const length = lengthOf(value);
    if (length < min) return `Please write at least ${min} characters.`;
    return length > max ? `Please write at most ${max} characters; this has ${length}.` : null;
  },
  number_input: checkNumber,
  email_text_input: (_, value) =>
    EMAIL.test(value) ? null : "Please enter an email address, for example ana@example.com.",
  url_text_input: (_, value) =>
    /^https?:\/\/./i.test(value) ? null : "Please enter an address that starts with https://.",
};

function checkNumber({ is_decimal_allowed: decimal, min_value: min, max_value: max }, value) {
  const shape = decimal ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  const example = decimal
    ? "Please enter a number, for example 2.5."
    : "Please enter a whole number, for example 2.";
  if (!shape.test(value)) return example;
  const number = Number(value);
  if (min !== undefined && number < Number(min)) return `Please enter ${min} or more.`;
  return max !== undefined && number > Number(max) ? `Please enter ${max} or less.` : null;
}
