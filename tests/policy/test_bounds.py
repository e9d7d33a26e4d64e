"""The ratchet: over random sequences of versions and consents, nobody's terms are loosened who did not agree to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.bounds import LOOSER, Version, bound, compare, in_force, of_all, only_stricter, strictest
from bot.policy.terms import Terms, flat
from bot.usage.catalogue import TOOLS
from tests.policy.drafts import KINDS, TERMS

# On a machine that others use, how long one example takes says nothing.
unhurried = settings(deadline=None)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEUTRAL = ("pulse_weeks", "hours.digest", "hours.invitations")


def some_of(items: Sequence[str], at_least: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), unique=True, min_size=at_least)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    smallest = draw(st.integers(4, 12))
    tools = draw(some_of(sorted(TOOLS)))
    return Terms.model_validate(
        {
            "tools": {tool: draw(some_of(sorted(TOOLS[tool].columns))) for tool in tools},
            "retention_weeks": {kind: draw(st.integers(1, 12)) for kind in KINDS},
            "smallest_group": smallest,
            "smallest_group_comments": smallest + draw(st.integers(0, 5)),
            "who_sees": TERMS["who_sees"] | {"team_summaries": draw(some_of(("managers", "leaders", "hr"), 0))},
            "pulse_weeks": draw(st.integers(1, 20)),
            "hours": {"digest": draw(st.integers(0, 23)), "invitations": draw(st.integers(7, 20))},
        }
    )


@st.composite
def any_versions(draw: st.DrawFn) -> list[Version]:
    """Versions of which at least the first has taken effect at `NOW`, and later ones may be still to come."""
    terms = draw(st.lists(any_terms(), min_size=1, max_size=6))
    first = NOW - timedelta(days=10)
    days = accumulate(draw(st.lists(st.integers(0, 8), min_size=len(terms) - 1, max_size=len(terms) - 1)), initial=0)
    return [
        Version(number, each, first + timedelta(days=day))
        for number, (each, day) in enumerate(zip(terms, days, strict=True), start=1)
    ]


def looser(old: Terms, new: Terms) -> list[str]:
    """The terms that are looser in `new` than in `old`, or neither."""
    return [change.term for change in compare(old, new) if change.direction in ("looser", "mixed")]


def as_sets(terms: Terms) -> dict[str, Any]:
    return {name: set(value) if isinstance(value, tuple) else value for name, value in flat(terms).items()}


def ordered(terms: Terms) -> dict[str, Any]:
    return {name: value for name, value in as_sets(terms).items() if name not in NEUTRAL}


@unhurried
@given(any_versions(), st.data())
def test_a_persons_terms_are_never_looser_than_any_version_since_their_consent(
    versions: list[Version], data: st.DataObject
) -> None:
    consented = data.draw(st.sampled_from(versions)).number
    own, current = bound(versions, consented, NOW), in_force(versions, NOW)
    assert current is not None
    for version in versions:
        if version.number == consented or consented <= version.number <= current.number:
            assert looser(version.terms, own) == []


@unhurried
@given(any_versions(), st.data())
def test_a_persons_terms_are_no_stricter_than_some_version_since_their_consent_makes_them(
    versions: list[Version], data: st.DataObject
) -> None:
    """Every ordered value is one that a version has: for numbers that one itself, for lists what all have in common."""
    consented = data.draw(st.sampled_from(versions)).number
    current = in_force(versions, NOW)
    assert current is not None
    since = [
        v.terms for v in versions if v.number in (consented, current.number) or consented < v.number < current.number
    ]
    own = flat(bound(versions, consented, NOW))
    for name, value in own.items():
        if name in NEUTRAL:
            continue
        found = [flat(terms).get(name, ()) for terms in since]
        if isinstance(value, tuple) and name != "tools":
            assert set(value) == set.intersection(*(set(each) for each in found if isinstance(each, tuple)))
        elif not isinstance(value, tuple):
            assert value in found


def followed(versions: list[Version], terms: Terms) -> tuple[list[Version], datetime]:
    """The versions and one more that takes effect as soon as it can, and that moment."""
    moment = max(NOW, versions[-1].in_force_from)
    return [*versions, Version(len(versions) + 1, terms, moment)], moment


@unhurried
@given(any_versions(), any_terms())
def test_a_stricter_version_takes_effect_at_once_for_everybody(versions: list[Version], new: Terms) -> None:
    every, moment = followed(versions, new)
    for consented in [version.number for version in versions]:
        after = bound(every, consented, moment)
        assert looser(new, after) == []
        assert ordered(after) == ordered(strictest(bound(versions, consented, moment), new))


@unhurried
@given(any_versions(), any_terms())
def test_no_version_loosens_anything_for_anybody_who_has_not_agreed_to_it(versions: list[Version], new: Terms) -> None:
    every, moment = followed(versions, new)
    for consented in [version.number for version in versions]:
        before, after = bound(versions, consented, moment), bound(every, consented, moment)
        assert looser(before, after) == []
        if not any(change.direction in ("stricter", "mixed") for change in compare(before, new)):
            assert ordered(after) == ordered(before)


@unhurried
@given(any_versions(), any_terms())
def test_who_agrees_again_is_bound_by_the_newest_version_alone_once_it_is_in_force(
    versions: list[Version], new: Terms
) -> None:
    newest = Version(len(versions) + 1, new, max(NOW, versions[-1].in_force_from))
    every = [*versions, newest]
    assert as_sets(bound(every, newest.number, newest.in_force_from)) == as_sets(new)
    before = in_force(versions, NOW)
    assert before is not None
    if newest.in_force_from > NOW:
        assert ordered(bound(every, newest.number, NOW)) == ordered(strictest(new, before.terms))


@unhurried
@given(any_versions(), st.data())
def test_hours_and_rhythm_follow_the_version_in_force(versions: list[Version], data: st.DataObject) -> None:
    own = bound(versions, data.draw(st.sampled_from(versions)).number, NOW)
    current = in_force(versions, NOW)
    assert current is not None
    assert (own.hours, own.pulse_weeks) == (current.terms.hours, current.terms.pulse_weeks)


@unhurried
@given(any_terms(), any_terms(), any_terms())
def test_in_which_order_versions_meet_makes_no_difference(one: Terms, two: Terms, three: Terms) -> None:
    assert ordered(strictest(one, two)) == ordered(strictest(two, one))
    assert ordered(strictest(strictest(one, two), three)) == ordered(strictest(one, strictest(two, three)))
    assert as_sets(strictest(one, one)) == as_sets(one)


@unhurried
@given(st.lists(any_terms(), min_size=1, max_size=5), any_terms())
def test_an_aggregate_is_never_looser_than_the_terms_of_anybody_in_it(members: list[Terms], more: Terms) -> None:
    together = of_all(members)
    assert [looser(member, together) for member in members] == [[] for _ in members]
    assert looser(together, of_all([*members, more])) == []


@unhurried
@given(any_terms(), any_terms())
def test_a_change_and_its_reverse_go_opposite_ways(old: Terms, new: Terms) -> None:
    there, back = compare(old, new), compare(new, old)
    opposite = {"stricter": "looser", "looser": "stricter", "mixed": "mixed", "neutral": "neutral"}
    assert {change.term: opposite[change.direction] for change in there} == {c.term: c.direction for c in back}
    assert compare(old, old) == []
    assert not (any(change.direction in LOOSER for change in there) and only_stricter(there))


def test_what_is_stricter_and_what_looser_is_as_the_policy_says() -> None:
    old = Terms.model_validate(TERMS)
    changes: list[tuple[dict[str, Any], str]] = [
        ({"retention_weeks": {**TERMS["retention_weeks"], "usage": 25}}, "stricter"),
        ({"retention_weeks": {**TERMS["retention_weeks"], "usage": 27}}, "looser"),
        ({"retention_weeks": {**TERMS["retention_weeks"], "ledger": 105}}, "stricter"),
        ({"retention_weeks": {**TERMS["retention_weeks"], "ledger": 103}}, "looser"),
        ({"smallest_group": 6}, "stricter"),
        ({"smallest_group": 4}, "looser"),
        ({"smallest_group_comments": 9}, "looser"),
        ({"who_sees": TERMS["who_sees"] | {"team_summaries": ["hr"]}}, "stricter"),
        ({"pulse_weeks": 1}, "neutral"),
        ({"hours": {"digest": 3, "invitations": 10}}, "neutral"),
    ]
    for change, direction in changes:
        (found,) = compare(old, Terms.model_validate({**TERMS, **change}))
        assert found.direction == direction, change


def test_a_tool_that_comes_for_one_that_goes_is_neither_stricter_nor_looser() -> None:
    old = Terms.model_validate({**TERMS, "tools": ["cursor"]})
    new = Terms.model_validate({**TERMS, "tools": ["chatgpt"]})
    assert {change.term: change.direction for change in compare(old, new)} == {
        "tools": "mixed",
        "tools.cursor": "stricter",
        "tools.chatgpt": "looser",
    }
    assert any(change.direction in LOOSER for change in compare(old, new))


def test_nobody_is_bound_by_a_version_that_was_never_published() -> None:
    version = Version(1, Terms.model_validate(TERMS), NOW)
    with pytest.raises(LookupError, match="version 2 was never published"):
        bound([version], 2, NOW)


def test_before_any_version_takes_effect_the_one_agreed_to_holds() -> None:
    version = Version(1, Terms.model_validate(TERMS), NOW + timedelta(days=1))
    assert in_force([version], NOW) is None
    assert bound([version], 1, NOW) == version.terms
    assert in_force([replace(version, in_force_from=NOW)], NOW) is not None
