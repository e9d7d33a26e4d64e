"""What a person is told when their form cannot be shown or sent: in words, in the form, and in no log."""

from typing import Any

from slack_bolt import BoltResponse

from bot.blocks import Block, escape, notice
from bot.errors import CandorError
from bot.pulse.ballot.answers import TooLong
from bot.pulse.ballot.failures import Failures
from bot.pulse.ballot.views import TITLE
from bot.pulse.casting import CannotSeal, WaveOver
from bot.slack_errors import error_code

_BROKEN = "Something went wrong on our side. Please try again: if it was sent twice, the last one counts."


def refusal(error: Exception, failures: Failures) -> str:
    """The words for the person. What operators have to mend is counted."""
    if not isinstance(error, CandorError) or isinstance(error, CannotSeal):
        failures.note(error_code(error))
    return str(error) if isinstance(error, CandorError) else _BROKEN


def in_form(error: Exception, words: str, body: dict[str, Any]) -> BoltResponse | None:
    """The words as the answer to a form that was sent, which stays as it was filled in; None where none was sent."""
    if body.get("type") != "view_submission":
        return None
    inputs = [block for block in body["view"]["blocks"] if block["type"] == "input"]
    if isinstance(error, WaveOver) or not inputs:
        return BoltResponse(status=200, body={"response_action": "update", "view": notice(TITLE, escape(words))})
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {_place(error, inputs): words}})


def _place(error: Exception, inputs: list[Block]) -> str:
    """Which field the words stand at: at the comment when they are about it, else at the first."""
    typed = [block for block in inputs if block["element"]["type"] == "plain_text_input"]
    at = typed[0] if typed and isinstance(error, TooLong) else inputs[0]
    return str(at["block_id"])
