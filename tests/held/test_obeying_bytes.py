"""What goes by a person's own terms is gone from the disk too, and where nothing goes nothing is rebuilt."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.held.obeying import obey
from bot.schedule import tidy
from storage.tables import OpenQuestion
from tests.candor import Candor
from tests.held.filled import LONG, agree, fill, publish, rows, this_monday, weeks_held
from tests.rows import add_usage


def test_no_byte_of_what_is_no_longer_kept_is_left_in_the_sqlite_file_or_its_log(
    company: Candor, tmp_path: Path
) -> None:
    if company.sessions.kw["bind"].dialect.name != "sqlite":
        return  # PostgreSQL's log and files cannot be wiped; the README says so.
    agree(company, "U01", "cursor")
    figures, day = 0x5EC2E7F16C75, this_monday(company)
    units = [f"canary-unit-{number}" for number in range(300)]
    for number, unit in enumerate(units):
        kept: dict[str, Any] = {"requests": number, "prompts": figures, "credit_unit": unit}
        add_usage(company.sessions, "U01", "cursor", day - timedelta(days=number), surface="ide", **kept)
    with company.sessions.begin() as session:
        session.add_all(
            OpenQuestion(id=str(n), week=day - timedelta(weeks=n), text=f"canary-question-{n} " + "x" * 200)
            for n in range(40)
        )
    assert figures.to_bytes(6, "big") in on_disk(tmp_path)
    publish(company, tools={"claude-code": "all", "cursor": ["requests"]}, retention_weeks=LONG | {"questions": 3})
    tidy(company.services, company.clock())
    data = on_disk(tmp_path)
    assert len(rows(company, "U01", "usage_day")) == 300
    assert [unit for unit in units if unit.encode() in data] == []
    assert figures.to_bytes(6, "big") not in data
    assert [n for n in range(40) if f"canary-question-{n} ".encode() in data] == [0, 1, 2, 3]


STRICTER: dict[str, dict[str, Any]] = {
    "usage": {"retention_weeks": LONG | {"usage": 1}},
    "check-ins": {"retention_weeks": LONG | {"check_ins": 1}},
    "messages": {"retention_weeks": LONG | {"messages": 1}},
    "questions": {"retention_weeks": LONG | {"questions": 1}},
    "a tool": {"retention_weeks": LONG, "tools": {"claude-code": "all"}},
    "a field": {"retention_weeks": LONG, "tools": {"claude-code": "all", "cursor": ["prompts"]}},
}


@pytest.mark.parametrize("kind", STRICTER)
def test_whatever_goes_its_bytes_are_owed_to_be_wiped(company: Candor, kind: str) -> None:
    """Of one row alone the database's own wiping may be enough; where pages have split it is not."""
    agree(company, "U01", "cursor")
    fill(company, "U01", [3])
    publish(company, **STRICTER[kind])
    obey(company.sessions, company.clock())
    with company.sessions.begin() as session:
        owed = session.connection().exec_driver_sql("SELECT max(scrub_owed) FROM workspace").scalar()
    assert owed == (1 if company.sessions.kw["bind"].dialect.name == "sqlite" else 0)


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("candor.db*")))


def test_where_nothing_is_to_go_nothing_is_owed_and_nothing_rebuilt(company: Candor) -> None:
    agree(company, "U01", "cursor")
    fill(company, "U01", range(3))
    publish(company, tools={"claude-code": "all", "cursor": ["requests"]}, retention_weeks=LONG)
    tidy(company.services, company.clock())
    before = weeks_held(company, "U01")
    with company.sessions.begin() as session:
        assert session.connection().exec_driver_sql("SELECT max(scrub_owed) FROM workspace").scalar() == 0
    tidy(company.services, company.clock())
    assert weeks_held(company, "U01") == before == {kind: [0, 1, 2] for kind in before}
