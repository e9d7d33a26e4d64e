"""One file of usage into the database: all of it or nothing, and of consenting people only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import BinaryIO, Literal

import structlog

from bot.errors import OperatorError
from bot.usage import text
from bot.usage.admission import Admission, admitted, without
from bot.usage.catalogue import SURFACES
from bot.usage.logins import VERIFIED_BY, read_logins
from bot.usage.report import MOST_SHOWN, Refused, Rejection, Report
from bot.usage.sources import SOURCES, Source
from bot.usage.sources.source import Reading, Usage, UsageRow
from storage import usage
from storage.database import Session, SessionFactory, reading
from storage.usage_rows import Import, write
from storage.usage_staging import drop, staged

log = structlog.get_logger("candor.usage")

Outcome = Literal["kept", "nobody", "refused", "strict"]


@dataclass(frozen=True)
class ImportSummary:
    """What became of a file, in counts of rows and people; names nobody.

    `outcome`: "kept" (what was good is stored), "nobody" (nobody has consented whose terms name such a tool: nothing
    was read), "refused" (not a file of this source), "strict" (something was rejected, so nothing was stored).
    `dropped_not_consenting` counts rows of others, and what people's own terms do not keep. `unmatched` counts
    consenting people whom no row can be matched to yet. `unfinished`: the last page says that more follow.
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
    emails: dict[str, str] = field(default_factory=dict)
    door: dict[str, dict[str, str]] = field(default_factory=dict)
    allowed: dict[tuple[str, str], Admission] = field(default_factory=dict)
    seen: set[tuple[object, object]] = field(default_factory=set)
    days: set[tuple[object, object]] = field(default_factory=set)
    spans: dict[str, tuple[date, date]] = field(default_factory=dict)

    @property
    def matchable(self) -> frozenset[tuple[str, str]]:
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
        if not work.allowed:
            return ImportSummary("nobody")
        since = {who: admission.since for who, admission in work.allowed.items()}
        given = Reading(work.door, since, work.report, (work.now + timedelta(days=1)).date())
        _store(sessions, work.source.read(text.blocks(stream, progress), given), work)
    except Refused as refused:
        return _summary(work, "refused", refused.rejection)
    except _Undone:
        return _summary(work, "strict")
    return _summary(work, "kept")


def _open_door(sessions: SessionFactory, work: _Work, logins: BinaryIO | None) -> None:
    source = work.source
    with reading(sessions) as session:
        work.allowed = admitted(session, source.tools, work.now)
        work.door = usage.identities(session, source.tools, source.identifier)
        work.emails = _emails(session, source, work.allowed) if logins else {}
    if logins is not None and work.allowed:
        try:
            work.logins = read_logins(text.blocks(logins), work.emails, work.logins_report)
        except Refused as refused:
            raise refused.of("logins") from None
        work.door = {tool: _with_logins(work.door.get(tool, {}), work.logins) for tool in source.tools}
    # Of a tool that their terms do not name, nothing of anybody is looked at.
    work.door = {
        tool: {identity: person for identity, person in people.items() if (person, tool) in work.allowed}
        for tool, people in work.door.items()
    }


def _emails(session: Session, source: Source, allowed: Collection[tuple[str, str]]) -> dict[str, str]:
    """email → person id of those who consented to a tool of the source, where their terms name it."""
    by_tool = usage.identities(session, source.tools, "email")
    return {
        email: person
        for tool, people in by_tool.items()
        for email, person in people.items()
        if (person, tool) in allowed
    }


def _with_logins(known: dict[str, str], logins: dict[str, str]) -> dict[str, str]:
    """login → person id: what the list says stands in place of what was known of the same person or login."""
    kept = {login: person for login, person in known.items() if person not in logins}
    return kept | {login: person for person, login in logins.items()}


def _store(sessions: SessionFactory, found: Usage, work: _Work) -> None:
    with staged(sessions, found.columns, _watched(found, work)) as writing:
        if work.strict and (work.report.rejected_total or work.logins_report.rejected_total):
            raise _Undone
        with writing.begin() as session:
            usage.hold(session, work.source.tools)
            usage.replace_logins(session, _still_theirs(session, work), VERIFIED_BY)
            _drop_changed(session, work)
            work.spans = _spans(work, found)
            provenance = usage.Provenance(work.source.name, found.granularity, work.source.schema_version, work.now)
            ids = usage.open_imports(session, provenance, work.spans)
            write(session, Import(ids, found.columns, found.granularity, tuple(SURFACES)))


def _still_theirs(session: Session, work: _Work) -> dict[str, str]:
    """The logins of those who, since the list was read, neither withdrew nor corrected the address it was read by."""
    if not work.logins:
        return {}
    before = {person: email for email, person in work.emails.items()}
    allowed = admitted(session, work.source.tools, work.now)
    now = {person: email for email, person in _emails(session, work.source, allowed).items()}
    return {person: login for person, login in work.logins.items() if now.get(person) == before[person]}


def _drop_changed(session: Session, work: _Work) -> None:
    """Drop the rows of whoever, while the file was read, withdrew, consented anew, got another identity or stricter
    terms."""
    tools = work.source.tools
    allowed = admitted(session, tools, work.now)
    known = usage.identities(session, tools, work.source.identifier)
    changed = {
        (person, tool)
        for tool, people in work.door.items()
        for identity, person in people.items()
        if known.get(tool, {}).get(identity) != person
        or not _still_allowed(work.allowed.get((person, tool)), allowed.get((person, tool)))
    }
    count = drop(session, changed & work.seen)
    work.seen -= changed
    work.report.kept -= count
    work.report.dropped += count


def _still_allowed(before: Admission | None, now: Admission | None) -> bool:
    return before is not None and now is not None and now.covers(before)


def _watched(found: Usage, work: _Work) -> Iterator[UsageRow]:
    seen, days = work.seen, work.days
    for row in _as_allowed(found, work):
        seen.add((row[0], row[1]))
        days.add((row[1], row[3]))
        yield row


def _as_allowed(found: Usage, work: _Work) -> Iterator[UsageRow]:
    """The rows without the columns that the person's terms do not keep, and without rows of which nothing is left."""
    lost = {who: places for who, admission in work.allowed.items() if (places := admission.lost(found.columns))}
    if not lost:
        yield from found.rows
        return
    for row in found.rows:
        allowed = without(row, lost.get((str(row[0]), str(row[1])), ()))
        if allowed is not None:
            yield allowed
        else:
            work.report.kept -= 1
            work.report.dropped += 1


def _spans(work: _Work, found: Usage) -> dict[str, tuple[date, date]]:
    """tool → first and last day that the file told of; a week in progress reaches until today."""
    by_tool: dict[str, list[date]] = {}
    stored = {tool for _, tool in work.seen}
    for tool, day in work.days:
        if tool not in stored:
            continue
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
        matched=len({person for person, _ in work.seen}) if stored else 0,
        unmatched=len({person for person, _ in work.allowed.keys() - work.matchable}),
        data_from=min((first for first, _ in work.spans.values()), default=None),
        data_through=max((last for _, last in work.spans.values()), default=None),
        unfinished=report.unfinished,
    )
