"""What is held obeys each person's own terms: what is too old, or no longer kept, goes; nobody is loosened unasked."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlmodel import select

from bot.consent.opt_in import Choice, opt_in
from bot.held.obeying import obey
from bot.policy.terms import Terms
from bot.policy.versions import terms_of
from bot.schedule import tidy
from bot.usage.catalogue import TOOLS
from bot.usage.importing import import_usage
from storage import deletions, held, people, policies
from storage.people import RosterRow
from storage.retention import FIELDS
from storage.tables import CheckIn, OpenQuestion, PolicyVersion, SlackDeletion
from tests.candor import START, Candor, in_roster
from tests.policy.drafts import publish_next
from tests.rows import add_usage
from tests.test_promises import csv_of

TODAY = START.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
LONG = {"usage": 200, "check_ins": 200, "messages": 200, "leavers": 200, "questions": 200}


def begin(candor: Candor, **changes: Any) -> PolicyVersion:
    """A version after the sample policy, so that what people agree to is the test's own."""
    return publish_next(
        candor.sessions, candor.clock(), effective=str(candor.clock().date() + timedelta(days=15)), **changes
    )


def rows(candor: Candor, user_id: str, table: str) -> list[dict[str, Any]]:
    with candor.sessions.begin() as session:
        return held.rows_of(session, user_id).get(table, [])


def agree(candor: Candor, user_id: str, *tools: str) -> None:
    """Opt in, or agree again, to the newest version."""
    in_roster(candor.sessions, RosterRow(user_id, "UTC"))
    with candor.sessions.begin() as session:
        person, newest = people.get(session, user_id), policies.newest(session)
    assert person is not None and newest is not None
    choice = Choice(tools, figures_in_dm=True, email=f"{user_id.lower()}@haldenlabs.example")
    opt_in(candor.sessions, person, choice, newest, candor.clock())


def publish(candor: Candor, **changes: Any) -> PolicyVersion:
    """A version in force at once."""
    return publish_next(candor.sessions, candor.clock(), **changes)


@pytest.fixture
def company(candor: Candor) -> Candor:
    """The bot with a second version in force, whose terms are the tests' and which needs no notice."""
    begin(candor, retention_weeks=LONG)
    candor.clock.pass_by(days=15)
    return candor


def this_monday(candor: Candor) -> date:
    today = candor.clock().date()
    return today - timedelta(days=today.weekday())


def fill(candor: Candor, user_id: str, weeks_ago: Sequence[int]) -> None:
    """A usage day, a check-in and a message with figures of each of these weeks, and a question to HR."""
    for number in weeks_ago:
        week = this_monday(candor) - timedelta(weeks=number)
        moment = datetime.combine(week, time(0), UTC)
        add_usage(candor.sessions, user_id, "cursor", week, surface="ide", requests=number)
        with candor.sessions.begin() as session:
            session.add(CheckIn(person_id=user_id, week=week, saved="0", rework="0", helped=[], reported_at=START))
            deletions.note_sent(session, user_id, "message", "D1", f"{user_id} {number}", moment)
            session.add(OpenQuestion(id=f"{user_id} {number}", week=week, text="What is this?"))


