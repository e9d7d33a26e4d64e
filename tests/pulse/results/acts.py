"""Pulses with results, and what people see of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.blocks import Block
from bot.pulse.questions import Question
from bot.sandbox.model import Message
from storage.tables import Wave
from tests.candor import Candor, without_ids
from tests.pulse.world import QUESTIONS, begin, finish, vote

CHANNEL = "C0POLICY"
_SPOKEN = ("text", "elements", "rows", "fields", "accessory", "element", "label")
# The sample policy's own promises.
NEVER, PURPOSE = "What it is never used for", "What this is for"


def cast_all(candor: Candor, wave: Wave, question: str, options: Mapping[str, int], **given: Any) -> None:
    """So many people choose each option: {"5": 6, "1": 3}."""
    who = "L" if given.get("leader") else "O"
    for option, number in options.items():
        for each in range(number):
            vote(candor, wave, f"U{who}{question}{option}{each}", {question: option}, **given)


def pulse(
    candor: Candor,
    others: Mapping[str, int],
    leaders: Mapping[str, int] | None = None,
    *,
    question: str = "belief:never",
    questions: Sequence[Question] = QUESTIONS,
    comments: Sequence[str] = (),
) -> Wave:
    """A pulse from its opening to its end, in which one question is answered; two weeks pass after it.

    `others` and `leaders`: by option, how many chose it.
    """
    wave = begin(candor, questions)
    cast_all(candor, wave, question, others)
    cast_all(candor, wave, question, leaders or {}, leader=True)
    for number, comment in enumerate(comments):
        vote(candor, wave, f"UC{number}", {}, comment=comment)
    closed = finish(candor, wave)
    candor.clock.pass_by(days=14)
    return closed


def tick_over(candor: Candor, wave: Wave) -> None:
    """Let the wave's time end, and let the bot close it and tell the channel."""
    candor.tick_at(max(candor.clock(), wave.closes_at) + timedelta(minutes=2))
    candor.tick_at(candor.clock() + timedelta(minutes=2))


def texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Every string that a person reads in these blocks, a table's cells one by one."""
    for block in blocks:
        yield from _texts(block)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key, value in node.items():
            if key in _SPOKEN and not isinstance(value, str):
                yield from _texts(value)


def open_results(candor: Candor, user: str) -> list[Block]:
    """Open all results from Home; returns the blocks of all pages."""
    actor = candor.sandbox.user(user)
    actor.open_home()
    actor.press("pulse.results", view=candor.sandbox.workspace.home(user))
    blocks = _shown(candor, user)
    while "pulse.results.page.next" in str(candor.top_modal(user)["blocks"]):
        actor.press("pulse.results.page.next")
        blocks += _shown(candor, user)
    actor.close_modal()
    return blocks


def _shown(candor: Candor, user: str) -> list[Block]:
    """The blocks of the top modal, without the ids that Slack gives them."""
    return without_ids(candor.top_modal(user)["blocks"])


def results_text(candor: Candor, user: str = "U01") -> str:
    """What somebody reads in all results, a line for each text, and columns of a table between bars."""
    return re.sub(" {2,}", " | ", "\n".join(texts(open_results(candor, user))))


def home_blocks(candor: Candor, user: str = "U01") -> list[Block]:
    candor.sandbox.user(user).open_home()
    home = candor.sandbox.workspace.home(user)
    assert home is not None
    blocks: list[Block] = home["blocks"]
    return blocks


def home_text(candor: Candor, user: str = "U01") -> str:
    return "\n".join(texts(home_blocks(candor, user)))


def posted(candor: Candor) -> list[Message]:
    """What the channel has heard."""
    return candor.sandbox.workspace.messages(CHANNEL)
