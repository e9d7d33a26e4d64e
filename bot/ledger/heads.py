"""The head of the chain as people see it: a number and a hash, which stand for every entry up to there."""

import re
from typing import NamedTuple

from bot.errors import OperatorError

# Fewer digits could be met by a chain that was made for it.
SHORTEST = 16
# Entries are numbered from 1 on, in the digits in which they are posted.
_POSTED = re.compile(rf"([1-9][0-9]{{0,17}}):([0-9a-f]{{{SHORTEST},64}})")


class Head(NamedTuple):
    """An entry's number and hash (hex); of what was posted, at least the hash's first 16 digits."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def parsed(text: str) -> Head:
    """A head as it was posted, "41:9f2c…", or with the first digits of its hash; raises `OperatorError`."""
    found = _POSTED.fullmatch(text.strip(" \t\n`*").lower())
    if found is None:
        raise OperatorError(
            f"{text}: not a head. One looks like 41:9f2c…, a number and at least {SHORTEST} digits of its hash."
        )
    return Head(int(found[1]), found[2])
