"""HR opens one summary at a time: of teams that have teams below them, and of the whole company."""

import pytest
from sqlmodel import select

from bot.teams.words import NOT_SHOWN
from bot.weeks import WEEK
from storage import seasons
from storage.database import reading
from storage.tables import SeasonTeam
from tests.candor import HR, Candor, running
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.viewing.stage import BOSS, MOBILE, PAYMENTS, home_of, looks, release_of, shown_home, staged
from tests.teams.world import first_week, report, staff


def options(candor: Candor) -> dict[str, str]:
    """What HR may choose from, by the words."""
    inputs = [block["element"] for block in candor.top_modal(HR)["blocks"] if block["type"] == "input"]
    return {each["text"]["text"]: each["value"] for each in inputs[0]["options"]}


def choose(candor: Candor, words: str) -> None:
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    assert candor.sandbox.user(HR).fill_and_submit(values={"target": options(candor)[words]}).ok


def test_hr_chooses_among_teams_with_teams_below_and_the_company_and_no_others(candor: Candor) -> None:
    staged(candor)
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    assert list(options(candor)) == ["The whole company", "Engineering"]
    assert not looks(candor.sessions)


@pytest.mark.parametrize(
    ("words", "about"), [("The whole company", "the whole company"), ("Engineering", "Engineering")]
)
def test_what_hr_opens_is_in_the_ledger_and_on_its_home_tab(candor: Candor, words: str, about: str) -> None:
    staged(candor)
    choose(candor, words)
    assert [look[:3] for look in looks(candor.sessions)] == [(HR, "opened", about)]
    assert f"Summary of {about}" in shown_home(candor, HR) and "1.5 h" in shown_home(candor, HR)
    assert "1.5 h" not in home_of(candor, HR)


def test_hr_is_no_viewer_of_a_team_without_teams_below(candor: Candor) -> None:
    staged(candor)
    with candor.sessions.begin() as session:
        by_path = select(SeasonTeam.number).where(SeasonTeam.path == "Engineering / Payments")
        payments = session.exec(by_path).one()
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    candor.sandbox.user(HR).fill_and_submit(values={"target": options(candor)["Engineering"]})
    forged = candor.sandbox.last_payload("interactive")
    forged["view"]["id"] = "VFORGED"
    forged["view"]["state"]["values"]["target"]["target"]["selected_option"]["value"] = f"1 {payments} hr"
    candor.sandbox.send_raw(forged, "interactive")
    assert [look[2] for look in looks(candor.sessions)] == ["Engineering"]
    assert "Payments" not in shown_home(candor, HR)


def test_one_form_sent_for_two_teams_is_two_entries_and_sent_again_none(candor: Candor) -> None:
    staged(candor)
    choose(candor, "Engineering")
    again = candor.sandbox.last_payload("interactive")
    values = again["view"]["state"]["values"]["target"]["target"]["selected_option"]
    candor.sandbox.send_raw(again, "interactive")
    assert [look[2] for look in looks(candor.sessions)] == ["Engineering"]
    values["value"] = "1 0 hr"
    candor.sandbox.send_raw(again, "interactive")
    assert "Summary of the whole company" in shown_home(candor, HR)
    assert [look[2] for look in looks(candor.sessions)] == ["Engineering", "the whole company"]


def one_team_counts(candor: Candor, *others: str) -> None:
    """A company of two upper teams, one above the other, in whose only large team nearly all count."""
    names = {"Sales / Europe / Retail": PAYMENTS, "Sales / Europe / Trade": list(others), "Product": MOBILE}
    for person in (*PAYMENTS, *MOBILE, *others):
        candor.join(person, tz="UTC")
    staff(candor.sessions, names)
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, [*PAYMENTS, *MOBILE, *others])
    release_of(candor, week, [*PAYMENTS, *MOBILE, *others])


