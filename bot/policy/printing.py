"""What `candor policy` prints: plain text that reads well in a terminal, in a file and in a review."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console

from bot.people.sizes import size_words
from bot.policy.asking import words
from bot.policy.asking.reply import Reply
from bot.policy.checking import Warn
from bot.policy.kept.enforcement import Row
from bot.policy.publishing.difference import BEFORE_THE_FIRST, KINDS, Piece
from bot.policy.publishing.words import date_words, summary
from bot.policy.reading import Changed
from storage.tables import PolicyVersion

_MARKS = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}


def warnings(out: Console, name: str, found: Sequence[Warn]) -> None:
    """What `check` found that keeps nobody from publishing."""
    for each in found:
        out.print(f"{name}, line {each.line}: worth a look: {each.said}", markup=False)


def faults(out: Console, found: Iterable[str]) -> None:
    """What keeps a file from being published."""
    for line in found:
        out.print(line, markup=False)


def versions(out: Console, found: Sequence[PolicyVersion]) -> None:
    """Every version, oldest first, with the fingerprints by which anybody can compare it."""
    for each in found:
        out.print(
            f"version {each.number}: in force from {each.in_force_from:%Y-%m-%d %H:%M} UTC, published "
            f"{each.published_at:%Y-%m-%d %H:%M} UTC by {each.publisher}\n  fingerprint {each.hash}\n"
            f"  chain {each.chain}",
            markup=False,
        )


def enforced(out: Console, rows: Sequence[Row]) -> None:
    """Each term, its value, what enforces it, and the test that proves it."""
    for row in rows:
        out.print(f"{row.term} → {row.shown} → {row.by} → {row.rule.test}", markup=False)


def changed(out: Console, what: Changed) -> None:
    """Every difference: [-gone-] and {+new+}."""
    out.print(what.title, markup=False)
    terms(out, what)
    for clause in what.clauses:
        was = f" (was: {clause.old_heading})" if clause.old_heading else ""
        out.print(f"\n# {clause.heading or BEFORE_THE_FIRST}{was}: {KINDS[clause.kind]}", markup=False)
        for line in _lines(clause.pieces):
            out.print(f"  {line}", markup=False)
    if not what.clauses:
        out.print("No sentence of the text is different.")


def terms(out: Console, what: Changed) -> None:
    """Which terms became stricter or looser."""
    for title, rows in (
        ("Stricter, for everybody", what.stricter),
        ("Looser, for nobody who does not agree to it", what.looser),
        ("Neither, for everybody", what.neutral),
    ):
        for row in rows:
            out.print(f"{title}: {row}", markup=False)


def _lines(pieces: Iterable[Piece]) -> Iterator[str]:
    line: list[str] = []
    for piece in pieces:
        if piece.opens and line:
            yield " ".join(line)
            line = []
        line.append(_MARKS[piece.kind].format(piece.text))
    if line:
        yield " ".join(line)


def plan(out: Console, number: int, what: Changed, *, effective: str, looser: bool, opted_in: int) -> None:
    """What publishing would mean."""
    out.print(f"Version {number}, to take effect on {effective}.")
    if number == 1:
        out.print("It is the first version, so there is nobody yet who has to hear of a change.")
        return
    terms(out, what)
    out.print(summary(what.clauses), markup=False)
    if looser:
        out.print(f"Everybody opted in is asked again, once. {size_words(opted_in)}")
    else:
        out.print("Nothing is looser, so nobody is asked again. Everybody opted in gets one notice.")


def answer(out: Console, reply: Reply) -> None:
    """The passages, verbatim, under their headings, with version and date; else the words that people get in Slack."""
    out.print(_lead(reply), markup=False)
    for quote in reply.quotes:
        out.print(f"\n# {quote.heading}\n{quote.text}", markup=False)
    if reply.quotes:
        out.print(f"\nVersion {reply.version}, in force since {date_words(reply.since)}.")


def _lead(reply: Reply) -> str:
    if reply.refusal:
        return words.refused(reply)
    return {"answer": "The policy says:", "closest": words.CLOSEST}.get(reply.tier, words.SILENT)
