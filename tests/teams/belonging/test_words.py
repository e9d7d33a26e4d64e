"""Where somebody stands with team summaries, in words."""

from datetime import date

import pytest

from bot.policy.terms import stored_terms
from bot.teams.belonging.membership import Membership
from bot.teams.belonging.words import agreement, in_digest, in_home
from bot.teams.calendar import Span
from storage.belonging import Node

SEASON = Span(1, date(2026, 9, 28))
TODAY = date(2026, 11, 18)
PAYMENTS = Node(3, "Engineering / Payments", True)
ENGINEERING = Node(1, "Engineering", True)
COMPANY = Node(0, "", False)


def stand(*teams: Node, wants: bool = True, season: Span | None = SEASON, allowed: bool = True) -> Membership:
    return Membership(wants, season, teams, allowed)


def test_only_summaries_of_which_something_was_published_are_named() -> None:
    assert in_digest(stand(PAYMENTS, ENGINEERING, COMPANY), TODAY) == (
        "You count in the summaries of Payments and Engineering, until 20 Dec."
    )
    assert in_digest(stand(PAYMENTS, COMPANY), TODAY) == "You count in the summary of Payments, until 20 Dec."


@pytest.mark.parametrize(("today", "verb"), [(date(2026, 12, 20), "You count in"), (date(2026, 12, 21), "You counted")])
def test_after_the_last_day_of_the_season_it_is_said_of_the_past(today: date, verb: str) -> None:
    assert in_digest(stand(PAYMENTS), today).startswith(verb)
    assert in_home(stand(PAYMENTS), today).startswith(verb)


@pytest.mark.parametrize(
    ("today", "said"), [(date(2026, 12, 20), "begins on 21 Dec"), (date(2026, 12, 21), "began on")]
)
def test_who_counts_in_none_is_told_when_the_next_season_begins(today: date, said: str) -> None:
    assert said in in_home(stand(), today)


@pytest.mark.parametrize("mine", [stand(season=None), stand(PAYMENTS, allowed=False)])
def test_the_message_is_silent_while_nobody_is_shown_a_summary(mine: Membership) -> None:
    assert in_digest(mine, TODAY) == ""
    assert in_home(mine, TODAY) != ""


def test_who_has_left_is_told_so_and_not_why_others_might_not_count() -> None:
    mine = stand(wants=False)
    assert in_digest(mine, TODAY).startswith("You have left")
    assert "in the four weeks before" not in in_home(mine, TODAY)


def test_without_anybody_who_may_see_summaries_the_form_says_so() -> None:
    terms = stored_terms({"tools": ["cursor"], "retention_weeks": 26})
    assert "managers, leaders and HR may see" in agreement(terms)
    seen = terms.who_sees.model_copy(update={"team_summaries": ()})
    assert agreement(terms.model_copy(update={"who_sees": seen})) == "Under this version nobody sees team summaries."