def weeks_held(candor: Candor, user_id: str) -> dict[str, list[int]]:
    """How many weeks old what is held is, by the name of its term."""
    monday = this_monday(candor)
    ages = {
        "usage": [row["day"] for row in rows(candor, user_id, "usage_day")],
        "check_ins": [row["week"] for row in rows(candor, user_id, "check_in")],
        "messages": [row["sent_at"].date() for row in rows(candor, user_id, "sent_item")],
    }
    with candor.sessions.begin() as session:
        ages["questions"] = [row.week for row in session.exec(select(OpenQuestion)) if row.id.startswith(user_id)]
    return {kind: sorted((monday - day).days // 7 for day in days) for kind, days in ages.items()}


def test_each_kind_is_kept_for_its_own_weeks_and_not_longer(company: Candor) -> None:
    publish(company, retention_weeks=LONG | {"usage": 2, "check_ins": 3, "messages": 4, "questions": 5})
    agree(company, "U01", "cursor")
    fill(company, "U01", range(8))
    tidy(company.services, company.clock())
    assert weeks_held(company, "U01") == {
        "usage": [0, 1, 2],
        "check_ins": [0, 1, 2, 3],
        "messages": [0, 1, 2, 3, 4],
        "questions": [0, 1, 2, 3, 4, 5],
    }
    with company.sessions.begin() as session:
        assert sorted(item.ref for item in session.exec(select(SlackDeletion))) == ["U01 5", "U01 6", "U01 7"]


def test_a_stricter_version_holds_for_everybody_from_the_next_tidying_on(company: Candor) -> None:
    agree(company, "U01", "cursor")
    fill(company, "U01", range(6))
    publish(company, retention_weeks=LONG | {"usage": 1, "check_ins": 1, "messages": 1, "questions": 1})
    tidy(company.services, company.clock())
    assert weeks_held(company, "U01") == {kind: [0, 1] for kind in ("usage", "check_ins", "messages", "questions")}


def test_a_looser_version_holds_for_nobody_who_has_not_agreed_to_it(company: Candor) -> None:
    publish(company, retention_weeks=LONG | {"usage": 1, "check_ins": 1, "messages": 1, "questions": 1})
    for user_id in ("U01", "U02"):
        agree(company, user_id, "cursor")
        fill(company, user_id, range(4))
    publish(company, retention_weeks=LONG, title="Looser")
    agree(company, "U02", "cursor")
    tidy(company.services, company.clock())
    assert weeks_held(company, "U01")["usage"] == weeks_held(company, "U01")["messages"] == [0, 1]
    of_the_second = weeks_held(company, "U02")
    assert of_the_second["usage"] == of_the_second["check_ins"] == of_the_second["messages"] == [0, 1, 2, 3]


def test_a_question_to_hr_goes_by_the_strictest_weeks_since_it_was_sent(company: Candor) -> None:
    """Nobody's consent covers it, so a looser version later keeps no question longer than its sender was told."""
    publish(company, retention_weeks=LONG | {"questions": 1})
    with company.sessions.begin() as session:
        session.add(OpenQuestion(id="early", week=this_monday(company), text="Who?"))
    company.clock.pass_by(weeks=1)
    publish(company, retention_weeks=LONG, title="Looser")
    company.clock.pass_by(weeks=1)
    with company.sessions.begin() as session:
        session.add(OpenQuestion(id="late", week=this_monday(company), text="Why?"))
    company.clock.pass_by(weeks=3)
    tidy(company.services, company.clock())
    with company.sessions.begin() as session:
        assert [question.id for question in session.exec(select(OpenQuestion))] == ["late"]


def test_a_leaver_goes_by_the_strictest_weeks_since_they_agreed(company: Candor) -> None:
    publish(company, retention_weeks=LONG | {"leavers": 1})
    agree(company, "U01", "cursor")
    in_roster(company.sessions, RosterRow("U03", "UTC"))
    publish(company, retention_weeks=LONG | {"leavers": 3}, title="Looser")
    agree(company, "U02", "cursor")
    with company.sessions.begin() as session:
        people.deactivate(session, ["U01", "U02", "U03"], company.clock())
    for weeks, there in ((1, ["U01", "U02", "U03"]), (2, ["U02", "U03"]), (3, ["U02", "U03"]), (4, [])):
        company.clock.pass_by(weeks=1)
        tidy(company.services, company.clock())
        with company.sessions.begin() as session:
            assert [each for each in ("U01", "U02", "U03") if people.get(session, each)] == there, weeks


def test_a_tool_that_the_policy_no_longer_names_is_gone_and_does_not_come_back(company: Candor) -> None:
    agree(company, "U01", "cursor", "chatgpt")
    old = f"u01@haldenlabs.example,chatgpt,chat,{TODAY + timedelta(days=13)},4"
    import_usage(company.sessions, csv_of(old), "csv", now=company.clock())
    add_usage(company.sessions, "U01", "cursor", TODAY, surface="ide", requests=1)
    publish(company, tools=["cursor", "claude-code"], retention_weeks=LONG)
    tidy(company.services, company.clock())
    assert [row["tool"] for row in rows(company, "U01", "usage_day")] == ["cursor"]
    import_usage(company.sessions, csv_of(old), "csv", now=company.clock())
    assert [row["tool"] for row in rows(company, "U01", "usage_day")] == ["cursor"]


def test_a_field_that_the_policy_no_longer_keeps_is_emptied_of_those_whom_it_binds(company: Candor) -> None:
    for user_id in ("U01", "U02"):
        agree(company, user_id, "cursor")
        add_usage(company.sessions, user_id, "cursor", TODAY, surface="ide", requests=987654, prompts=0, active=True)
        add_usage(company.sessions, user_id, "cursor", MONDAY, surface="ide", requests=987654)
    publish(company, tools={"claude-code": "all", "cursor": ["prompts", "active"]}, retention_weeks=LONG)
    publish(company, tools={"claude-code": "all", "cursor": "all"}, retention_weeks=LONG, title="Looser")
    agree(company, "U02", "cursor")
    tidy(company.services, company.clock())
    # A row that told of nothing else is gone; a zero stays a zero, and what is not reported stays unreported.
    (row,) = rows(company, "U01", "usage_day")
    assert {name: value for name, value in row.items() if name in FIELDS and value is not None} == {
        "prompts": 0,
        "active": True,
    }
    assert [row["requests"] for row in rows(company, "U02", "usage_day")] == [987654, 987654]


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


def test_what_is_there_of_somebody_without_a_consent_goes_by_the_terms_in_force(company: Candor) -> None:
    """Nothing should be; a row that is all the same does not stay for ever."""
    in_roster(company.sessions, RosterRow("U01", "UTC"))
    publish(company, retention_weeks=LONG | {"usage": 1, "check_ins": 1, "messages": 1, "questions": 1})
    fill(company, "U01", range(4))
    tidy(company.services, company.clock())
    assert weeks_held(company, "U01")["usage"] == weeks_held(company, "U01")["check_ins"] == [0, 1]


# The ratchet through the whole program: the oracle below knows versions and consents, and nothing of `bounds`.

FIELDS_OF = {"cursor": ("requests", "prompts", "active"), "chatgpt": ("prompts", "active")}


def any_change(chance: Random) -> dict[str, Any]:
    tools = chance.sample(sorted(FIELDS_OF), chance.randint(1, 2))
    return {
        "tools": {"claude-code": "all"}
        | {tool: chance.sample(FIELDS_OF[tool], chance.randint(1, len(FIELDS_OF[tool]))) for tool in tools},
        "retention_weeks": LONG | {"usage": chance.randint(1, 6), "check_ins": chance.randint(1, 6)},
        "title": f"Version {chance.random()}",
    }


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_published_and_agreed_to_nobody_is_held_more_of_than_every_version_allows(
    company: Candor, seed: int
) -> None:
    chance, since = Random(seed), dict[str, list[Terms]]()
    everybody = ("U01", "U02", "U03")
    for _ in range(8):
        version = terms_of(publish(company, **any_change(chance)))
        for agreed in since.values():
            agreed.append(version)
        for user_id in everybody:
            if user_id not in since or chance.random() < 0.3:
                agree(company, user_id, *(tool for tool in FIELDS_OF if tool in version.tools))
                since[user_id] = [version]
        bring_everything(company, everybody)
        fill_check_ins(company, everybody)
        tidy(company.services, company.clock())
        for user_id in everybody:
            require_allowed(company, user_id, since[user_id])
        company.clock.pass_by(days=chance.randint(0, 9))


def bring_everything(candor: Candor, everybody: Sequence[str]) -> None:
    """A file with every tool and field of the last ten weeks."""
    days = [this_monday(candor) - timedelta(weeks=number) for number in range(10)]
    lines = [
        f"{user_id.lower()}@haldenlabs.example,{tool},ide,{day},7,1" + (",8" if tool == "cursor" else ",")
        for user_id, tool, day in product(everybody, FIELDS_OF, days)
    ]
    file = csv_of(*lines, header="email,tool,surface,day,prompts,active,requests")
    import_usage(candor.sessions, file, "csv", now=candor.clock())


def fill_check_ins(candor: Candor, everybody: Sequence[str]) -> None:
    with candor.sessions.begin() as session:
        for user_id, number in product(everybody, range(10)):
            week = this_monday(candor) - timedelta(weeks=number)
            session.merge(CheckIn(person_id=user_id, week=week, saved="0", rework="0", helped=[], reported_at=START))


def require_allowed(candor: Candor, user_id: str, since: Sequence[Terms]) -> None:
    usage = rows(candor, user_id, "usage_day")
    weeks = min(terms.retention_weeks.usage for terms in since)
    for row in usage:
        shown = {name for name in FIELDS if row[name] is not None}
        for terms in since:
            assert shown <= set(terms.tools.get(row["tool"], ()))
            assert shown <= TOOLS[row["tool"]].columns
        assert row["day"] >= this_monday(candor) - timedelta(weeks=weeks)
    check_ins = min(terms.retention_weeks.check_ins for terms in since)
    held_weeks = [row["week"] for row in rows(candor, user_id, "check_in")]
    assert min(held_weeks) == this_monday(candor) - timedelta(weeks=check_ins)
