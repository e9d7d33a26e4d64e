"""What must look the same does: who joins, moves or leaves; who opted out and who never reported; every silence."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.teams.blocks import summary_blocks, summary_page
from bot.teams.content import canonical
from bot.teams.summary import Summary, read
from bot.weeks import WEEK
from storage import held, releases, seasons
from storage.database import SessionFactory, reading
from tests.candor import PUBLISHED
from tests.teams.proofs.organisations import ALWAYS, BEFORE, WEEKS, Answer, Kind, Life, Organisation, draw
from tests.teams.proofs.seasons import opened
from tests.teams.proofs.seasons import releases as released
from tests.teams.world import first_week, release, report, staff

SEEDS = st.integers(0, 2**32)
LEVELS = st.sampled_from((2, 3))
MONDAY = date(2026, 9, 28)
MID_SEASON = st.integers(1, WEEKS - 1)


def content(organisation: Organisation) -> list[bytes]:
    """All that is published, in its canonical form, with when it is: for byte-for-byte comparison."""
    return [
        canonical(MONDAY + each.week * WEEK, each.season, None, {str(team): cell for team, cell in each.cells.items()})
        for each in released(organisation)
    ]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, levels=LEVELS, week=MID_SEASON, team=st.integers(0, 2))
def test_a_person_who_joins_moves_or_leaves_the_company_in_mid_season_changes_nothing_that_is_published(
    seed: int, levels: int, week: int, team: int
) -> None:
    organisation = draw(Kind(levels), seed)
    before = content(organisation)
    newcomer = Life({-BEFORE: team}, {each: Answer(10, 10, ("coding",)) for each in range(week, WEEKS)}, opted_in=week)
    assert content(organisation.with_life(-1, newcomer)) == before
    for who, life in list(organisation.people.items())[:3]:
        assert content(organisation.with_life(who, replace(life, teams={**life.teams, week: team}))) == before
        gone = {each: answer for each, answer in life.answers.items() if each < week}
        silent = organisation.with_life(who, replace(life, answers=gone, left=ALWAYS))
        assert content(silent.with_life(who, replace(life, answers=gone, left=week))) == content(silent)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_who_opted_out_before_the_season_who_never_reported_and_who_never_was_there_look_the_same(
    seed: int, levels: int
) -> None:
    organisation = draw(Kind(levels), seed)
    places = opened(organisation, 1).places
    assume(places)
    who = min(places)
    life = organisation.people[who]
    without = Organisation(
        organisation.parents,
        {each: theirs for each, theirs in organisation.people.items() if each != who},
        organisation.seasons,
        organisation.smallest_group,
    )
    opted_out, silent = replace(life, opted_out=0), replace(life, answers={})
    assert content(organisation.with_life(who, opted_out)) == content(without)
    assert content(organisation.with_life(who, silent)) == content(without)


ENOUGH = [f"U{number}" for number in range(6)]


def of(team: str, people: Iterable[str] = ENOUGH) -> list[str]:
    return [f"{each}{team}" for each in people]


def as_manager(company: SessionFactory, path: str) -> Summary:
    """The summary of a team, under the same name for all."""
    with reading(company) as session:
        newest = seasons.newest(session)
        assert newest is not None
        (number,) = [team.number for team in seasons.teams(session, newest.number) if team.path == path]
        found = read(session, newest.number, number)
    assert found is not None
    return replace(found, team=1, path="Team")


def test_a_manager_cannot_tell_who_opted_out_from_who_never_reported_and_from_nobody(company: SessionFactory) -> None:
    staff(company, {"A": [*of("A"), "UGONE"], "B": [*of("B"), "USILENT"], "C": of("C")})
    week = first_week(company)
    for team in "ABC":
        report(company, week - WEEK, of(team))
        report(company, week, of(team), saved="2to4")
    report(company, week - WEEK, ["UGONE"], saved="gt4")
    with company.begin() as session:
        held.erase(session, "UGONE", open_week="", now=PUBLISHED)
    assert release(company, week) is not None
    summaries = [as_manager(company, team) for team in "ABC"]
    assert summaries[0].newest is not None
    for shown in (summary_blocks, summary_page):
        assert shown(summaries[0]) == shown(summaries[1]) == shown(summaries[2])


def test_every_cause_of_not_shown_reads_the_same_and_leaves_no_trace(company: SessionFactory) -> None:
    people = {"few": of("F", ENOUGH[:3]), "away": of("A"), "stands out": of("S", ENOUGH[:5]), "empty": of("E")}
    people |= {"paused": of("P"), "above": of("V", ENOUGH[:2]), "above / below": of("B"), "shown": of("W")}
    staff(company, people)
    week = first_week(company)
    for team, members in people.items():
        if team != "empty":
            report(company, week - WEEK, members)
            report(company, week, members)
    assert release(company, week) is not None
    later = week + WEEK
    for team, members in people.items():
        if team not in ("empty", "away"):
            report(company, later, members)
    report(company, later, of("A", ENOUGH[:3]))
    report(company, later, of("S", ENOUGH[:3]), saved="0")
    report(company, later, of("S", ENOUGH[3:5]), saved="2to4")
    with company.begin() as session:
        held.erase(session, "U0P", open_week="", now=PUBLISHED)
    assert release(company, later) is not None
    silent = [team for team in people if team not in ("shown", "above / below")]
    newest = {team: replace(each, weeks=each.weeks[-1:]) for team in people for each in [as_manager(company, team)]}
    assert [team for team, each in newest.items() if each.newest is None] == silent
    for shown in (summary_blocks, summary_page):
        assert len({str(shown(newest[team])) for team in silent}) == 1
    with reading(company) as session:
        assert len(releases.cells_in(session, later)) == 3
