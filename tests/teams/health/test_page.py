"""What HR sees of organisation health, and who may not; pressed through the real app."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.blocks import actions
from bot.ledger.chain import OPENED
from bot.teams.calendar import WEEKS, cut_off
from bot.teams.health.opening import ABOUT, open_health
from bot.teams.health.views import health_button
from bot.teams.health.words import DRIFT, NEVER_ASKED
from bot.teams.words import NOT_SHOWN
from bot.weeks import WEEK
from storage import ledger, releases, seasons
from storage.database import reading
from storage.seasons import COMPANY
from storage.tables import LedgerEntry
from tests.candor import HR, START, Candor
from tests.database import without_table
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.pulse.world import begin, finish, vote
from tests.teams.health.world import PEOPLE, company, live
from tests.teams.world import first_week


def press(candor: Candor, user_id: str, whose: str | None = None) -> None:
    """Press a button that Home does not have: one's own, or a copy of somebody else's."""
    view = {"type": "home", "blocks": [actions(health_button(whose or user_id))]}
    candor.client.views_publish(user_id=user_id, view=view)
    candor.sandbox.user(user_id).press("teams.health", view=candor.sandbox.workspace.home(user_id))


def page(candor: Candor) -> str:
    """What the page says to HR, opened from Home."""
    user = candor.sandbox.user(HR)
    user.open_home()
    user.press("teams.health", view=candor.sandbox.workspace.home(HR))
    return read_and_close(candor)


def forged_page(candor: Candor) -> str:
    """The same where Home has no button for it."""
    press(candor, HR)
    return read_and_close(candor)


def read_and_close(candor: Candor) -> str:
    user = candor.sandbox.user(HR)
    shown = str(candor.top_modal(HR)["blocks"])
    user.close_modal()
    return shown


def looks(candor: Candor) -> list[LedgerEntry]:
    with reading(candor.sessions) as session:
        return [entry for entry in ledger.entries(session) if entry.what == OPENED]


def live_weeks(candor: Candor, first: date, days: Sequence[int]) -> None:
    for number, each in enumerate(days):
        live(candor, first + number * WEEK, each)


def test_use_and_hours_stand_side_by_side_week_by_week(candor: Candor) -> None:
    week = company(candor)
    live(candor, week, 3)
    live(candor, week + WEEK, 1, saved="2to4")
    shown = page(candor)
    assert "Lost to rework" in shown
    lines = [" ".join(line.split()) for line in shown.split("\\n")]
    assert "28 Sep – 4 Oct 3 days 1.5 h less than 1 h" in lines
    assert any(line.startswith("5–11 Oct 1 day 3 h or more less than 1 h") for line in lines)
    assert "never of fewer than 20" in shown and "of no single team and of no person" in shown
    assert NEVER_ASKED in shown


def test_the_warning_comes_when_use_grows_and_the_reported_hours_do_not(candor: Candor) -> None:
    week = company(candor)
    live_weeks(candor, week, [2, 2, 2, 2, 4, 4, 4])
    assert DRIFT["unknown"] in page(candor)
    live(candor, week + 7 * WEEK, 4)
    assert DRIFT["warning"] in page(candor)
    live_weeks(candor, week + 8 * WEEK, [2, 2, 2, 2])
    assert DRIFT["none"] in page(candor)


def test_of_fewer_than_twenty_nothing_is_shown_though_the_summary_of_the_company_is(candor: Candor) -> None:
    week = company(candor, PEOPLE[:19])
    live(candor, week, 3, people=PEOPLE[:19])
    with reading(candor.sessions) as session:
        assert releases.cells_of(session, 1, COMPANY)
    shown = page(candor)
    lines = [" ".join(line.split()) for line in shown.split("\\n")]
    assert any(line.startswith("28 Sep – 4 Oct not shown not shown not shown") for line in lines)


def test_before_anything_is_published_the_words_are_those_of_everything_that_is_not_shown(candor: Candor) -> None:
    assert NOT_SHOWN in forged_page(candor)
    assert looks(candor) == []


def test_the_newest_pulse_that_asked_stands_beside_it_with_everybodys_band(candor: Candor) -> None:
    wave = begin(candor)
    for number in range(10):
        vote(candor, wave, f"U1{number}", {"gaming": "5" if number < 5 else "1"})
    finish(candor, wave)
    assert "40 to 60 of 100 say so" in forged_page(candor)
    candor.clock.pass_by(days=14)
    few = begin(candor)
    vote(candor, few, "U10", {"gaming": "5"})
    finish(candor, few)
    shown = forged_page(candor)
    assert "too few answers to show anything" in shown and "40 to 60" not in shown


def test_every_look_is_in_the_ledger_for_whoever_counts_in_the_company(candor: Candor) -> None:
    live(candor, company(candor), 3)
    page(candor)
    page(candor)
    found = looks(candor)
    assert [(each.who, each.about, each.season, each.teams) for each in found] == [(HR, ABOUT, 1, [COMPANY])] * 2
    assert "U0" not in "".join(each.about for each in found)


def test_a_press_that_slack_delivers_again_is_one_look(candor: Candor) -> None:
    live(candor, company(candor), 3)
    for _ in range(2):
        assert open_health(candor.sessions, HR, "the same press", candor.clock()).weeks
    assert len(looks(candor)) == 1


def test_a_page_that_reaches_over_two_seasons_is_an_entry_in_each(candor: Candor) -> None:
    week = company(candor)
    live_weeks(candor, week, [3] * (WEEKS + 1))
    shown = page(candor)
    assert "Season 1" in shown and "Season 2" in shown
    assert [each.season for each in looks(candor)] == [1, 2]


def test_what_the_ledger_does_not_take_is_not_shown(candor: Candor) -> None:
    live(candor, company(candor), 3)
    with without_table(candor.sessions, "ledger_entry"):
        press(candor, HR)
    shown = str(candor.sandbox.workspace.modals(HR))
    assert "3 days" not in shown and "Something went wrong on our side" in shown
    assert looks(candor) == []


def test_nobody_but_hr_gets_it_not_even_by_a_forged_button(candor: Candor) -> None:
    live(candor, company(candor), 3)
    candor.join("UBOSS")
    for whose in ("UBOSS", HR):
        press(candor, "UBOSS", whose)
    shown = str(candor.sandbox.workspace.modals("UBOSS")) + str([each.text for each in candor.dms("UBOSS")])
    assert "Only HR can do this" in shown and "This button belongs to somebody else" in shown
    assert "3 days" not in shown and looks(candor) == []


def test_whoever_comes_to_hr_while_they_count_sees_nothing_of_that_season(candor: Candor) -> None:
    live(candor, company(candor, [*PEOPLE, HR]), 3)
    with candor.sessions.begin() as session:
        assert seasons.place_of(session, HR, 1) is not None
    shown = page(candor)
    assert "3 days" not in shown and NOT_SHOWN in shown
    with candor.sessions.begin() as session:
        seasons.leave(session, HR)
    assert "3 days" in page(candor)


def test_a_policy_that_shows_hr_no_summaries_shows_it_no_health_either(candor: Candor) -> None:
    week = company(candor)
    live(candor, week, 3)
    narrower = {"team_summaries": ["managers"]}
    effective = str((candor.clock() + timedelta(days=1)).date())
    publish_next(candor.sessions, candor.clock(), effective=effective, who_sees=narrower, **AS_SHIPPED)
    assert "3 days" in page(candor)
    candor.clock.pass_by(days=1)
    shown = forged_page(candor)
    assert "3 days" not in shown and NOT_SHOWN in shown


def test_a_season_that_was_opened_without_hr_stays_without_it(candor: Candor) -> None:
    """Whoever counts in it agreed to a policy that HR sees nothing of it; the next season asks anew."""
    week = first_week(candor.sessions)
    narrower = {"team_summaries": ["managers"]}
    publish_next(candor.sessions, cut_off(week - 2 * WEEK), effective=str(week), who_sees=narrower, **AS_SHIPPED)
    assert company(candor) == week
    live(candor, week, 3)
    publish_next(candor.sessions, candor.clock(), effective=str((candor.clock() + timedelta(days=15)).date()))
    candor.clock.pass_by(days=15)
    assert NOT_SHOWN in forged_page(candor)


def form(candor: Candor, user_id: str) -> str:
    """The form to opt in."""
    candor.join(user_id)
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press("consent.open")
    return str(candor.top_modal(user_id))


def test_whoever_opts_in_is_told_of_it_where_the_policy_shows_it_to_hr(candor: Candor) -> None:
    said = "never of fewer than 20, HR is also shown on how many days a week their tools report use"
    assert said in form(candor, "U01")
    publish_next(candor.sessions, START, who_sees={"team_summaries": ["managers"]}, **AS_SHIPPED)
    assert said not in form(candor, "U02")
