"""A file of questions to rehearse: one JSON object a line, as far as its lines are text."""

import json
from collections.abc import Iterator

from bot.errors import OperatorError


def question_lines(raw: bytes) -> Iterator[str]:
    """The lines, one at a time, which end with "\\n" alone: JSON may hold any other line end.

    Raises `OperatorError` with the number of a line that is no text, once those before it are given out.
    """
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise OperatorError(f"Line {number} is no text in UTF-8. Save the file as UTF-8, then try again.") from None
        if _holds_half_a_character(text, number):
            raise OperatorError(f"Line {number} holds half a character (\\ud800 to \\udfff), which nobody can read.")
        yield text


def _holds_half_a_character(line: str, number: int) -> bool:
    """Whether its question does: JSON can spell what UTF-8 cannot. Of what is no JSON, others tell."""
    try:
        found = json.loads(line)
    except ValueError:
        return False
    except RecursionError:
        raise OperatorError(f"Line {number} is nested too deeply for one question.") from None
    question = found.get("question") if isinstance(found, dict) else None
    return isinstance(question, str) and any("\ud800" <= character <= "\udfff" for character in question)
