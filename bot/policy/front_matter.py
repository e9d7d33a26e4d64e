"""The head of a policy file, and where each of its values stands, so that an error can name the line."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError

from bot.errors import PolicyFault

Where = tuple[int | str, ...]
HEAD_LIMIT = 20_000
_DEEPEST = 10
# What YAML takes for line ends and no editor shows as one: the lines of errors would not be the file's.
_OTHER_ENDS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")
_LONGEST = 500
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


class Misplaced(ValueError):
    """What is wrong with a term stands deeper in the file than where it was noticed: `at` leads there."""

    def __init__(self, said: str, *at: int | str) -> None:
        super().__init__(said)
        self.at = at


class _Loader(yaml.SafeLoader):
    """Knows whole numbers and words alone. Else `no` would be false, 010 eight, 9:30 a number of minutes, and a day
    that the calendar does not have an error without a line."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,8})$"), list("-+0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"~?$"), ["~", ""])


def in_one_line(said: str) -> str:
    """What an error says of the file, on the one line that it has: names and headings in it may be of several."""
    flat = " ".join(said.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"


def read_head(text: str, name: str) -> Head:
    """Split a policy file into front matter and text; raises `PolicyFault` that names the line."""
    handler = YAMLHandler()
    if not handler.detect(text):
        raise PolicyFault(f"{name} {_NO_HEAD}.")
    try:
        head, body = handler.split(text)
    except ValueError:
        raise PolicyFault(f"{name}: the front matter is not closed: a line --- has to come after it.") from None
    if len(head) > HEAD_LIMIT:
        raise PolicyFault(f"{name}: the front matter has {len(head):,} characters; {HEAD_LIMIT:,} are the most.")
    first = text[: text.index(head)].count("\n") + 1
    head = head.translate(_OTHER_ENDS)
    lines: dict[Where, int] = {}
    try:
        _refuse_tricks(head, name, first)
        root = _composed(head, name)
        _note_lines(root, (), first, lines, name)
        values = _Loader("").construct_document(root)
    except yaml.YAMLError as error:
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML"
        line = _line_of(error, head, first)
        raise PolicyFault(f"{name}, line {line}: the front matter cannot be read: {in_one_line(said)}.") from None
    by_name = {str(key): value for key, value in values.items()}
    return Head(by_name, lines, body, text[: len(text) - len(body)].count("\n") + 1)


def _line_of(error: yaml.YAMLError, head: str, first: int) -> int:
    mark = getattr(error, "problem_mark", None)
    return first + (mark.line if mark else head.count("\n", 0, getattr(error, "position", 0)))


def _refuse_tricks(head: str, name: str, first: int) -> None:
    """YAML can refer to itself, name types, and nest without end; no policy needs that, and a short file of it can
    take for ever to read."""
    depth = 0
    for event in yaml.parse(head, Loader=_Loader):
        where = f"{name}, line {(event.start_mark.line if event.start_mark else 0) + first}"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise PolicyFault(f"{where}: the front matter is nested too deeply.")
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise PolicyFault(f"{where}: &, * and ! have a meaning in YAML: put the value between quotes.")
        if isinstance(event, yaml.ScalarEvent) and any(map(_unprintable, event.value)):
            raise PolicyFault(f"{where}: a character stands here that cannot be shown.")


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"


def _composed(head: str, name: str) -> yaml.MappingNode:
    root = yaml.compose(head, Loader=_Loader)
    if not isinstance(root, yaml.MappingNode):
        raise PolicyFault(f"{name}: the front matter has to be a list of names and values such as title: A policy.")
    return root


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
            field = in_one_line(".".join(map(str, where)))
            raise PolicyFault(f"{name}, line {line}: {field} is set twice, first in line {lines[where]}.")
        lines[where] = line
        _note_lines(value, where, first, lines, name)


def faults_of(error: ValidationError, head: Head, known: Iterable[str], name: str) -> PolicyFault:
    """One line for each thing that is wrong, with its place in the file and, for a misspelt name, the likely one."""
    names = list(known)
    return PolicyFault("\n".join(_fault(dict(item), head, names, name) for item in error.errors()))


def _fault(item: dict[str, Any], head: Head, known: list[str], name: str) -> str:
    cause = item.get("ctx", {}).get("error")
    where = (*item["loc"], *(cause.at if isinstance(cause, Misplaced) else ()))
    line = next((head.lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in head.lines), 1)
    said = item["msg"].removeprefix("Value error, ")
    if item["type"] == "missing":
        said = f"is missing{_misspelt(where, head)}"
    elif item["type"] == "extra_forbidden":
        said = f"is not a name that Candor knows{_likely(str(where[-1]), known)}"
    return in_one_line(f"{name}, line {line}: {'.'.join(map(str, where))}: {said}")


def _misspelt(where: Where, head: Head) -> str:
    there = [str(path[-1]) for path in head.lines if path[:-1] == where[:-1]]
    return f" (there is {close[0]})" if (close := get_close_matches(str(where[-1]), there, 1, 0.7)) else ""


def _likely(given: str, known: list[str]) -> str:
    return f" (did you mean {close[0]}?)" if (close := get_close_matches(given, known, 1)) else ""
