"""Patterns of speech, kept as lists of words beside the program."""

import re
from collections.abc import Mapping
from functools import cache

from bot.policy.answers.lists import lines

_SLOT = re.compile(r"<([a-z_]+)>")


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of one file by their names, each with those that it mentions put in."""
    found: dict[str, str] = {}
    for line in lines(f"{name}.txt"):
        head, _, pattern = line.partition(": ")
        whole = _SLOT.sub(lambda slot: f"(?:{found[slot[1]]})", pattern)
        found[head] = f"{found[head]}|{whole}" if head in found else whole
    return {head: re.compile(pattern) for head, pattern in found.items()}
