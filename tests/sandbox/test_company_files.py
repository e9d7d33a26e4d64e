"""The sample company's files are accepted as they are, for those of its people who opted in."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.policy.versions import ensure_published
from bot.sandbox.company import COMPANY
from bot.usage.importing import import_usage
from storage import people
from storage.database import SessionFactory
from storage.people import RosterRow
from storage.tables import Consent, ConsentTool, Identity, UsageDay

SAMPLE = Path(__file__).parents[2] / "bot" / "policy" / "sample.md"
LAST_MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LAST_DAYS = {"claude-code": 22, "copilot": 20, "cursor": 22, "csv": 22}


@pytest.fixture
def consenting(sessions: SessionFactory) -> SessionFactory:
    """A database in which everybody has opted in who does."""
    address = {person.id: person.address for person in COMPANY.employees}
    policy = ensure_published(sessions, SAMPLE, NOW)
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow(person.id, person.tz) for person in COMPANY.employees])
        for one in COMPANY.optins():
            who = one.person_id
            session.add(Consent(person_id=who, receipt_id=who, policy_hash=policy.hash, granted_at=NOW))
            session.add(Identity(person_id=who, kind="email", value=address[who], verified_by="Slack profile"))
            session.add_all([ConsentTool(person_id=who, tool=tool, since=date(2020, 1, 1)) for tool in one.tools])
    return sessions


@pytest.mark.parametrize("source", ["claude-code", "copilot", "cursor", "csv"])
def test_every_file_is_taken_without_a_rejection_and_for_consenting_people_only(
    consenting: SessionFactory, source: str
) -> None:
    tool = "chatgpt" if source == "csv" else source
    files = COMPANY.usage_files(LAST_MONDAY)
    logins = io.BytesIO(COMPANY.logins_csv()) if source == "copilot" else None
    summary = import_usage(consenting, io.BytesIO(files[source]), source, now=NOW, strict=True, logins=logins)
    agreed = {one.person_id for one in COMPANY.optins() if tool in one.tools}
    with consenting.begin() as session:
        held = set(session.exec(select(UsageDay.person_id).where(col(UsageDay.tool) == tool)))
    assert (summary.rejected_total, summary.outcome) == (0, "kept")
    assert summary.dropped_not_consenting > 0
    assert summary.data_through == date(2026, 11, LAST_DAYS[source])
    assert held <= agreed
    assert len(agreed) - len(held) == summary.unmatched == (1 if source == "copilot" else 0)
