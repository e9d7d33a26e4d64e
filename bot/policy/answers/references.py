"""Sections that a question names by their number: "section 13", "clause 4.2", "§ 7"."""

import re
from collections.abc import Iterable, Sequence

_KIND = r"(?:section|sec|clause|paragraph|para|article|art|chapter|point|item|annex|appendix|schedule|rule)"
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = [f"{stem}teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")]
_TENS = [f"{stem}ty" for stem in ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")]
_VALUES = {word: value for value, word in enumerate((*_ONES, *_TEENS), 1)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_WORDS = rf"(?:{'|'.join((*_TENS, *_TEENS, *_ONES))})(?:[- ](?:{'|'.join(_ONES[:9])}))?\b"
_NUMBER = rf"\d{{1,4}}(?:\.\d{{1,3}})*(?![\d.]*\d)|{_WORDS}|[ivx]{{1,5}}(?![a-z])|[a-h](?![a-z'’])"
_NAMED = re.compile(
    rf"(?<![a-z])(?:{_KIND}s?\.?\s*(?:no\.?\s*|number\s*)?|§{{1,2}}\s*)({_NUMBER})|\b(?:annex|appendix)\s+([a-z])\b"
    r"|\b(?:table|footnote|figure|page)\s+(\d{1,4})\b",
    re.I,
)
# "Article 6 of the GDPR", "section 7 GDPR": of another text, not of the policy.
_ELSEWHERE = re.compile(
    r"^[a-z\d().]*\s*(?:,?\s*of\s+(?:the\s+)?(?!this|our|policy|document)|gdpr|dsgvo|pdpa|ai act)", re.I
)
_OF_HEADING = re.compile(
    rf"^\W*(?:{_KIND}\.?\s*|§\s*)?((?:\d{{1,3}}(?:\.\d{{1,3}})*)|[IVX]{{1,5}}|[A-H])(?=[\s.):–—-]|$)", re.I
)
_CLAIM = re.compile(
    r"\b(?:says?|said|states?|stated|lets?|allows?|permits?|gives?|reads|means|confirms?|claims?)\b", re.I
)
_ASKS = re.compile(r"^\W*(?:what|does|do|did|can|could|is|where|which|who|how|why)\b", re.I)
_ROMAN = {"i": 1, "v": 5, "x": 10}


class Numbering:
    """The numbers of a policy's sections: those of the headings, or where they have none, their places."""

    def __init__(self, headings: Sequence[str], text: str) -> None:
        found = [_OF_HEADING.match(heading) for heading in headings]
        self._numbers = [_plain(number[1]) if number else "" for number in found]
        # A single heading that begins with a number or a letter, such as "A word first", does not number the others.
        if sum(map(bool, self._numbers)) < 2:
            self._numbers = [str(place) for place, _ in enumerate(headings, 1)]
        self._mentioned = {_folded(found) for found in _NAMED.finditer(text)}

    def named_in(self, question: str) -> tuple[set[int], bool]:
        """The sections that the question names, by their place from 0, and whether it names one that does not exist."""
        places: set[int] = set()
        missing = False
        for found in _NAMED.finditer(question):
            here = self._places(_plain(found[1] or found[2])) if not found[3] else set()
            places |= here
            missing |= not here and not self._of_another_text(question, found)
        return places, missing

    def _places(self, number: str) -> set[int]:
        exact = {place for place, own in enumerate(self._numbers) if own == number}
        return exact or {place for place, own in enumerate(self._numbers) if own.startswith(number + ".")}

    def _of_another_text(self, question: str, found: re.Match[str]) -> bool:
        return _folded(found) in self._mentioned or bool(_ELSEWHERE.match(question[found.end() :]))


def claims(question: str) -> bool:
    """The question tells what a section says instead of asking it."""
    return bool(_NAMED.search(question) and _CLAIM.search(question) and not _ASKS.match(question))


def _folded(found: re.Match[str]) -> str:
    return " ".join(found[0].casefold().split())


def _plain(number: str) -> str:
    """IV and iv are 4; letters are small; 4.2 stays as it is."""
    lower = number.casefold()
    if found := [_VALUES[word] for word in re.split(r"[- ]", lower) if word in _VALUES]:
        return str(sum(found))
    if lower and set(lower) <= set(_ROMAN):
        return str(_roman(_ROMAN[letter] for letter in lower))
    return lower


def _roman(values: Iterable[int]) -> int:
    total = last = 0
    for value in values:
        total += value - 2 * last if value > last else value
        last = value
    return total
