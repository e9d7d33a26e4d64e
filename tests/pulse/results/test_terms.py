"""The policy's own terms decide what is shown: the stricter of those at a pulse's opening and at its end."""

import pytest

from tests.candor import Candor
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.pulse.results.acts import results_text
from tests.pulse.world import begin, finish, vote


def answered(office: Candor, number: int, *, before: int, after: int, comments: int = 12) -> str:
    """A pulse that so many people answer, under a smallest group that changes while it is open."""
    office.clock.pass_by(days=1)
    day = str(office.clock().date())
    publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective=day, **_groups(before, comments))
    wave = begin(office)
    office.clock.pass_by(days=1)
    if after > before:
        # What is only stricter needs no notice.
        publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective=_day(office), **_groups(after, comments))
    for each in range(number):
        vote(office, wave, f"U1{each}", comment=f"Word {each}")
    finish(office, wave)
    return results_text(office)


def _groups(smallest: int, comments: int) -> dict[str, int]:
    return {"smallest_group": smallest, "smallest_group_comments": max(smallest, comments)}


def _day(office: Candor) -> str:
    return str(office.clock().date())


@pytest.mark.parametrize(("before", "after"), [(8, 8), (6, 8)])
def test_the_stricter_smallest_group_of_opening_and_closing_holds(office: Candor, before: int, after: int) -> None:
    assert "too few answers to show anything" in answered(office, 7, before=before, after=after)


@pytest.mark.parametrize(("before", "after"), [(8, 8), (6, 8)])
def test_as_many_as_the_smallest_group_are_shown(office: Candor, before: int, after: int) -> None:
    assert "80 or more of 100 believe it is followed" in answered(office, 8, before=before, after=after)


@pytest.mark.parametrize(("number", "shown"), [(11, False), (12, True)])
def test_comments_are_shown_from_their_own_smallest_group_on(office: Candor, number: int, shown: bool) -> None:
    assert ("Word 0" in answered(office, number, before=5, after=5)) == shown
