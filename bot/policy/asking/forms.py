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
SENT = (
    "*Sent, without your name.* Kept are the text and the week, nothing else.",
    f"HR sees it when the week is over and at least {FEWEST} questions are there, in no order. An answer comes in a "
    "later version of the policy, for everybody: HR cannot know whom to answer.",
)


def send(user: str, question: str, question_id: str) -> View:
    """The form in which a question is made fit to be sent; `question_id` is random."""
    element = text_input(multiline=True, limit=LONGEST, value=question[:LONGEST])
    hint = "Take out names, yours too, and whatever only you could have written. HR reads it as it stands here."
    blocks: list[Block] = [
        section("Only this text and the week are kept: not who you are, and not when in the week you asked."),
        input_block("question", "Your question", element, hint=hint),
    ]
    return modal(
        "asking.submit", "Ask HR, no name", blocks, submit="Send", close="Cancel", metadata=ref(user, question_id)
    )


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
                f"Fewer than {FEWEST} questions are open from weeks that have ended. They are shown from {FEWEST} on, "
                "so that none can be told by when it came."
            )
        ]
    more = f" These are {SHOWN} of {len(questions)}, drawn anew each time." if len(questions) > SHOWN else ""
    return [
        bullets(questions[:SHOWN]),
        context(
            f"In no order, without names, of weeks that have ended.{more} Answer them in the next version: what it "
            "answers is announced to everybody as asked, and answered, and goes from here."
        ),
    ]


def _helped(helped: Mapping[str, tuple[int, int]]) -> list[Block]:
    few = context(f"Counted without names. Sections with fewer than {FEWEST} answers are not shown.")
    if not helped:
        return [few]
    rows = [
        f"{shortened(heading, 150)}: helped {yes}, did not help {no}" for heading, (yes, no) in sorted(helped.items())
    ]
    return [bullets(rows[:SHOWN]), few]
