"""The small world of the usage tests: people who consented, people who did not, and files as the tools give them."""

import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from bot.usage.catalogue import TOOLS
from bot.usage.importing import ImportSummary, import_usage
from bot.usage.report import Report
from bot.usage.sources import SOURCES
from bot.usage.sources.source import Reading, UsageRow
from bot.usage.text import blocks
from storage.database import SessionFactory
from storage.tables import Base, Consent, ConsentTool, Identity, Person, PolicyVersion, UsageDay, UsageImport

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANA, BEN, CLEO = "U0ANA", "U0BEN", "U0CLEO"
EMAILS = {ANA: "ana@haldenlabs.example", BEN: "ben@haldenlabs.example", CLEO: "cleo@haldenlabs.example"}
LOGINS = {ANA: "ana-halden", BEN: "ben-halden", CLEO: "cleo-halden"}
# Nobody with this identity ever consented.
CANARY = "canary-7f3a9c@haldenlabs.example"

# Everybody has agreed to every day.
EVER: Mapping[tuple[str, str], str] = defaultdict(str)


def join(sessions: SessionFactory, person_id: str, *tools: str, login: str | None = None, active: bool = True) -> None:
    """A person who consented to these tools."""
    with sessions.begin() as session:
        _policy(session)
        session.add(Person(id=person_id, tz="UTC", active=active))
        session.flush()
        session.add(Consent(person_id=person_id, receipt_id=person_id, policy_hash="p", granted_at=NOW))
        session.add_all(ConsentTool(person_id=person_id, tool=tool, since=date(2020, 1, 1)) for tool in tools)
        names = {"email": EMAILS[person_id]} | ({"github_login": login} if login else {})
        session.add_all(
            Identity(person_id=person_id, kind=kind, value=value, verified_by="Slack profile")
            for kind, value in names.items()
        )


def _policy(session: Session) -> None:
    if session.get(PolicyVersion, "p") is None:
        policy = PolicyVersion(
            hash="p",
            number=1,
            title="",
            contact="",
            effective=NOW.date(),
            text="",
            terms={"tools": list(TOOLS), "retention_weeks": 520},
            published_at=NOW,
            in_force_from=NOW,
        )
        session.add(policy)
        session.flush()


def bring(sessions: SessionFactory, content: bytes | str, source: str, **options: Any) -> ImportSummary:
    """Import this content from a stream that cannot seek."""
    data = content.encode() if isinstance(content, str) else content
    return import_usage(sessions, pipe(data), source, now=options.pop("now", NOW), **options)


def pipe(data: bytes) -> io.BufferedReader:
    """A stream of these bytes that, like standard input, cannot seek."""
    return io.BufferedReader(_Pipe(data))


