"""What a release says of the days with use, on both databases."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.teams.calendar import cut_off
from bot.teams.content import canonical, fingerprint
from bot.teams.health.usage import CAP, LESS_THAN_A_DAY, published
from bot.teams.health.words import usage_words
from bot.teams.summary import cell_of_row
from bot.weeks import WEEK
from storage import releases
from storage.database import reading
from storage.org_usage import UsedDays
from storage.tables import ReleaseCell
from tests.candor import HR, Candor
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.health.world import PEOPLE, TOOL, company, days_of, use
from tests.teams.world import release, report


def released_usage(candor: Candor, week: date) -> int | None:
    report(candor.sessions, week, PEOPLE)
    assert release(candor.sessions, week, [HR]) is not None
    with reading(candor.sessions) as session:
        stored = releases.get(session, week)
    assert stored is not None
    return stored.usage


@pytest.mark.parametrize(
    ("days", "people", "step"),
    [
        (60, 20, 6), (64, 20, 6), (65, 20, 7), (74, 20, 7), (75, 20, 8), (15, 20, 2), (14, 20, LESS_THAN_A_DAY),
        (0, 20, LESS_THAN_A_DAY), (94, 20, 9), (95, 20, CAP), (140, 20, CAP), (133, 19, None), (0, 0, None),
    ],
)  # fmt: skip
def test_days_are_published_in_half_days_with_a_lowest_and_a_highest_step(
    days: int, people: int, step: int | None
) -> None:
    assert published(UsedDays(days, people)) == step


def test_whatever_one_person_did_the_figure_is_one_of_two_that_stand_side_by_side() -> None:
    """Whoever knew the days of all others could still not tell a person's own."""
    steps = sorted({step for days in range(141) if (step := published(UsedDays(days, 20))) is not None})
    assert steps == [LESS_THAN_A_DAY, *range(2, CAP + 1)]
    for people in (20, 21, 57):
        for others in range(7 * (people - 1) + 1):
            found = [steps.index(published(UsedDays(others + own, people)) or 0) for own in range(8)]
            assert max(found) - min(found) <= 1, (people, others)


def test_every_step_has_its_words() -> None:
    assert [usage_words(step) for step in (None, 0, 2, 3, 5, 10)] == [
        "not shown", "less than 1 day", "1 day", "1.5 days", "2.5 days", "5 days or more"
    ]  # fmt: skip


def test_the_mean_is_of_days_on_which_any_tool_reported_use(candor: Candor) -> None:
    week = company(candor, tools=(TOOL, "cursor"))
    use(candor.sessions, PEOPLE, days_of(week, 3))
    # The same days by another tool and on another surface are the same days; Thursday is one more.
    use(candor.sessions, PEOPLE, days_of(week, 4), tool="cursor", surface="ide", counts={"active": True})
    use(candor.sessions, PEOPLE, [week - timedelta(days=1), week + WEEK])
    assert released_usage(candor, week) == 8


def test_days_reported_as_unused_count_as_none_and_rows_that_say_nothing_do_not_count(candor: Candor) -> None:
    week = company(candor, [*PEOPLE, "U900"])
    use(candor.sessions, PEOPLE[:10], days_of(week, 5), counts={"credits": Decimal("0.5")})
    use(candor.sessions, PEOPLE[10:], days_of(week, 2), counts={"sessions": 0, "active": False})
    # Were this one counted as nought, the mean would fall below 2.5 and still be 2.5: one more makes it show.
    use(candor.sessions, ["U900"], days_of(week, 7), counts={})
    assert released_usage(candor, week) == 5


def test_nothing_is_published_of_fewer_than_twenty_of_whom_a_tool_reported_by_the_day(candor: Candor) -> None:
    week = company(candor, [*PEOPLE, "U900", "U901", "U902"], tools=(TOOL, "chatgpt"))
    use(candor.sessions, PEOPLE[:19], days_of(week, 3))
    use(candor.sessions, ["U900"], [week], tool="chatgpt", surface="chat", granularity="week")
    use(candor.sessions, ["U901"], days_of(week, 3), counts={})
    use(candor.sessions, ["U902"], days_of(week, 3), tool="cursor", surface="ide")
    assert released_usage(candor, week) is None


def test_only_people_who_count_are_in_it(candor: Candor) -> None:
    week = company(candor)
    use(candor.sessions, PEOPLE, days_of(week, 2))
    candor.join("U500")
    candor.opt_in("U500", TOOL)
    use(candor.sessions, ["U500"], days_of(week, 7))
    assert released_usage(candor, week) == 4


def test_where_hr_may_not_see_summaries_use_is_not_even_worked_out(candor: Candor) -> None:
    week = company(candor)
    use(candor.sessions, PEOPLE, days_of(week, 3))
    assert released_usage(candor, week) == 6
    later, narrower = week + WEEK, {"team_summaries": ["managers"]}
    publish_next(candor.sessions, cut_off(week), effective=str(cut_off(week).date()), who_sees=narrower, **AS_SHIPPED)
    use(candor.sessions, PEOPLE, days_of(later, 3))
    assert released_usage(candor, later) is None


def test_the_hash_covers_it(candor: Candor) -> None:
    week = company(candor)
    use(candor.sessions, PEOPLE, days_of(week, 3))
    usage = released_usage(candor, week)
    with reading(candor.sessions) as session:
        stored = releases.get(session, week)
        cells = releases.cells_in(session, week)
    assert stored is not None and stored.hash == hash_with(cells, week, usage) != hash_with(cells, week, None)


def hash_with(cells: Sequence[ReleaseCell], week: date, usage: int | None) -> str:
    published_cells = {path: cell_of_row(cell) for path, cell in zip(("", "Engineering"), cells, strict=False)}
    return fingerprint(canonical(week, 1, usage, published_cells))
