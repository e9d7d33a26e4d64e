"""Leaving the summaries without leaving the digest, and counting again from the next season on."""

import json

from sqlmodel import col, select

from bot.weeks import WEEK
from storage import consents, preferences, releases, seasons
from storage.database import Session, reading
from storage.tables import Cohort
from tests.candor import HR, Candor
from tests.teams.belonging.world import ANA, MANAGER, MOBILE, OFFICE, PAYMENTS, home, opted_in, place, released
from tests.teams.world import release, report

LEAVE, AGAIN = "belonging.leave", "belonging.again"


def press(candor: Candor, action: str) -> str:
    """Use a button of Ana's Home tab; returns what she is shown."""
    home(candor)
    user = candor.sandbox.user(ANA)
    user.press(action, view=candor.sandbox.workspace.home(ANA))
    shown = str(candor.top_modal(ANA))
    user.close_modal()
    return shown


def counted(candor: Candor) -> list[int]:
    """The seasons in which Ana counts."""
    with reading(candor.sessions) as session:
        return list(session.exec(select(Cohort.season).where(Cohort.person_id == ANA).order_by(col(Cohort.season))))


def cells(session: Session, number: int) -> int:
    """In how many weeks a team of the first season is shown."""
    return len(releases.cells_of(session, 1, number))


def test_the_confirmation_says_what_goes_what_stays_and_that_the_message_goes_on(candor: Candor) -> None:
    released(candor)
    home(candor)
    shown = candor.sandbox.workspace.home(ANA)
    assert shown is not None
    elements = [element for block in shown["blocks"] if block["type"] == "actions" for element in block["elements"]]
    (confirm,) = [element["confirm"]["text"]["text"] for element in elements if element["action_id"] == LEAVE]
    for said in (
        "leave the summaries at once",
        "what is published stays",
        "nobody is told why",
        "weekly message goes on",
        "no longer see",
    ):
        assert said in confirm
    assert len(confirm) <= 300


def test_leaving_takes_the_person_out_at_once_and_leaves_the_digest_and_what_is_published(candor: Candor) -> None:
    week = released(candor)
    with reading(candor.sessions) as session:
        before = [cell.model_dump() for cell in releases.cells_in(session, week)]
    assert "left the team summaries" in press(candor, LEAVE)
    assert counted(candor) == []
    shown = home(candor)
    assert "You have left the team summaries" in shown
    assert "belonging.open" not in shown
    with reading(candor.sessions) as session:
        held, preference = consents.get(session, ANA), preferences.get(session, ANA)
        assert held is not None and not held.consent.in_summaries
        assert preference is not None and preference.next_due is not None and not preference.paused
        assert [cell.model_dump() for cell in releases.cells_in(session, week)] == before


def test_who_counts_in_none_can_say_that_they_never_want_to(candor: Candor) -> None:
    released(candor)
    opted_in(candor, "U02", "Engineering / Mobile")
    shown = home(candor, "U02")
    assert "Never count me" in shown and "you will not count in any season" in shown
    assert "Leave the summaries" not in shown
    candor.sandbox.user("U02").press(LEAVE, view=candor.sandbox.workspace.home("U02"))
    shown = home(candor, "U02")
    assert "You have left the team summaries" in shown and AGAIN in shown


def test_whoever_manages_a_team_or_belongs_to_hr_has_nothing_to_leave(candor: Candor) -> None:
    released(candor)
    for user_id, manages in ((MANAGER, True), (HR, False)):
        opted_in(candor, user_id)
        place(candor, user_id, OFFICE, manages=manages)
        shown = home(candor, user_id)
        assert "You manage a team (or belong to HR), so you count in none." in shown
        assert LEAVE not in shown and AGAIN not in shown
        assert "reported a week" not in shown


def test_the_weekly_message_still_comes_to_who_has_left(candor: Candor) -> None:
    released(candor)
    press(candor, LEAVE)
    candor.check_in(ANA)
    candor.clock.pass_by(days=5)
    candor.tick()
    (digest,) = candor.digests(ANA)
    assert "You have left the team summaries" in digest.text


