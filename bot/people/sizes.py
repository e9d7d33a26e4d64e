"""How many people, in words that name nobody: company-wide, nothing below 20, from there rounded to 5."""

from dataclasses import dataclass

FEWEST_SHOWN = 20
ROUNDED_TO = 5


@dataclass(frozen=True)
class Programme:
    """What HR is told of everybody: how many are opted in, and have said that they read version number `version`."""

    opted_in: int
    readers: int
    version: int


def about(number: int) -> int | None:
    """The number as it may be shown; None when it is too small for that."""
    return ROUNDED_TO * round(number / ROUNDED_TO) if number >= FEWEST_SHOWN else None


def size_words(opted_in: int) -> str:
    """The size of the programme."""
    shown = about(opted_in)
    if shown is None:
        return f"Fewer than {FEWEST_SHOWN} people have opted in. A smaller number is not shown."
    return f"About {shown} people have opted in, company-wide, rounded to {ROUNDED_TO}."


def reader_words(readers: int, version: int) -> str:
    """How many people have confirmed that they read a version of the policy."""
    shown = about(readers)
    if shown is None:
        return f"Fewer than {FEWEST_SHOWN} people have said that they read version {version} of the policy."
    return f"About {shown} people have said that they read version {version} of the policy, rounded to {ROUNDED_TO}."
