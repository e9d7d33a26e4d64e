"""What was submitted becomes a ballot: only answers that the wave offers, and a comment within its limit; and how
what anybody types for all to read is cleaned."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import CandorError
from bot.pulse.envelope import Ballot
from bot.pulse.questions import DONT_KNOW, LONGEST_COMMENT, POINTS, Question

_OPTIONS = frozenset({*POINTS, DONT_KNOW})
# They would turn the text around them about, also that of other people's comments.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, and halves of characters, of which no bytes can be made.
_UNWANTED = frozenset({"Cc", "Cs"})


class NotOffered(CandorError):
    def __init__(self) -> None:
        super().__init__("That answer is not one of those offered. Nothing was kept: please open the pulse again.")


class NothingAnswered(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "Nothing is filled in yet. Answer at least one question, or close the form: what you "
            "sent before, if you did, still counts."
        )


class TooLong(CandorError):
    def __init__(self, length: int) -> None:
        super().__init__(
            f"The comment has {length} characters; {LONGEST_COMMENT} are possible. Nothing was kept yet: shorten it "
            "and send it again."
        )


def ballot_of(questions: Sequence[Question], values: Mapping[str, Any], leader: bool) -> Ballot:
    """The ballot in a submission, whose `values` are by the question's id: an option, text, or None where nothing is.

    Raises `NotOffered` for a question or an option of another wave, `NothingAnswered` and `TooLong`.
    """
    comments = {question.id for question in questions if question.scale is None}
    scaled = {question.id for question in questions} - comments
    answers = {each: option for each, option in values.items() if each not in comments and option is not None}
    if not all(each in scaled and isinstance(option, str) and option in _OPTIONS for each, option in answers.items()):
        raise NotOffered
    comment = "\n".join(filter(None, (cleaned(values.get(each)) for each in comments))) or None
    if not answers and comment is None:
        raise NothingAnswered
    # 500 characters are 2,000 bytes at most: a sealed ballot has room for any of them.
    if comment is not None and len(comment) > LONGEST_COMMENT:
        raise TooLong(len(comment))
    return Ballot(answers=answers, leader=leader, comment=comment)


def cleaned(text: object) -> str | None:
    """A comment without control characters, as one can read it; None when nothing is left. Raises `NotOffered` for
    anything but text."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise NotOffered
    lines = _DIRECTIONS.sub("", _ENDS.sub("\n", text)).replace("\t", " ")
    kept = (each for each in lines if each == "\n" or unicodedata.category(each) not in _UNWANTED)
    return "".join(kept).strip() or None


def cleaned_line(text: str) -> str:
    """What was typed, cleaned as comments are, on one line and without characters that nobody sees."""
    kept = cleaned(text) or ""
    seen = (" " if each.isspace() else each for each in kept if each.isspace() or not _unseen(each))
    return " ".join("".join(seen).split())


def _unseen(character: str) -> bool:
    """Control and direction characters; joiners stay, without which emoji and some scripts fall apart."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in "\u200c\u200d"
