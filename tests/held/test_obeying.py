"""What is held obeys each person's own terms: what is too old, or no longer kept, goes; nobody is loosened unasked."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlmodel import select

from bot.policy.terms import Terms
from bot.policy.versions import terms_of
from bot.schedule import tidy
from bot.usage.catalogue import TOOLS
from bot.usage.importing import import_usage
from storage import people
from storage.people import RosterRow
from storage.retention import FIELDS
from storage.tables import CheckIn, OpenQuestion, SlackDeletion
from tests.candor import START, Candor, in_roster
from tests.held.filled import LONG, agree, fill, publish, rows, this_monday, weeks_held
from tests.rows import add_usage
from tests.test_promises import csv_of

TODAY = START.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())


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
