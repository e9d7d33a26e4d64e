"""Sending a question to HR without a name, and what HR sees of the questions and of what helped."""

from collections.abc import Mapping, Sequence

from bot.blocks import (
    Block,
    View,
    bullets,
    context,
    header,
    input_block,
    modal,
    notice,
    section,
    shortened,
    text_input,
)
from bot.edge import ref
from bot.policy.asking.open_questions import FEWEST, LONGEST
from bot.policy.asking.reply import Asked

# A view has room for so many of the longest ones; they are shuffled, so that each has its turn.
SHOWN = 50
FOR_HR = "You are HR, so you cannot send HR a question here. You can answer it yourself in the next version."
SENT = (
    "*Sent, without your name.* Kept are the text and the week, nothing else; the same question is kept once, however "
    "often it is sent.",
    f"HR sees it once the week is over and at least {FEWEST} questions are new to HR, all of them together, in no "
    "order. An answer comes in a later version of the policy, for everybody: HR cannot know whom to answer.",
    "The limit of this: those who sent the other questions know which ones are theirs. Several who act together, or "
    "one who sends many, can make the crowd smaller.",
)
_IN_THE_DM = (
    "Your message with the question stays in Candor's direct message, under your name. Whoever could read both, that "
    "message and HR's list, could match them by their words. Change the words here if that matters to you."
)


def send(user: str, question: str, place: str) -> View:
    """The form in which a question is made fit to be sent. `place` is the message of the answer, as
    `threads.packed` gives it; empty for an answer in a modal, where no message holds the question."""
    element = text_input(multiline=True, limit=LONGEST, value=question[:LONGEST])
    hint = "Take out names, yours too, and whatever only you could have written. HR reads it as it stands here."
    blocks: list[Block] = [
        section("Only this text and the week are kept: not who you are, and not when in the week you asked."),
        *([section(_IN_THE_DM)] if place else []),
        input_block("question", "Your question", element, hint=hint),
    ]
    return modal("asking.submit", "Ask HR, no name", blocks, submit="Send", close="Cancel", metadata=ref(user, place))


def sent() -> View:
    return notice("Sent", *SENT)


def asked(user: str, found: Asked) -> View:
    """What HR sees."""
    blocks: list[Block] = [header("Questions the policy does not answer"), *_open(found.questions)]
    blocks += [header(f"Did version {found.version} help?"), *_helped(found.helped)]
    return modal("asking.closed", "What people asked", blocks, metadata=ref(user))


def _open(questions: Sequence[str] | None) -> list[Block]:
    if questions is None:
        return [
            section(
                f"Fewer than {FEWEST} questions are open that you may see. New ones are shown when their week is over "
                f"and at least {FEWEST} of them are there, all together."
            )
        ]
    more = f" These are {SHOWN} of {len(questions)}, drawn anew each time." if len(questions) > SHOWN else ""
    return [
        bullets(questions[:SHOWN]),
        context(
            f"In no order, without names, of weeks that have ended; the same question stands here once.{more} Answer "
            "them in the next version: what it answers is announced to everybody as asked, and answered, and goes from "
            "here."
        ),
    ]


def _helped(helped: Mapping[str, tuple[int, int]]) -> list[Block]:
    few = context(
        "These are presses, not people: one person can press under several answers. Counted without names and rounded "
        f"down to fives; sections with fewer than {FEWEST} presses are not shown."
    )
    if not helped:
        return [few]
    rows = [
        f"{shortened(heading, 150)}: helped {_times(yes)}, did not help {_times(no)}"
        for heading, (yes, no) in sorted(helped.items())
    ]
    return [bullets(rows[:SHOWN]), few]


def _times(rounded: int) -> str:
    return f"{rounded} times or more" if rounded else f"fewer than {FEWEST} times"
