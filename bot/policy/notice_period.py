"""Which change of the policy needs notice: every one, but for one that only makes terms stricter."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import PolicyFault
from bot.policy.bounds import compare, only_stricter
from bot.policy.clauses import unix_lines, without_comments
from bot.policy.document import PolicyDocument
from bot.policy.front_matter import read_head
from bot.policy.marks import Clause
from bot.policy.terms import stored_terms
from storage.tables import PolicyVersion

_NAME = "the file"


def why_notice(document: PolicyDocument, before: PolicyVersion) -> str | None:
    """Why this document cannot take effect without notice after the version before it; None when it can."""
    if not only_stricter(compare(stored_terms(before.terms), document.terms)):
        return "this does more than make terms stricter"
    if document.notice_days < before.notice_days:
        return f"this promises fewer days, {document.notice_days}"
    words = None if before.source is None else _words(before.source)
    if words is None:
        return f"the file of version {before.number} was not kept, so its words cannot be compared"
    if document.title != before.title or words != _words(document.source):
        return "the words of the text are different too"
    if _behind(document.clauses) != _behind(map(Clause.model_validate, before.clauses)):
        return "what is said to be enforced or promised is different too"
    return None


def _words(source: str) -> list[str] | None:
    """The text as it was written, with its placeholders and without its comments; None where it cannot be read."""
    try:
        body = read_head(unix_lines(source), _NAME).body
    except PolicyFault:
        return None
    return [line.rstrip() for line in without_comments(body).split("\n") if line.strip()]


def _behind(clauses: Iterable[Clause]) -> list[tuple[str | None, frozenset[str]]]:
    return [(clause.mark, frozenset(clause.terms)) for clause in clauses]


def first_day_after(notice_days: int, now: datetime) -> date:
    """The first day, in UTC, that begins at least so many times 24 hours after `now`; without notice that of `now`."""
    moment = now.astimezone(UTC) + timedelta(days=notice_days)
    begins = datetime.combine(moment.date(), time(0), UTC)
    return moment.date() + timedelta(days=notice_days > 0 and moment > begins)
