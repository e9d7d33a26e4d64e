"""The head of a policy file, and where each of its values stands, so that an error can name the line."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError

from bot.errors import PolicyFault

Where = tuple[int | str, ...]
_NO_HEAD = (
    "begins with no front matter: the first line has to be ---, then title, contact, effective, notice_days and terms, "
    "then --- again (candor policy show prints the one in force, to begin with)"
)


class Head(NamedTuple):
    """`values` of the front matter; `lines` has the line of each by its path; `body_line` is the text's first line."""

    values: dict[str, Any]
    lines: Mapping[Where, int]
    body: str
    body_line: int


def read_head(text: str, name: str) -> Head:
    """Split a policy file into front matter and text; raises `PolicyFault` that names the line."""
    handler = YAMLHandler()
    if not handler.detect(text):
        raise PolicyFault(f"{name} {_NO_HEAD}.")
    try:
        head, body = handler.split(text)
    except ValueError:
        raise PolicyFault(f"{name}: the front matter is not closed: a line --- has to come after it.") from None
    first = text[: text.index(head)].count("\n") + 1
    root = _compose(head, name, first)
    lines: dict[Where, int] = {}
    _note_lines(root, (), first, lines, name)
    return Head(_values(root, name), lines, body, text[: len(text) - len(body)].count("\n") + 1)


def _compose(head: str, name: str, first: int) -> yaml.MappingNode:
    try:
        root = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + first}" if mark else ""
        said = getattr(error, "problem", None) or "not YAML"
        raise PolicyFault(f"{name}{where}: the front matter cannot be read: {said}.") from None
    if not isinstance(root, yaml.MappingNode):
        raise PolicyFault(f"{name}: the front matter has to be a list of names and values such as title: A policy.")
    return root


def _values(root: yaml.MappingNode, name: str) -> dict[str, Any]:
    try:
        values = yaml.SafeLoader("").construct_document(root)
    except (yaml.YAMLError, ValueError) as error:
        said = getattr(error, "problem", None) or error
        raise PolicyFault(f"{name}: the front matter cannot be read: {said}.") from None
    return {str(key): value for key, value in values.items()}


def _note_lines(node: yaml.Node, path: Where, first: int, lines: dict[Where, int], name: str) -> None:
    """The line of every value; raises `PolicyFault` for a name that stands twice: YAML would take the last."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[(*path, number)] = item.start_mark.line + first
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        where, line = (*path, str(key.value)), key.start_mark.line + first
        if where in lines:
            raise PolicyFault(
                f"{name}, line {line}: {'.'.join(map(str, where))} is set twice, first in {lines[where]}."
            )
        lines[where] = line
        _note_lines(value, where, first, lines, name)


def faults_of(error: ValidationError, head: Head, known: Iterable[str], name: str) -> PolicyFault:
    """One line for each thing that is wrong, with its place in the file and, for a misspelt name, the likely one."""
    names = list(known)
    return PolicyFault(
        "\n".join(_fault(item["loc"], item["msg"], item["type"], head, names, name) for item in error.errors())
    )


def _fault(where: Where, message: str, kind: str, head: Head, known: list[str], name: str) -> str:
    line = next((head.lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in head.lines), 1)
    field = ".".join(map(str, where))
    said = message.removeprefix("Value error, ")
    if kind == "missing":
        said = f"is missing{_misspelt(where, head)}"
    elif kind == "extra_forbidden":
        said = f"is not a name that Candor knows{_likely(str(where[-1]), known)}"
    return f"{name}, line {line}: {field}: {said}"


def _misspelt(where: Where, head: Head) -> str:
    there = [str(path[-1]) for path in head.lines if path[:-1] == where[:-1]]
    return f" (there is {close[0]})" if (close := get_close_matches(str(where[-1]), there, 1, 0.7)) else ""


def _likely(given: str, known: list[str]) -> str:
    return f" (did you mean {close[0]}?)" if (close := get_close_matches(given, known, 1)) else ""