def test_hr_sees_no_single_team_through_those_above_it(candor: Candor) -> None:
    one_team_counts(candor)
    home_of(candor, HR)
    user = candor.sandbox.user(HR)
    user.press("summary.choose")
    assert list(options(candor)) == ["The whole company"]
    with reading(candor.sessions) as session:
        above = [team.number for team in seasons.teams(session, 1) if team.path in ("Sales", "Sales / Europe")]
    user.fill_and_submit(values={"target": options(candor)["The whole company"]})
    forged = candor.sandbox.last_payload("interactive")
    for number in above:
        forged["view"]["state"]["values"]["target"]["target"]["selected_option"]["value"] = f"1 {number} hr"
        candor.sandbox.send_raw(forged, "interactive")
    assert len(above) == 2 and [look[2] for look in looks(candor.sessions)] == ["the whole company"]


def test_where_anybody_of_another_team_counts_hr_may_open_those_above(candor: Candor) -> None:
    one_team_counts(candor, *(f"U3{number}" for number in range(5)))
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    assert list(options(candor)) == ["The whole company", "Sales", "Sales / Europe"]


def test_hr_has_nothing_to_open_in_a_company_of_one_team(candor: Candor) -> None:
    for person in PAYMENTS:
        candor.join(person, tz="UTC")
    staff(candor.sessions, {"Payments": PAYMENTS, "Strategy": []})
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS)
    release_of(candor, week, PAYMENTS)
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    assert "all who count there are of one single team" in str(candor.top_modal(HR))


def test_nobody_else_chooses_or_opens_as_hr(candor: Candor) -> None:
    staged(candor)
    assert "summary.choose" not in home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home", value=f"{BOSS}|1 0 hr")
    assert "Only HR can do this" in str(candor.top_modal(BOSS)) and not looks(candor.sessions)


def test_a_policy_that_does_not_name_hr_gives_it_nothing(candor: Candor) -> None:
    staged(candor)
    home_of(candor, HR)
    publish_next(candor.sessions, candor.clock(), **AS_SHIPPED, who_sees={"team_summaries": ["managers"]})
    candor.sandbox.user(HR).press("summary.choose")
    assert "not yours to open" in str(candor.top_modal(HR))
    candor.sandbox.user(HR).close_modal()
    assert "summary.choose" not in home_of(candor, HR)


def test_before_the_first_release_hr_has_nothing_to_choose(candor: Candor) -> None:
    assert "summary.choose" not in home_of(candor, HR)


def test_somebody_who_came_to_hr_while_they_count_is_shown_nothing_they_are_part_of(candor: Candor) -> None:
    week = staged(candor)
    with running(candor.sessions, hr=frozenset({HR, PAYMENTS[0]})) as later:
        later.join(PAYMENTS[0], tz="UTC")
        release_of(later, week + WEEK)
        user = later.sandbox.user(PAYMENTS[0])
        user.open_home()
        user.press("summary.choose")
        element = later.top_modal(PAYMENTS[0])["blocks"][-1]["element"]
        user.fill_and_submit(values={"target": element["options"][0]["value"]})
        shown = shown_home(later, PAYMENTS[0])
    assert NOT_SHOWN in shown and "1.5 h" not in shown


def test_where_there_are_too_many_teams_for_a_list_hr_types_part_of_the_name(candor: Candor) -> None:
    staged(candor)
    with candor.sessions.begin() as session:
        for number in range(100, 350, 2):
            for at, path, parent in ((number, f"Unit {number}", 0), (number + 1, f"Unit {number} / Team", number)):
                size = {"size": 0, "smallest_group": 0}
                session.add(SeasonTeam(season=1, number=at, path=path, parent=parent, planned=False, **size))
    home_of(candor, HR)
    user = candor.sandbox.user(HR)
    user.press("summary.choose")
    assert user.fill_and_submit(values={"part": "unit"}).errors == {
        "part": "More than 100 teams have that in their name. Type more of it."
    }
    refused = user.fill_and_submit(values={"part": "Payments"}).errors
    assert "No team that has teams below it" in refused["part"]
    assert user.fill_and_submit(values={"part": "NIT 20"}).ok
    assert list(options(candor)) == ["Unit 200", "Unit 202", "Unit 204", "Unit 206", "Unit 208"]
    assert user.fill_and_submit(values={"target": options(candor)["Unit 204"]}).ok
    assert "Summary of Unit 204" in shown_home(candor, HR)
