"""The measured targets, on the parts of the evaluation that the engine was built with, with a margin."""

import pytest

from tests.policy.answers.measuring import Figures, figures, outcomes

# Of the issue. The shares of so few questions (86 answerable, 45 not) are worth a few points more or less, which the
# other limits below leave room for: section @1 and @3 with the authors' questions, and without.
RANKED = {True: (0.75, 0.92), False: (0.60, 0.85)}


@pytest.fixture(scope="module", params=[True, False], ids=["with authors' questions", "without"])
def measured(request: pytest.FixtureRequest) -> tuple[bool, Figures]:
    return request.param, figures(outcomes("dev", request.param))


def test_the_right_section_is_first_or_among_three_often_enough(measured: tuple[bool, Figures]) -> None:
    questions, found = measured
    at_1, at_3 = RANKED[questions]
    assert found.at_1 >= at_1
    assert found.at_3 >= at_3


def test_most_answers_and_most_silences_are_right(measured: tuple[bool, Figures]) -> None:
    _, found = measured
    assert found.right >= 0.75
    assert found.answered >= 0.45
    assert found.answered_right >= 0.80


def test_hardly_anything_is_answered_that_the_policy_does_not_say(measured: tuple[bool, Figures]) -> None:
    _, found = measured
    assert found.answered_wrongly <= 0.15
    assert found.closest_wrongly <= 0.50
