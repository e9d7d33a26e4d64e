"""How much work a bench does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`submissions` and `digests` are measured of ours and of the floor each; `few` and `many` are people."""

    submissions: int
    at_once: int
    rounds: int
    digests: int
    repeats: int
    few: int
    many: int
    rows: int


FULL = Size(submissions=400, at_once=50, rounds=10, digests=10_000, repeats=3, few=1_000, many=100_000, rows=1_000_000)
TINY = Size(submissions=4, at_once=4, rounds=2, digests=40, repeats=1, few=20, many=60, rows=200)
