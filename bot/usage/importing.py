"""One file of usage into the database: all of it or nothing, and of consenting people only."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import BinaryIO, Literal

import structlog

from bot.errors import OperatorError
from bot.usage import text
from bot.usage.logins import VERIFIED_BY, read_logins
from bot.usage.report import MOST_SHOWN, Refused, Rejection, Report
from bot.usage.sources import SOURCES, Source
from bot.usage.sources.source import Reading, Usage, UsageRow
from storage import usage
from storage.database import SessionFactory
from storage.usage_rows import Import, write

log = structlog.get_logger("candor.usage")

Outcome = Literal["kept", "nobody", "refused", "strict"]

# Small files are read to their end before the database is locked for writing.
_BEFORE_LOCK = 20_000


@dataclass(frozen=True)
class ImportSummary:
    """What became of a file, in counts of rows and people; names nobody.

    `outcome`: "kept" (what was good is stored), "nobody" (nobody has consented: nothing was read), "refused" (not a
    file of this source), "strict" (something was rejected, so nothing was stored). `unmatched` counts consenting
    people whom no row can be matched to yet. `unfinished`: the last page says that more follow.
    """

    outcome: Outcome
    read: int = 0
    kept: int = 0
    dropped_not_consenting: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    rejected_total: int = 0
    matched: int = 0
    unmatched: int = 0
    data_from: date | None = None
    data_through: date | None = None
    unfinished: bool = False


class _Undone(Exception):
    """Leaves the transaction without a trace of the file."""


@dataclass
class _Work:
    """One import while it runs."""

    source: Source
    now: datetime
    strict: bool
    report: Report = field(default_factory=Report)
    logins_report: Report = field(default_factory=lambda: Report(part="logins"))
    logins: dict[str, str] = field(default_factory=dict)
    door: dict[str, dict[str, str]] = field(default_factory=dict)
    consented: dict[tuple[str, str], date] = field(default_factory=dict)
    people: set[object] = field(default_factory=set)
    days: set[tuple[object, object]] = field(default_factory=set)
    spans: dict[str, tuple[date, date]] = field(default_factory=dict)

    @property
    def admitted(self) -> frozenset[tuple[str, str]]:
        return frozenset((person, tool) for tool, people in self.door.items() for person in people.values())


def import_usage(
    sessions: SessionFactory,
    stream: BinaryIO,
    source: str,
    *,
    now: datetime,
    strict: bool = False,
    logins: BinaryIO | None = None,
    progress: text.Progress | None = None,
) -> ImportSummary:
    """Read a file exactly as the tool gives it, and keep the usage of those who consented to that tool.

    `source` is a key of `SOURCES`; `logins` the identity provider's list, for a source that knows people by login.
    `progress` is told, block by block, how many more bytes of `stream` were read. With `strict`, one rejected row
    means that nothing is stored. Nothing is stored either when this raises, or when the process dies.

    Raises `OperatorError` for an unknown source or for logins it has no use for; what is in the files never raises.
    """
    if source not in SOURCES:
        raise OperatorError(f"There is no such source. Use one of: {', '.join(SOURCES)}.")
    if logins is not None and SOURCES[source].identifier != usage.LOGIN:
        raise OperatorError("Only Copilot's files carry logins: leave --logins out for any other source.")
    work = _Work(SOURCES[source], now, strict)
    summary = _import(sessions, stream, work, logins, progress)
    log.info("usage import", source=source, outcome=summary.outcome, read=summary.read, kept=summary.kept)
    return summary


def _import(
    sessions: SessionFactory,
    stream: BinaryIO,
    work: _Work,
    logins: BinaryIO | None,
    progress: text.Progress | None,
) -> ImportSummary:
    try:
        _open_door(sessions, work, logins)
        if not work.consented:
            return ImportSummary("nobody")
        since = {who: day.isoformat() for who, day in work.consented.items()}
        reading = Reading(work.door, since, work.report, (work.now + timedelta(days=1)).date())
        _store(sessions, work.source.read(text.blocks(stream, progress), reading), work)
    except Refused as refused:
        return _summary(work, "refused", refused.rejection)
    except _Undone:
        return _summary(work, "strict")
    return _summary(work, "kept")


def _open_door(sessions: SessionFactory, work: _Work, logins: BinaryIO | None) -> None:
    source = work.source
    with sessions.begin() as session:
        work.consented = usage.consented(session, source.tools)
        work.door = usage.identities(session, source.tools, source.identifier)
        emails = usage.identities(session, source.tools, "email") if logins else {}
    if logins is not None and work.consented:
        people = {email: person for tool in emails.values() for email, person in tool.items()}
        try:
            work.logins = read_logins(text.blocks(logins), people, work.logins_report)
        except Refused as refused:
            raise refused.of("logins") from None
        work.door = {tool: _with_logins(work.door.get(tool, {}), work.logins) for tool in source.tools}


def _with_logins(known: dict[str, str], logins: dict[str, str]) -> dict[str, str]:
    """login → person id: what the list says stands in place of what was known of the same person or login."""
    kept = {login: person for login, person in known.items() if person not in logins}
    return kept | {login: person for person, login in logins.items()}


def _store(sessions: SessionFactory, found: Usage, work: _Work) -> None:
    rows = _watched(found.rows, work)
    first = deque(islice(rows, _BEFORE_LOCK))
    with sessions.begin() as session:
        usage.replace_logins(session, work.logins, VERIFIED_BY)
        provenance = usage.Provenance(work.source.name, found.granularity, work.source.schema_version, work.now)
        ids = usage.open_imports(session, work.source.tools, provenance)
        write(session, Import(ids, found.columns, found.granularity, work.admitted), _all(first, rows))
        if work.strict and (work.report.rejected_total or work.logins_report.rejected_total):
            raise _Undone
        work.spans = _spans(work, found)
        usage.close_imports(session, ids, work.spans)


def _all(first: deque[UsageRow], rest: Iterator[UsageRow]) -> Iterator[UsageRow]:
    while first:
        yield first.popleft()
    yield from rest


def _watched(rows: Iterator[UsageRow], work: _Work) -> Iterator[UsageRow]:
    people, days = work.people, work.days
    for row in rows:
        people.add(row[0])
        days.add((row[1], row[3]))
        yield row


def _spans(work: _Work, found: Usage) -> dict[str, tuple[date, date]]:
    """tool → first and last day that the file told of; a week in progress reaches until today."""
    by_tool: dict[str, list[date]] = {}
    for tool, day in work.days:
        by_tool.setdefault(str(tool), []).append(date.fromisoformat(str(day)))
    spans = {tool: (min(days), max(days)) for tool, days in by_tool.items()}
    if found.granularity == "day":
        return spans
    today = work.now.date()
    return {tool: (first, max(last, min(last + timedelta(days=6), today))) for tool, (first, last) in spans.items()}


def _summary(work: _Work, outcome: Outcome, also: Rejection | None = None) -> ImportSummary:
    report, stored = work.report, outcome == "kept"
    rejected = [*work.logins_report.rejected, *report.rejected, *([also] if also else [])]
    return ImportSummary(
        outcome=outcome,
        read=report.read,
        kept=report.kept if stored else 0,
        dropped_not_consenting=report.dropped,
        rejected=rejected[-MOST_SHOWN:] if also else rejected[:MOST_SHOWN],
        rejected_total=work.logins_report.rejected_total + report.rejected_total + (also is not None),
        matched=len(work.people) if stored else 0,
        unmatched=len({person for person, _ in work.consented.keys() - work.admitted}),
        data_from=min((first for first, _ in work.spans.values()), default=None),
        data_through=max((last for _, last in work.spans.values()), default=None),
        unfinished=report.unfinished,
    )