class _Pipe(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._data.readinto(buffer)


def stored(sessions: SessionFactory) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """(person id, tool, surface, day) → the counts that are not None."""
    table = Base.metadata.tables["usage_day"]
    with sessions.begin() as session:
        rows = session.connection().execute(select(table)).mappings().all()
    keys = ("person_id", "tool", "surface", "day", "import_id")
    return {
        (row["person_id"], row["tool"], row["surface"], row["day"].isoformat()): {
            name: value for name, value in row.items() if name not in keys and value is not None
        }
        for row in rows
    }


def read_only(source: str, parts: Iterable[str], door: dict[str, str]) -> tuple[list[UsageRow], Report]:
    """What a source makes of a text, without a database; `door` is identity → person id for every tool."""
    report = Report()
    everywhere = dict.fromkeys(SOURCES[source].tools, door)
    usage = SOURCES[source].read(iter(parts), Reading(everywhere, EVER, report, NOW.date()))
    return list(usage.rows), report


def text_of(data: bytes) -> Iterator[str]:
    return blocks(io.BytesIO(data))


def table(*lines: str, header: str = "email,tool,surface,day,prompts") -> str:
    """A CSV file in our template."""
    return "\n".join((header, *lines)) + "\n"


def claude(email: str = EMAILS[ANA], **changes: Any) -> dict[str, Any]:
    """One row of Claude Code analytics."""
    row = {
        "date": "2026-11-16T00:00:00Z",
        "actor": {"type": "user_actor", "email_address": email},
        "organization_id": "5f0f6a52-0000-4000-8000-000000000000",
        "customer_type": "api",
        "terminal_type": "vscode",
        "core_metrics": {
            "num_sessions": 5,
            "lines_of_code": {"added": 1543, "removed": 892},
            "commits_by_claude_code": 12,
            "pull_requests_by_claude_code": 2,
        },
        "tool_actions": {
            "edit_tool": {"accepted": 45, "rejected": 5},
            "multi_edit_tool": {"accepted": 12, "rejected": 2},
            "write_tool": {"accepted": 8, "rejected": 1},
            "notebook_edit_tool": {"accepted": 3, "rejected": 0},
        },
        "model_breakdown": [
            {"model": "large", "tokens": tokens(100, 35, 10, 5), "estimated_cost": {"currency": "USD", "amount": 99}},
            {"model": "small", "tokens": tokens(20, 7, 2, 1), "estimated_cost": {"currency": "USD", "amount": 3}},
        ],
    }
    return row | changes


def tokens(read: int, written: int, cache_read: int, cache_creation: int) -> dict[str, int]:
    return {"input": read, "output": written, "cache_read": cache_read, "cache_creation": cache_creation}


def copilot(login: str = LOGINS[ANA], **changes: Any) -> dict[str, Any]:
    """One row of a users-1-day report."""
    row = {
        "day": "2026-11-16",
        "enterprise_id": "1",
        "user_id": 4711,
        "user_login": login,
        "user_initiated_interaction_count": 12,
        "code_generation_activity_count": 48,
        "code_acceptance_activity_count": 19,
        "loc_suggested_to_add_sum": 90,
        "loc_suggested_to_delete_sum": 0,
        "loc_added_sum": 60,
        "loc_deleted_sum": 4,
        "used_chat": True,
        "used_agent": False,
        "used_cli": True,
        "totals_by_ide": [{"ide": "vscode", "user_initiated_interaction_count": 12}],
        "totals_by_cli": {
            "session_count": 3,
            "request_count": 40,
            "prompt_count": 9,
            "token_usage": {"prompt_tokens_sum": 5000, "output_tokens_sum": 800, "avg_tokens_per_request": 145.5},
        },
        "ai_adoption_phase": {"phase": "Agent first", "phase_number": 3, "version": "v1"},
        "etl_id": "noise",
        "day_partition": "2026-11-16",
    }
    return row | changes


def cursor(email: str = EMAILS[ANA], **changes: Any) -> dict[str, Any]:
    """One row of daily-usage-data."""
    row = {
        "userId": 17,
        "day": "2026-11-16",
        "date": 1794787200000,
        "email": email,
        "isActive": True,
        "totalLinesAdded": 120,
        "acceptedLinesAdded": 100,
        "totalApplies": 10,
        "totalAccepts": 8,
        "totalRejects": 2,
        "totalTabsShown": 140,
        "totalTabsAccepted": 61,
        "composerRequests": 2,
        "chatRequests": 7,
        "agentRequests": 11,
        "cmdkUsages": 5,
        "subscriptionIncludedReqs": 20,
        "usageBasedReqs": 0,
        "apiKeyReqs": 0,
        "bugbotUsages": 1,
        "mostUsedModel": "large",
        "clientVersion": "3.1.0",
    }
    return row | changes


def page(*rows: dict[str, Any], **members: Any) -> str:
    """A page as the APIs of Anthropic and Cursor give it."""
    return json.dumps({"data": list(rows), **members})


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


class Breaking(io.RawIOBase):
    """A stream that gives its bytes, then calls `then`, then goes on with `rest`."""

    def __init__(self, data: bytes, then: Callable[[], None], rest: bytes = b"") -> None:
        self._parts = [data, rest]
        self._then = then

    def read(self, size: int = -1) -> bytes:
        if len(self._parts) == 1:
            self._then()
        return self._parts.pop(0) if self._parts else b""


def repeated(rows: int) -> bytes:
    """A table that says the same of one person and day, so many times."""
    return table(*[f"{EMAILS[ANA]},chatgpt,chat,2026-11-16,1"] * rows).encode()


def count(sessions: SessionFactory, of: type[UsageImport] | type[UsageDay]) -> int:
    with sessions.begin() as session:
        return session.exec(select(func.count()).select_from(of)).scalar_one()  # type: ignore[call-overload, no-any-return]
