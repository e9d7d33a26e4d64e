"""The policy's own terms decide what is shown: the stricter of those at a pulse's opening and at its end."""

from datetime import timedelta

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
    return _later(office, 0)


def _later(office: Candor, days: int) -> str:
    return str(office.clock().date() + timedelta(days=days))


@pytest.mark.parametrize(("before", "after"), [(8, 8), (6, 8)])
def test_the_stricter_smallest_group_of_opening_and_closing_holds(office: Candor, before: int, after: int) -> None:
    assert "too few answers to show anything" in answered(office, 7, before=before, after=after)


@pytest.mark.parametrize(("number", "shown"), [(7, False), (8, True)])
def test_the_strictest_of_all_versions_while_a_pulse_was_open_holds(office: Candor, number: int, shown: bool) -> None:
    """Opened under the first version, closed under the third; the one in between was the strictest."""
    now = office.clock()
    publish_next(office.sessions, now, **AS_SHIPPED, effective=_later(office, 2), **_groups(8, 12))
    publish_next(office.sessions, now, **AS_SHIPPED, effective=_later(office, 16), **_groups(5, 5))
    office.clock.pass_by(days=1)
    wave = begin(office, length=timedelta(days=16))
    office.clock.pass_by(days=15, hours=12)
    for each in range(number):
        vote(office, wave, f"U1{each}", comment=f"Word {each}")
    finish(office, wave)
    text = results_text(office)
    assert ("80 or more of 100 believe it is followed" in text) == shown
    assert ("too few answers to show anything" in text) != shown
    assert "Word 0" not in text


def test_a_version_that_was_in_force_only_before_a_pulse_opened_does_not_count(office: Candor) -> None:
    publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective=_day(office), **_groups(8, 12))
    publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective=_later(office, 15), **_groups(5, 5))
    office.clock.pass_by(days=16)
    wave = begin(office)
    for each in range(5):
        vote(office, wave, f"U1{each}")
    finish(office, wave)
    assert "80 or more of 100 believe it is followed" in results_text(office)


@pytest.mark.parametrize(("before", "after"), [(8, 8), (6, 8)])
def test_as_many_as_the_smallest_group_are_shown(office: Candor, before: int, after: int) -> None:
    assert "80 or more of 100 believe it is followed" in answered(office, 8, before=before, after=after)


@pytest.mark.parametrize(("number", "shown"), [(11, False), (12, True)])
def test_comments_are_shown_from_their_own_smallest_group_on(office: Candor, number: int, shown: bool) -> None:
    assert ("Word 0" in answered(office, number, before=5, after=5)) == shown
