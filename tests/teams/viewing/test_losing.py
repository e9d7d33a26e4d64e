"""Whoever lost a team keeps nothing of its summary, whatever happens at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from sqlmodel import Session, select

from bot.people.directory import import_directory
from bot.teams.rights import NoRight
from bot.teams.viewing.looking import look
from bot.teams.viewing.losing import forget_messages
from bot.weeks import WEEK
from storage import deletions
from storage.database import reading
from storage.tables import Person, SentItem, SlackDeletion
from tests.candor import Candor
from tests.teams.viewing.stage import (
    BOSS,
    LEADER,
    MOBILE,
    OTHER_BOSS,
    PAYMENTS,
    look_of,
    looks,
    messages,
    opened,
    press_in,
    release_of,
    staged,
    told,
)


def imported(candor: Candor, **places: str) -> None:
    """HR's file is imported: each person's team by id, "!" before it where they manage it."""
    lines = [
        f"{person}@x.example,{team.lstrip('!')},{'yes' if team[0] == '!' else ''}" for person, team in places.items()
    ]
    file = BytesIO(("email,team,manager\n" + "\n".join(lines)).encode())
    members = {f"{person.lower()}@x.example": (person,) for person in places}
    report = import_directory(candor.sessions, file, members, now=candor.clock(), apply=True)
    assert report.applied, report


def everybody(**changes: str) -> dict[str, str]:
    """The company as it was staged, with these in another place."""
    payments = dict.fromkeys(PAYMENTS, "Engineering / Payments") | {BOSS: "!Engineering / Payments"}
    mobile = dict.fromkeys(MOBILE, "Engineering / Mobile") | {OTHER_BOSS: "!Engineering / Mobile"}
    return payments | mobile | {LEADER: "!Engineering"} | changes


@pytest.mark.parametrize("place", ["!Engineering / Mobile", "Engineering / Payments", "!Engineering"])
def test_an_import_that_takes_a_team_away_deletes_at_once_what_was_opened_of_it(candor: Candor, place: str) -> None:
    week = staged(candor)
    opened(candor, week)
    imported(candor, **everybody(**{BOSS: place}))
    candor.tick()
    assert not messages(candor, BOSS)


def test_an_import_that_changes_nothing_for_a_manager_deletes_nothing(candor: Candor) -> None:
    week = staged(candor)
    opened(candor, week)
    imported(candor, **everybody(**{PAYMENTS[0]: "Engineering / Mobile"}))
    candor.tick()
    assert messages(candor, BOSS)


def test_a_team_that_is_renamed_keeps_its_manager_and_what_they_opened(candor: Candor) -> None:
    week = staged(candor)
    opened(candor, week)
    renamed = {person: place.replace("Payments", "Billing") for person, place in everybody().items()}
    imported(candor, **renamed)
    candor.tick()
    assert messages(candor, BOSS)
    release_of(candor, week + WEEK)
    told(candor, week + WEEK)
    assert "The summary of Payments for the week" in messages(candor, BOSS)[-1].text


def test_messages_that_were_never_opened_stay_and_open_nothing(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    imported(candor, **everybody(**{BOSS: "!Engineering / Mobile"}))
    candor.tick()
    press_in(candor, BOSS, messages(candor, BOSS)[-1])
    assert "not yours to open" in str(candor.top_modal(BOSS)) and not looks(candor.sessions)


def test_only_summaries_of_those_who_lost_a_team_are_deleted(candor: Candor) -> None:
    staged(candor)
    with candor.sessions.begin() as session:
        for person, kind in (
            (BOSS, "team summary"),
            (BOSS, "team summary file"),
            (BOSS, "file"),
            (LEADER, "team summary"),
        ):
            deletions.note_sent(session, person, kind, "D1", f"{person} {kind}", candor.clock())
        assert forget_messages(session, [BOSS, "UNOBODY"], candor.clock()) == 2
        assert forget_messages(session, [], candor.clock()) == 0
    with reading(candor.sessions) as session:
        assert {each.ref for each in session.exec(select(SlackDeletion))} == {
            f"{BOSS} team summary",
            f"{BOSS} team summary file",
        }
        assert {each.ref for each in session.exec(select(SentItem))} == {f"{BOSS} file", f"{LEADER} team summary"}


def test_a_look_waits_for_the_import_that_takes_the_team_away(candor: Candor) -> None:
    """Otherwise the import would not find the message that is being opened, and it would stay."""
    week = staged(candor)
    told(candor, week)
    wanted, into = look_of(BOSS, messages(candor, BOSS)[-1])
    with ThreadPoolExecutor(1) as thread:
        with candor.sessions.begin() as session:
            _take_away(session)
            forget_messages(session, [BOSS], candor.clock())
            pressed = thread.submit(look, candor.sessions, wanted, candor.clock(), into=into)
            with pytest.raises(TimeoutError):
                pressed.result(timeout=0.5)
        with pytest.raises(NoRight):
            pressed.result(timeout=10)
    with reading(candor.sessions) as session:
        assert not session.exec(select(SentItem)).all()


def _take_away(session: Session) -> None:
    person = session.get(Person, BOSS)
    assert person is not None
    person.is_manager = False
    session.flush()
