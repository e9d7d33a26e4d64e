"""A small company whose summaries are there to be opened: two teams under one, each with its manager."""

from datetime import date, timedelta

from sqlmodel import col, delete

from bot.sandbox.model import Message
from bot.teams.calendar import cut_off
from bot.teams.viewing.looking import Kept, Look
from bot.teams.viewing.target import Target
from bot.weeks import WEEK
from storage import ledger
from storage.database import SessionFactory, reading
from storage.tables import Consent
from tests.candor import Candor
from tests.teams.world import first_week, report, staff

PAYMENTS, MOBILE = [f"U1{number}" for number in range(6)], [f"U2{number}" for number in range(6)]
BOSS, OTHER_BOSS, LEADER = "U0BOSS", "U0MOBILE", "U0VP"
ENGINEERING = {
    "Engineering": [LEADER],
    "Engineering / Payments": [*PAYMENTS, BOSS],
    "Engineering / Mobile": [*MOBILE, OTHER_BOSS],
}


def staged(candor: Candor) -> date:
    """Everybody at work, the first week of the first season released; returns that week."""
    for person in (BOSS, OTHER_BOSS, LEADER, *PAYMENTS, *MOBILE):
        candor.join(person, tz="UTC")
    staff(candor.sessions, ENGINEERING, managers=[BOSS, OTHER_BOSS, LEADER])
    with candor.sessions.begin() as session:
        # Whoever manages a team may open its summary, opted in or not.
        session.exec(delete(Consent).where(col(Consent.person_id) == BOSS))
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS + MOBILE)
    release_of(candor, week)
    return week


def release_of(candor: Candor, week: date, people: list[str] | None = None) -> None:
    """Everybody (or these people) reports for the week, and at its cut-off the tick releases it."""
    report(candor.sessions, week, PAYMENTS + MOBILE if people is None else people)
    candor.tick_at(cut_off(week))


def told(candor: Candor, week: date) -> None:
    """The morning after, when the weekly messages have come."""
    candor.tick_at(cut_off(week) + timedelta(days=1))


def messages(candor: Candor, user: str) -> list[Message]:
    """The weekly messages, opened or not, oldest first."""
    return [each for each in candor.dms(user) if "summary." in str(each.blocks)]


def opened(candor: Candor, week: date) -> Message:
    """The message of Payments' manager, once its button was pressed."""
    told(candor, week)
    press_in(candor, BOSS, messages(candor, BOSS)[-1])
    return messages(candor, BOSS)[-1]


def press_in(candor: Candor, user: str, message: Message, action: str = "summary.open") -> None:
    assert candor.sandbox.user(user).press(action, message=message).ok


def look_of(user: str, message: Message) -> tuple[Look, Kept]:
    """What pressing the message's button asks for, and where it is going to stand."""
    target = Target.parse(message.blocks[-1]["elements"][0]["value"].partition("|")[2])
    return Look(user, target, "T1"), Kept(message.channel, message.ts)


def home_of(candor: Candor, user: str) -> str:
    """All that the person's Home tab says, once they have opened it."""
    candor.sandbox.user(user).open_home()
    return shown_home(candor, user)


def shown_home(candor: Candor, user: str) -> str:
    """All that it says as it stands."""
    return str((candor.sandbox.workspace.home(user) or {})["blocks"])


def looks(sessions: SessionFactory) -> list[tuple[str, str, str, list[int]]]:
    """The ledger's entries about summaries: who, what, about, teams."""
    with reading(sessions) as session:
        return [
            (each.who, each.what, each.about, each.teams)
            for each in ledger.entries(session)
            if each.what in ("opened", "exported")
        ]
