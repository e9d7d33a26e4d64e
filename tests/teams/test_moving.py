"""Teams and people that move in mid-season: who counts where stays, who may see it does not, and HR is told before."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from rich.console import Console
from sqlmodel import select

from bot.people import directory_seasons
from bot.people.directory import DirectoryReport, import_directory
from bot.reports import show_directory
from bot.teams.calendar import cut_off
from bot.weeks import WEEK
from storage import deletions, directory
from storage.database import SessionFactory, reading
from storage.tables import SeasonTeam, SlackDeletion, SummaryViewer
from tests.teams.world import cells, counting, first_week, put, regular, release, report, staff

PAYMENTS = [f"U1{number}" for number in range(6)]
MOBILE = [f"U2{number}" for number in range(6)]
SALES = [f"U3{number}" for number in range(6)]
START = {
    "Engineering / Payments": PAYMENTS,
    "Engineering / Mobile": MOBILE,
    "Sales": SALES,
}
MANAGERS = {"U1BOSS": "Engineering / Payments", "U2BOSS": "Engineering / Mobile", "U3BOSS": "Sales"}
Places = dict[str, str]


def begun(company: SessionFactory) -> date:
    """A season in which one release is out; returns its week."""
    staff(company, START)
    for manager, team in MANAGERS.items():
        put(company, manager, team, manager=True)
    week = regular(company, PAYMENTS + MOBILE + SALES, first_week(company) + 2 * WEEK)
    assert release(company, week) is not None
    return week


def as_is() -> Places:
    return {person: team for team, people in START.items() for person in people}


def hand_in(
    company: SessionFactory, places: Places, managers: Mapping[str, str], now: datetime, *, apply: bool = True
) -> DirectoryReport:
    """The directory with these people and managers in their teams."""
    lines = [f"{person},{team},no" for person, team in places.items()]
    lines += [f"{person},{team},yes" for person, team in managers.items()]
    text = "\n".join(["slack_id,team,manager", *lines])
    report = import_directory(company, io.BytesIO(text.encode()), {}, now=now, apply=apply)
    assert not report.refusals, report.refusals
    return report


def said(report: DirectoryReport) -> str:
    assert report.summaries is not None
    return "\n".join(directory_seasons.lines(report.summaries))


def viewers(company: SessionFactory) -> dict[str, tuple[str, date]]:
    with reading(company) as session:
        rows = session.exec(select(SummaryViewer, SeasonTeam.path).join(SeasonTeam)).all()
    return {row.viewer: (path, row.since) for row, path in rows}


def opened_before(company: SessionFactory, person: str, now: datetime) -> None:
    """As if this manager had opened a summary in Slack."""
    with company.begin() as session:
        deletions.note_sent(session, person, "team summary", f"D{person}", "1.1", now)


def deleted(company: SessionFactory) -> list[str]:
    """The conversations in which an opened summary is to be deleted."""
    with reading(company) as session:
        return [item.channel or "" for item in session.exec(select(SlackDeletion))]


def test_who_moves_counts_where_the_season_has_them_and_changes_no_published_set(company: SessionFactory) -> None:
    week = begun(company)
    before = (counting(company), set(cells(company, week)))
    hand_in(company, as_is() | {PAYMENTS[0]: "Sales", PAYMENTS[1]: "Legal"}, MANAGERS, cut_off(week))
    release(company, week + WEEK)
    assert (counting(company), set(cells(company, week + WEEK))) == before


def test_the_dry_run_says_what_stays_until_the_season_is_over_and_changes_nothing(company: SessionFactory) -> None:
    week = begun(company)
    moved = as_is() | dict.fromkeys(MOBILE, "Engineering / Apps") | dict.fromkeys(SALES, "Engineering / Payments")
    managers = {"U1BOSS": "Engineering / Apps", "U2BOSS": "Engineering / Apps", "U3BOSS": "Engineering"}
    report = hand_in(company, moved, managers, cut_off(week), apply=False)
    words = said(report)
    assert (
        "Team summaries keep these teams, with their names and people, for the weeks up to Sun 20 Dec 2026: "
        "Engineering / Mobile, Sales." in words
    )
    assert "people move out of a team. Whoever of them counts in a summary is not moved in it" in words
    assert not report.applied and deleted(company) == []
    assert said(hand_in(company, moved, managers, cut_off(week))) == words
    again = hand_in(company, moved, managers, cut_off(week))
    assert again.summaries == directory_seasons.Effect(until=date(2026, 12, 20))


def test_people_import_prints_it_before_it_applies(company: SessionFactory) -> None:
    week = begun(company)
    report = hand_in(company, as_is() | {PAYMENTS[0]: "Sales"}, MANAGERS, cut_off(week), apply=False)
    out = io.StringIO()
    show_directory(Console(file=out, emoji=False, soft_wrap=True), report, apply=False)
    *_, summaries, last = out.getvalue().splitlines()
    assert summaries == (
        "1 person moves out of a team. Whoever of them counts in a summary is not moved in it for the weeks up to "
        "Sun 20 Dec 2026. Nobody is told who counts."
    )
    assert last == "Nothing was changed. Run it again with --apply to take it over."


def test_the_report_counts_those_who_move_whether_they_count_in_a_summary_or_not(company: SessionFactory) -> None:
    week = begun(company)
    put(company, "U19", "Engineering / Payments")
    put(company, "U18", None)
    one_who_counts = as_is() | {PAYMENTS[0]: "Sales", "U19": "Engineering / Payments", "U18": "Sales"}
    nobody_who_counts = as_is() | {"U19": "Sales", "U18": "Sales"}
    told = [said(hand_in(company, places, MANAGERS, cut_off(week), apply=False)) for places in (
        one_who_counts, nobody_who_counts,
    )]  # fmt: skip
    assert told[0] == told[1]
    assert told[0].startswith("1 person moves out of a team.")


def test_a_renamed_team_keeps_its_old_name_in_the_season_and_has_its_new_one_in_the_next(
    company: SessionFactory,
) -> None:
    week = begun(company)
    renamed = {person: team.replace("Payments", "Money") for person, team in as_is().items()}
    managers = MANAGERS | {"U1BOSS": "Engineering / Money"}
    report_ = hand_in(company, renamed, managers, cut_off(week))
    assert report_.summaries is not None
    assert (report_.summaries.moving, report_.summaries.managers_moving) == (0, 0)
    release(company, week + WEEK)
    assert "Engineering / Payments" in cells(company, week + WEEK)
    assert viewers(company)["U1BOSS"] == ("Engineering / Payments", week)
    again = week + 12 * WEEK
    for at in (again - WEEK, again):
        report(company, at, PAYMENTS + MOBILE + SALES)
    release(company, again)
    assert "Engineering / Money" in cells(company, again)
    assert viewers(company)["U1BOSS"] == ("Engineering / Money", again)


def test_a_team_that_goes_or_is_merged_keeps_its_summary_and_loses_its_viewer(company: SessionFactory) -> None:
    week = begun(company)
    opened_before(company, "U1BOSS", cut_off(week))
    merged = as_is() | dict.fromkeys(PAYMENTS, "Engineering / Mobile")
    managers = MANAGERS | {"U1BOSS": "Engineering / Mobile"}
    assert "Engineering / Payments" in said(hand_in(company, merged, managers, cut_off(week)))
    # At once, not with the next release.
    assert deleted(company) == ["DU1BOSS"]
    release(company, week + WEEK)
    assert {"Engineering / Payments", "Engineering / Mobile"} <= set(cells(company, week + WEEK))
    assert viewers(company)["U1BOSS"] == ("Engineering / Mobile", week + WEEK)
    assert viewers(company)["U2BOSS"] == ("Engineering / Mobile", week)


def test_a_manager_who_moves_sees_the_new_team_from_the_next_release_on_and_nothing_of_the_old(
    company: SessionFactory,
) -> None:
    week = begun(company)
    opened_before(company, "U1BOSS", cut_off(week))
    words = said(hand_in(company, as_is(), {**MANAGERS, "U1BOSS": "Sales"}, cut_off(week)))
    assert "Managers who take another team: 1; they see its summary from the next release on" in words
    assert "and nothing of the old one any more." in words
    assert deleted(company) == ["DU1BOSS"]
    assert viewers(company)["U1BOSS"] == ("Engineering / Payments", week)
    release(company, week + WEEK)
    assert viewers(company)["U1BOSS"] == ("Sales", week + WEEK)


def test_a_new_manager_and_one_who_stops_are_told_apart(company: SessionFactory) -> None:
    week = begun(company)
    opened_before(company, "U1BOSS", cut_off(week))
    places = as_is() | {"U1BOSS": "Engineering / Payments"}
    managers = {"U2BOSS": "Engineering / Mobile", "U3BOSS": "Sales", "U11": "Engineering / Payments"}
    del places["U11"]
    words = said(hand_in(company, places, managers, cut_off(week)))
    assert "People who come to manage a team: 1;" in words
    assert "Managers who have no team any more: 1; they see no summary any more." in words
    assert deleted(company) == ["DU1BOSS"]
    release(company, week + WEEK)
    assert set(viewers(company)) == {"U11", "U2BOSS", "U3BOSS"}
    # Who becomes a manager in mid-season goes on counting until it is over.
    assert counting(company)["U11"] == "Engineering / Payments"


def test_who_stops_managing_without_any_import_loses_what_they_opened_with_the_next_release(
    company: SessionFactory,
) -> None:
    week = begun(company)
    opened_before(company, "U1BOSS", cut_off(week))
    put(company, "U1BOSS", "Engineering / Payments")
    release(company, week + WEEK)
    assert deleted(company) == ["DU1BOSS"]


def test_a_team_lost_between_two_seasons_is_noticed_and_one_that_is_kept_is_not_lost(company: SessionFactory) -> None:
    week = begun(company)
    for manager in ("U1BOSS", "U2BOSS"):
        opened_before(company, manager, cut_off(week))
    put(company, "U1BOSS", "Sales", manager=True)
    again = week + 12 * WEEK
    release(company, again)
    assert deleted(company) == ["DU1BOSS"]
    assert viewers(company)["U2BOSS"] == ("Engineering / Mobile", again)


def test_a_new_team_is_never_taken_for_one_that_went_before_it(company: SessionFactory) -> None:
    """SQLite gives the id of the newest row, once deleted, to the next one."""
    week = begun(company)
    with reading(company) as session:
        last = max(directory.team_ids(session).items(), key=lambda team: team[1])[0]
    gone = {person: team if team != last else "Engineering" for person, team in as_is().items()}
    managers = {person: team for person, team in MANAGERS.items() if team != last}
    hand_in(company, gone, managers, cut_off(week))
    (loser,) = MANAGERS.keys() - managers.keys()
    hand_in(company, gone | {"U10": "Brand new"}, managers | {loser: "Brand new"}, cut_off(week))
    release(company, week + WEEK)
    assert loser not in viewers(company)


def test_without_a_season_under_way_the_report_says_nothing_of_summaries(company: SessionFactory) -> None:
    staff(company, START)
    now = cut_off(first_week(company)) - timedelta(days=1)
    assert hand_in(company, as_is() | {"U10": "Sales"}, {}, now).summaries is None


def test_once_a_seasons_last_week_is_released_nothing_waits_for_it(company: SessionFactory) -> None:
    week = begun(company)
    last = week + 11 * WEEK
    assert hand_in(company, as_is(), MANAGERS, cut_off(last) - timedelta(days=1)).summaries is not None
    release(company, last)
    assert hand_in(company, as_is() | {"U10": "Sales"}, MANAGERS, cut_off(last)).summaries is None
