"""A draft tried against the questions that are expected, before it is published."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.errors import OperatorError
from bot.policy.answers.index import Index
from bot.policy.answers.values import Section


def rehearse(sections: Sequence[Section], lines: Iterable[str], language: str = "en") -> Iterator[dict[str, Any]]:
    """{question, tier, sections, quotes} for every line {"question": …}; empty lines are passed over.

    Raises `OperatorError` with the number of a line that is no such object, once the lines before it are answered.
    """
    index = Index(sections, language)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answered(index, _question(line, number))


def _answered(index: Index, question: str) -> dict[str, Any]:
    answer = index.ask(question)
    return {
        "question": question,
        "tier": answer.tier,
        "sections": list(answer.sections),
        "quotes": [passage.quote for passage in answer.passages],
    }


def _question(line: str, number: int) -> str:
    try:
        found = json.loads(line.removeprefix("\ufeff"))
    except ValueError as error:
        raise OperatorError(f"Line {number} is no JSON: {error}. {_EXPECTED}") from None
    if not isinstance(found, dict) or not isinstance(found.get("question"), str):
        raise OperatorError(f"Line {number} has no question as text. {_EXPECTED}")
    return str(found["question"])


_EXPECTED = 'Every line is one question: {"question": "Who sees it?"}'
