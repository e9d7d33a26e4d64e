"""Small checks that put together say what a piece of Block Kit may look like.

A check is called with a value, its JSON pointer and a list to which it adds one sentence per problem, in the
words of Slack's own answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Problems = list[str]
Check = Callable[[Any, str, Problems], None]


def report(problems: Problems, text: str, path: str) -> None:
    """Adds one problem, as Slack words it."""
    problems.append(f"{text} [json-pointer:{path or '/'}]")


def string(most: int, *, least: int = 1, pattern: str | None = None) -> Check:
    """Text of `least` to `most` characters."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, str):
            report(problems, "must provide a string", path)
        elif len(value) > most:
            report(problems, f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            report(problems, f"must be more than {least - 1} characters", path)
        elif compiled and not compiled.fullmatch(value):
            report(problems, "is not of the expected format", path)

    return check


def boolean(value: Any, path: str, problems: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report(problems, "must provide a boolean", path)


def integer(least: int, most: int) -> Check:
    """A whole number within [least, most]."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            report(problems, "must provide an integer", path)
        elif not least <= value <= most:
            report(problems, f"must be between {least} and {most}", path)

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if value not in allowed:
            report(problems, f"must be one of: {', '.join(allowed)}", path)

    return check


def many(item: Check, most: int, *, least: int = 1) -> Check:
    """A list of `least` to `most` items."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            report(problems, "must provide an array", path)
            return
        if len(value) > most:
            report(problems, f"no more than {most} items allowed", path)
        elif len(value) < least:
            report(problems, f"no fewer than {least} items allowed", path)
        for index, each in enumerate(value):
            item(each, f"{path}/{index}", problems)

    return check


@dataclass(frozen=True)
class Shape:
    """An object with these fields and no others. `rules` see the whole object, once its fields are in order."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Check, ...] = ()

    def __call__(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            report(problems, "must provide an object", path)
            return
        before = len(problems)
        for name in self.required:
            if name not in value:
                report(problems, f"missing required field: {name}", path)
        for name, inside in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                report(problems, f"invalid additional property: {name}", path)
            else:
                check(inside, f"{path}/{name}", problems)
        if len(problems) == before:
            for rule in self.rules:
                rule(value, path, problems)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, path: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            report(problems, "missing required field: type", path)
        elif kind not in shapes:
            report(problems, f"unsupported type: {kind}", f"{path}/type")
        else:
            shapes[kind](value, path, problems)

    return check


def typed(kind: str, required: Mapping[str, Check] | None = None, **rest: Any) -> Shape:
    """A shape whose `type` is `kind`."""
    return Shape({"type": one_of(kind), **(required or {})}, **rest)


def at_least_one(*names: str) -> Check:
    """A rule: one of the fields is there."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if not any(name in value for name in names):
            report(problems, f"must have one of: {', '.join(names)}", path)

    return check


def exactly_one(*names: str) -> Check:
    """A rule: one of the fields is there, and only one."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if sum(name in value for name in names) != 1:
            report(problems, f"must have exactly one of: {', '.join(names)}", path)

    return check
