"""The words of the answers that a question offers, from least to most, and "I don't know" beside them."""

from bot.blocks import Option
from bot.pulse.questions import DONT_KNOW, POINTS, Question, Scale

_WORDS: dict[Scale, tuple[str, ...]] = {
    "agreement": ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    "extent": ("Not at all", "A little", "Partly", "Mostly", "Completely"),
}


def offered(question: Question) -> list[Option]:
    """(value, words) of each answer to a question; none for the free comment."""
    if question.scale is None:
        return []
    return [*zip(POINTS, _WORDS[question.scale], strict=True), (DONT_KNOW, "I don't know")]
