"""Numbers in prose, in digits or words, with what they count: "26 weeks", "five people"."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Unit = Literal["weeks", "months", "years", "days", "people", "hour"]

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_SMALL)}
_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_WORDS |= {"dozen": 12, "hundred": 100}
_COUNTED: dict[str, Unit] = {"week": "weeks", "month": "months", "year": "years", "day": "days"}
_PEOPLE = (
    "people|persons?|employees?|colleagues?|members?|answers?|responses?|respondents?|participants?|comments?|workers?"
)
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?P<number>\d{{1,4}}|(?:{'|'.join(_TENS)})[ -](?:{'|'.join(_SMALL[1:10])})|{_WORD})"
# "26 full weeks" and "five or more people", but not across the end of a sentence.
_COUNT = re.compile(
    rf"(?<![\w.,:{{]){_NUMBER}(?:[ -][a-z]+){{0,3}}?[ \n-]+(?P<unit>(?:week|month|year|day)s?|{_PEOPLE})\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3])(?:(?::|\.)(?P<minutes>\d\d))?(?P<half>\s?[ap]\.?m\b\.?)?(?P<word>\s+o[’']clock)?"
    r"(?![\w:])",
    re.IGNORECASE,
)


class Count(NamedTuple):
    """A number as it stands in a text: its words, value and unit, and where it begins. Of an hour, the value is 0 to
    23."""

    words: str
    value: int
    unit: Unit
    start: int


def counts(text: str) -> Iterator[Count]:
    """The numbers that count weeks, months, years, days or people, and the hours of a day. "One" is no number here: it
    is nearly always an article."""
    for found in _COUNT.finditer(text):
        value = _value(found["number"])
        if value > 1:
            yield Count(" ".join(found[0].split()), value, _unit(found["unit"]), found.start())
    for found in _CLOCK.finditer(text):
        if found["minutes"] or found["half"] or found["word"]:
            yield Count(found[0].strip(), _hour(found), "hour", found.start())


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    return sum(_WORDS[word] for word in re.split("[ -]", number.lower()))


def _unit(word: str) -> Unit:
    return _COUNTED.get(word.lower().rstrip("s"), "people")


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").strip().lower()
    return hour % 12 + (12 if half.startswith("p") else 0) if half else hour
