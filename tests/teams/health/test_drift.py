"""When the page says that the measure may have become a target, at every edge of the rule."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from bot.teams.health.drift import Drift, Week, drift
from bot.teams.hours import CAP

CAPPED = CAP


def weeks(usage: Sequence[int | None], saved: Sequence[int | None], rework: Sequence[int | None] = ()) -> list[Week]:
    lost = rework or [0 if each is not None else None for each in saved]
    start = date(2026, 9, 28)
    return [
        Week(start + number * timedelta(weeks=1), 1, *figures)
        for number, figures in enumerate(zip(usage, saved, lost, strict=True))
    ]


@pytest.mark.parametrize(
    ("usage", "saved", "rework", "expected"),
    [
        pytest.param([4] * 4 + [5] * 4, [4] * 8, [0] * 8, "warning", id="half a day more, net the same"),
        pytest.param([4] * 5 + [5] * 3, [4] * 8, [0] * 8, "none", id="a little less than half a day more"),
        pytest.param([4] * 8, [4] * 4 + [2] * 4, [0] * 8, "none", id="net lower, use the same"),
        pytest.param([5] * 4 + [4] * 4, [4] * 8, [0] * 8, "none", id="less use"),
        pytest.param([4] * 4 + [9] * 4, [4] * 7 + [5], [0] * 8, "none", id="net half an hour higher in one week"),
        pytest.param([4] * 4 + [9] * 4, [4] * 4 + [5] * 4, [0] * 4 + [2, 2, 0, 0], "warning", id="more saved and lost"),
        pytest.param([4] * 4 + [9] * 4, [4] * 4 + [5] * 4, [0] * 5 + [3, 0, 0], "none", id="more saved than lost"),
        pytest.param([4] * 4 + [9] * 4, [4] * 4 + [3] * 4, [0] * 8, "warning", id="net lower"),
        pytest.param([4] * 4 + [5] * 3, [4] * 7, [0] * 7, "unknown", id="seven weeks"),
        pytest.param([], [], [], "unknown", id="no week"),
        pytest.param([4] * 4 + [5] * 4, [4] * 7 + [CAPPED], [0] * 8, "unknown", id="saved at the highest step lately"),
        pytest.param([4] * 8, [CAPPED] * 8, [0] * 8, "none", id="at the highest step, but no more use"),
        pytest.param([4] * 4 + [5] * 4, [CAPPED] + [4] * 7, [0] * 8, "warning", id="at the highest step before only"),
    ],
)
def test_the_rule_at_its_edges(
    usage: list[int | None], saved: list[int | None], rework: list[int | None], expected: Drift
) -> None:
    assert drift(weeks(usage, saved, rework)) == expected


def test_a_week_that_does_not_show_everything_is_left_out() -> None:
    shown = weeks([4, 4, 4, 4, 5, 5, 5, 5], [4] * 8)
    assert drift(shown) == "warning"
    without_use = weeks([4, 4, 4, None, 4, 5, 5, 5, None, 5], [4] * 10)
    without_hours = weeks([4, 4, 4, 9, 4, 5, 5, 5, 0, 5], [4, 4, 4, None, 4, 4, 4, 4, None, 4])
    assert drift(without_use) == drift(without_hours) == "warning"
    assert drift(without_use[1:]) == drift(without_hours[1:]) == "unknown"


@pytest.mark.parametrize(("since", "expected"), [(0, "none"), (2, "none"), (3, "unknown"), (8, "unknown")])
def test_of_weeks_that_are_not_among_the_newest_ten_nothing_is_said(since: int, expected: Drift) -> None:
    figures: list[int | None] = [*[4] * 8, *[None] * since]
    assert drift(weeks(figures, figures)) == expected


def test_only_the_last_eight_weeks_count() -> None:
    assert drift(weeks([9] * 4 + [4] * 4 + [5] * 4, [2] * 4 + [4] * 8)) == "warning"
    assert drift(weeks([4] * 4 + [9] * 8, [4] * 12)) == "none"
