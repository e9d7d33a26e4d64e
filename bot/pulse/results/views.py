"""The results as a modal, and the form in which HR says what was done."""

from collections.abc import Iterator, Sequence

from bot.blocks import (
    Block,
    View,
    actions,
    as_typed,
    bullets,
    button,
    context,
    divider,
    escape,
    header,
    input_block,
    lines,
    modal,
    section,
    text_input,
    titled_quote,
)
from bot.edge import ANYONE, ref
from bot.policy.pages import page_of, turns
from bot.policy.publishing.words import date_words
from bot.pulse.closing import RESULTS
from bot.pulse.results.blocks import bold, item_table, outcome_words, title
from bot.pulse.results.reading import Item, Promise, Reply, Results
from bot.pulse.results.words import gap, sentence
from storage.tables import Wave

LONGEST_REPLY = 1000
# So many pulses in one list stay far below the length that Slack takes.
_AT_ONCE = 10
READING = (
    "Shares are bands of 20 points, never single figures: “40 to 60 of 100” may be any share between. To agree is to "
    "choose one of the two highest of five points; it is counted of those who had an opinion, and “I don't know” of "
    "all who answered the question.",
    "“Not shown” stands where too few answered, or where it could say too much about somebody. The words are the same "
    "for every cause. How many answered is not shown here, and not kept in Candor's database; where a trustee counts, "
    "its signed tallies hold it.",
    "Everybody sees this page, HR and managers too, from the same moment. HR can download what is on it, nothing else.",
)
NOTHING_YET = "No pulse has closed yet. When one does, its results are here, for everybody at the same moment."
GAMING = "The larger this share, the less figures of use say about use. It tells about the measure, not about people."
NO_COMMENTS = "No comments are shown."
_LAST_WORDS = "Everybody reads it, dated, as HR's. It stays as you publish it; you can add to it later, not change it."


def results_modal(results: Results, comments: Sequence[str], user: str, *, is_hr: bool, page: int = 0) -> View:
    """All results, a page at a time; HR has buttons to download them and to say what was done."""
    found = page_of(list(_all(results, comments, user, is_hr)), page)
    blocks = [*found.blocks, *turns(found, "pulse.results.page", ref(ANYONE, "page"))]
    return modal("pulse.closed", "Results of the pulse", blocks)


def _all(results: Results, comments: Sequence[str], user: str, is_hr: bool) -> Iterator[Block]:
    if not results.waves:
        yield section(NOTHING_YET)
        return
    yield context(*READING)
    for at in range(0, len(results.waves), _AT_ONCE):
        yield bullets(map(_wave, results.waves[at : at + _AT_ONCE]))
    if is_hr:
        yield actions(button("Download what everybody sees", "pulse.download", ref(user)))
    yield header("Promises, and whether people believe them")
    for promise in results.promises:
        yield from _promise(promise, user, is_hr)
    yield header("The other questions")
    for item in results.items:
        yield from (bold(title(item.question)), *_item(item), divider())
    yield from _comments(results, comments)


def _wave(wave: Wave) -> str:
    opened = f"opened on {date_words(wave.opened_at)}, version {wave.policy_number} of the policy"
    return f"Pulse {wave.number}, {opened}. {outcome_words(wave)}".strip()


def _promise(promise: Promise, user: str, is_hr: bool) -> Iterator[Block]:
    yield bold(promise.clause if promise.in_force else f"{promise.clause} (no longer in the policy)")
    if promise.item is None:
        yield section("Never asked.")
    else:
        yield from _item(promise.item)
    yield from map(_reply, promise.replies)
    if is_hr and promise.item is not None:
        yield actions(button("Say what was done", "pulse.reply", ref(user, promise.item.question.id)))
    yield divider()


def _item(item: Item) -> Iterator[Block]:
    """In words first, newest first; then as a table."""
    newest = item.answers[0]
    parts = [gap(newest)] if newest.outcome == RESULTS else []
    yield from lines([*(sentence(item.question, answer) for answer in item.answers), *parts])
    yield from item_table(item)
    if item.question.kind == "gaming":
        yield section(GAMING)
    asked = f"Last asked in pulse {newest.pulse}, {date_words(newest.asked)}."
    yield context(f"{asked} {escape(item.question.source)}".strip())


def _reply(reply: Reply) -> Block:
    return titled_quote(f"You said, we did: HR on {date_words(reply.day)}, after pulse {reply.pulse}", reply.text)


def _comments(results: Results, comments: Sequence[str]) -> Iterator[Block]:
    wave = results.commented
    yield header(f"Comments of pulse {wave.number}" if wave else "Comments")
    yield context("Undated and shuffled. Shown as text: names and links in them do nothing.")
    yield from map(as_typed, comments) if comments else [section(NO_COMMENTS)]


def reply_form(promise: Promise, user: str) -> View:
    """The form in which HR says what was done about a promise."""
    assert promise.item is not None
    question = promise.item.question
    field = text_input(multiline=True, limit=LONGEST_REPLY)
    blocks = [
        bold(title(question)),
        section(sentence(question, promise.item.answers[0])),
        *map(_reply, promise.replies),
        input_block("reply", "What was done, or why not", field, hint=_LAST_WORDS),
    ]
    return modal(
        "pulse.reply", "You said, we did", blocks, submit="Publish", close="Cancel", metadata=ref(user, question.id)
    )


def reply_published() -> View:
    """What HR is told after that."""
    # The results behind this page were drawn before.
    said = [section("Published. Everybody finds it in the results.")]
    return modal("pulse.closed", "You said, we did", said) | {"clear_on_close": True}