def test_a_small_team_pauses_when_somebody_leaves_and_goes_on_without_them_in_the_next_season(candor: Candor) -> None:
    week = released(candor)
    with reading(candor.sessions) as session:
        payments = seasons.place_of(session, ANA, 1)
        assert payments is not None and cells(session, payments) == 1
    press(candor, LEAVE)
    report(candor.sessions, week + WEEK, [*PAYMENTS, *MOBILE, ANA])
    assert release(candor.sessions, week + WEEK) is not None
    with reading(candor.sessions) as session:
        assert cells(session, payments) == 1
    second = week + 12 * WEEK
    report(candor.sessions, second - WEEK, [*PAYMENTS, *MOBILE, ANA])
    report(candor.sessions, second, [*PAYMENTS, *MOBILE, ANA])
    assert release(candor.sessions, second) is not None
    with reading(candor.sessions) as session:
        assert len(releases.cells_in(session, second)) > 0
    assert counted(candor) == []


def test_who_comes_back_counts_from_the_next_season_on_and_not_before(candor: Candor) -> None:
    week = released(candor)
    press(candor, LEAVE)
    assert "Nothing changes until it is settled who counts in the next season" in press(candor, AGAIN)
    shown = home(candor)
    assert LEAVE in shown
    assert "The next season begins on 21 Dec; who counts in it is settled on 4 Jan at the earliest. You count" in shown
    report(candor.sessions, week + WEEK, [*PAYMENTS, *MOBILE, ANA])
    assert release(candor.sessions, week + WEEK) is not None
    assert counted(candor) == []
    second = week + 12 * WEEK
    report(candor.sessions, second - WEEK, [*PAYMENTS, *MOBILE, ANA])
    assert release(candor.sessions, second) is not None
    assert counted(candor) == [2]


def test_agreeing_anew_brings_nobody_back_into_the_summaries(candor: Candor) -> None:
    released(candor)
    press(candor, LEAVE)
    candor.opt_in(ANA, "cursor")
    with reading(candor.sessions) as session:
        held = consents.get(session, ANA)
    assert held is not None and held.tools == ("cursor",)
    assert not held.consent.in_summaries


def test_opting_out_of_everything_takes_the_person_out_of_all_seasons(candor: Candor) -> None:
    released(candor)
    user = candor.sandbox.user(ANA)
    user.say("stop")
    user.press("held.erase_now")
    assert counted(candor) == []


def test_a_button_of_before_opting_out_says_that_there_is_nothing_to_leave(candor: Candor) -> None:
    released(candor)
    home(candor)
    old = candor.sandbox.workspace.home(ANA)
    user = candor.sandbox.user(ANA)
    user.say("stop")
    user.press("held.erase_now")
    for action in (LEAVE, "belonging.open"):
        user.press(action, view=old)
        assert "You have not opted in" in str(candor.top_modal(ANA))
        user.close_modal()


def test_the_form_and_the_receipt_say_that_check_ins_count_in_summaries_and_that_one_can_leave(candor: Candor) -> None:
    candor.join("U02")
    user = candor.sandbox.user("U02")
    user.open_home()
    user.press("consent.open")
    form = str(candor.top_modal("U02"))
    assert "count in summaries of teams, which managers, leaders and HR may see" in form
    assert "never of fewer than 5 people" in form
    assert "leave them and keep your weekly message" in form
    user.close_modal()
    candor.opt_in("U02")
    user.press("consent.receipt", view=candor.sandbox.workspace.home("U02"))
    (file,) = candor.sandbox.workspace.files.values()
    (purpose,) = json.loads(file.content)["pii_processing"]["purposes"]
    told = purpose["team_summaries"]
    assert (told["check_ins_may_count"], told["seen_by"], told["smallest_group"]) == (
        True,
        ["managers", "leaders", "hr"],
        5,
    )
