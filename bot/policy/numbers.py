"""Numbers in prose, in digits or words, with what they count: "26 weeks", "half a year", "five people", "at noon"."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Unit = Literal["days", "weeks", "fortnights", "months", "quarters", "years", "people", "hour"]

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_SMALL)}
_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_WORDS |= {"dozen": 12, "hundred": 100}
_TIMES: dict[str, Unit] = {
    "day": "days", "week": "weeks", "wk": "weeks", "fortnight": "fortnights", "month": "months", "mth": "months",
    "quarter": "quarters", "year": "years", "yr": "years",
}  # fmt: skip
_PEOPLE = (
    "people|persons?|employees?|colleagues?|members?|answers?|responses?|respondents?|participants?|comments?|workers?"
)
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?P<number>\d{{1,4}}|(?:{'|'.join(_TENS)})[ -](?:{'|'.join(_SMALL[1:10])})|{_WORD})"
_TIME = rf"(?:{'|'.join(_TIMES)})s?"
_UNIT = rf"(?P<unit>{_TIME}|{_PEOPLE})\b"
# "26 full weeks", "52 (fifty-two) weeks" and "five or more people", but not across the end of a sentence.
_COUNT = re.compile(
    rf"(?<![\w.,:{{]){_NUMBER}(?:\s?\([^()\n]{{1,40}}\))?(?:[ -][a-z]+){{0,3}}?[ \n\xa0-]+{_UNIT}", re.IGNORECASE
)
# "Weeks of usage kept: 52".
_LISTED = re.compile(rf"\b{_UNIT}[^.:|\n]{{0,40}}:[ *_]*{_NUMBER}(?![\w.:,]\w|\w)", re.IGNORECASE)
_OTHER_UNIT = "minutes?|seconds?|hours?|percent|times?|lines?|words?|characters?"
_GROUP = re.compile(
    rf"\b(?:fewer than|groups? of(?: at least| fewer than| less than)?)\s+{_NUMBER}\b(?!\s*(?:%|{_OTHER_UNIT}))",
    re.IGNORECASE,
)
# With an article, and as a rhythm, these say what they mean by the words around them only.
_ARTICLE = re.compile(
    r"\b(?P<half>half\s+an?\s+(?:year|yr)\b)"
    rf"|\b(?:(?:after|for)\s+(?:a|one)\s+(?P<short>days?|weeks?)|(?:a|one|every|each)\s+(?P<long>{_TIME}))\b",
    re.IGNORECASE,
)
_RHYTHMS: dict[str, Unit] = {
    "fortnightly": "fortnights", "monthly": "months", "quarterly": "quarters", "yearly": "years", "annually": "years",
}  # fmt: skip
_RHYTHM = re.compile(rf"\b(?:{'|'.join(_RHYTHMS)})\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3])(?:(?::|\.)(?P<minutes>\d\d))?(?P<half>\s?[ap]\.?m\b\.?)?(?P<word>\s+o[’']clock)?"
    r"(?![\w:])",
    re.IGNORECASE,
)
_NAMED_HOURS = {"noon": 12, "midday": 12, "midnight": 0}
_NAMED_HOUR = re.compile(r"\bat\s+(?P<name>noon|midday|midnight)\b", re.IGNORECASE)


class Count(NamedTuple):
    """A number as it stands in a text: its words, value and unit, and where it begins. Of an hour, the value is 0 to
    23. `vague`: only the words around it tell whether a number is meant, as in "a year" and "monthly"."""

    words: str
    value: int
    unit: Unit
    start: int
    vague: bool = False


def counts(text: str) -> Iterator[Count]:
    """The numbers that count days to years, or people, and the hours of a day, each once."""
    seen: set[int] = set()
    for found in (*_counted(text), *_articles(text), *_hours(text)):
        places = range(found.start, found.start + len(found.words))
        if not seen.intersection(places):
            seen.update(places)
            yield found


def unit_in(text: str) -> Unit | None:
    """What a table's cell says that the numbers beside or under it count."""
    found = re.search(rf"\b(?:{_UNIT}|(?P<group>groups?)\b)", text, re.IGNORECASE)
    return _unit(found["unit"] or "people") if found else None


def _counted(text: str) -> Iterator[Count]:
    for found in (*_COUNT.finditer(text), *_LISTED.finditer(text), *_GROUP.finditer(text)):
        value = value_of(found["number"])
        # "One" is nearly always an article.
        if value > 1 or (value == 1 and found["number"].isdecimal()):
            yield Count(_flat(found), value, _unit(found.groupdict().get("unit") or "people"), found.start())


def _articles(text: str) -> Iterator[Count]:
    for found in _ARTICLE.finditer(text):
        if found["half"]:
            yield Count(_flat(found), 6, "months", found.start())
        elif found["short"] or _unit(found["long"]) not in ("days", "weeks"):
            yield Count(_flat(found), 1, _unit(found["short"] or found["long"]), found.start(), vague=True)
    for found in _RHYTHM.finditer(text):
        yield Count(found[0], 1, _RHYTHMS[found[0].lower()], found.start(), vague=True)


def _hours(text: str) -> Iterator[Count]:
    for found in _CLOCK.finditer(text):
        if found["minutes"] or found["half"] or found["word"]:
            yield Count(found[0].strip(), _hour(found), "hour", found.start())
    for found in _NAMED_HOUR.finditer(text):
        yield Count(_flat(found), _NAMED_HOURS[found["name"].lower()], "hour", found.start())


def _flat(found: re.Match[str]) -> str:
    return " ".join(found[0].split())


def value_of(number: str) -> int:
    """A number in digits, or in words as far as `counts` knows them."""
    if number.isdecimal():
        return int(number)
    return sum(_WORDS[word] for word in re.split("[ -]", number.lower()))


def _unit(word: str) -> Unit:
    return _TIMES.get(word.lower().rstrip("s"), "people")


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").strip().lower()
    return hour % 12 + (12 if half.startswith("p") else 0) if half else hour
