"""What the machine keeps, and what only people can keep: as a modal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.blocks import Block, View, context, divider, escape, header, lines, modal, section
from bot.policy.clauses import split
from bot.policy.kept.enforcement import Row
from bot.policy.kept.standing import Standing, standing_words
from bot.policy.publishing.words import date_words, label
from bot.policy.rendering import rich_text
from storage.tables import PolicyVersion

MOST_BLOCKS = 100
_CUT = "The rest is in the policy itself, under “Read the policy”."


def kept(policy: PolicyVersion, rows: Sequence[Row], stand: Standing | None) -> View:
    """Term by term what the program keeps, and the promises in their own words.

    `rows` have the values of the person's own terms where `stand` says that these are other than those in force.
    """
    blocks: list[Block] = [
        context(f"Version {policy.number} of the policy, in force since {date_words(policy.in_force_from)}."),
        *_own(stand),
        header("What the machine keeps"),
        *lines(map(_row, rows)),
        divider(),
        header("What only people can keep"),
        *_promises(policy),
    ]
    if len(blocks) > MOST_BLOCKS:
        blocks = [*blocks[: MOST_BLOCKS - 1], context(_CUT)]
    return modal("policy.kept_closed", "Who keeps what", blocks)


_NO_PROMISE = "This version marks no clause as a promise of people."
_PEOPLE = "No program can keep these. They are promises of the people in your company."


def _own(stand: Standing | None) -> Iterator[Block]:
    if stand is None:
        return
    shown = " The values below are your own." if stand.stricter else ""
    yield from lines([f"{standing_words(stand)}{shown}"])


def _row(row: Row) -> str:
    return (
        f"*{escape(label(row.term))}: {escape(row.shown)}*\n{escape(row.rule.how)}\n"
        f"_How you can check:_ {escape(row.rule.check)}\n"
    )


def _promises(policy: PolicyVersion) -> Iterator[Block]:
    marks = [_mark(clause) for clause in policy.clauses]
    parts = [part for part in split(policy.text) if part.level]
    # Versions of before there were marks have fewer of them than headings: they have none.
    promised = [part for part, mark in zip(parts, marks, strict=False) if mark == "promise"]
    yield section(_PEOPLE if promised else _NO_PROMISE)
    for part in promised:
        yield section(f"*{escape(part.heading)}*")
        yield from rich_text(part.body)


def _mark(clause: Mapping[str, Any]) -> str | None:
    mark: str | None = clause.get("mark")
    return mark
