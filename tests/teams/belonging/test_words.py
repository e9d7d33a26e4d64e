"""Where somebody stands with team summaries, in words."""

from datetime import date

import pytest

from bot.policy.terms import stored_terms
from bot.teams.belonging.membership import Membership, offered
from bot.teams.belonging.words import IN_OFFICE, LEAVING, NEVER, agreement, in_digest, in_home
from bot.teams.calendar import Span
from storage.belonging import Node

SEASON = Span(1, date(2026, 9, 28))
TODAY = date(2026, 11, 18)
EVERYBODY = ("managers", "leaders", "hr")
PAYMENTS = Node(3, "Engineering / Payments", True, size=6, leads=False)
ENGINEERING = Node(1, "Engineering", True, size=12, leads=True)
COMPANY = Node(0, "", False, size=30, leads=True)


def stand(*teams: Node, wants: bool = True, season: Span | None = SEASON, allowed: bool = True) -> Membership:
    return Membership(wants, season, teams, offered(teams, EVERYBODY if allowed else ()), allowed)


@pytest.mark.parametrize(
    ("viewers", "names"),
    [
        (["managers"], [PAYMENTS]),
        (["leaders"], [ENGINEERING]),
        (["hr"], [ENGINEERING, COMPANY]),
        (["managers", "hr"], [PAYMENTS, ENGINEERING, COMPANY]),
        ([], []),
    ],
)
def test_only_summaries_that_somebody_may_open_are_offered(viewers: list[str], names: list[Node]) -> None:
    assert list(offered([PAYMENTS, ENGINEERING, COMPANY], viewers)) == names


def test_what_is_all_of_one_single_team_is_not_offered_as_hrs() -> None:
    alone = [PAYMENTS, ENGINEERING._replace(size=6), COMPANY]
    assert list(offered(alone, ["hr"])) == [COMPANY]
    assert list(offered(alone, ["leaders"])) == [alone[1]]
    in_a_small_company = [PAYMENTS, COMPANY._replace(size=6, leads=True)]
    assert list(offered(in_a_small_company, ["hr", "managers"])) == [PAYMENTS]
    directly_above = [ENGINEERING, COMPANY._replace(size=12)]
    assert list(offered(directly_above, ["hr"])) == directly_above


def test_who_counts_in_none_that_anybody_may_open_is_told_so() -> None:
    mine = Membership(True, SEASON, (ENGINEERING, COMPANY), offered((ENGINEERING, COMPANY), ["managers"]), True)
    assert not mine.may_look and "nobody may open those you are part of" in in_digest(mine, TODAY)


def test_only_summaries_of_which_something_was_published_are_named() -> None:
    assert in_digest(stand(PAYMENTS, ENGINEERING, COMPANY), TODAY) == (
        "You count in the summaries of Payments and Engineering, until 20 Dec; of the whole company nothing has been "
        "shown."
    )
    assert in_digest(stand(PAYMENTS), TODAY) == "You count in the summary of Payments, until 20 Dec."


@pytest.mark.parametrize(("today", "verb"), [(date(2026, 12, 20), "You count in"), (date(2026, 12, 21), "You counted")])
def test_after_the_last_day_of_the_season_it_is_said_of_the_past(today: date, verb: str) -> None:
    assert in_digest(stand(PAYMENTS), today).startswith(verb)
    assert in_home(stand(PAYMENTS), today).startswith(verb)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 20), "begins on 21 Dec; who counts in it is settled on 4 Jan at the earliest."),
        (date(2026, 12, 21), "began on 21 Dec; who counts in it is settled on 4 Jan at the earliest."),
        (date(2027, 1, 4), "began on 21 Dec; who counts in it is settled on 4 Jan at the earliest."),
        (date(2027, 1, 5), "began on 21 Dec; who counts in it is not settled so far."),
    ],
)
def test_who_counts_in_none_is_told_when_the_next_season_begins_and_when_it_is_settled(today: date, said: str) -> None:
    assert said in in_home(stand(), today)
    assert (said in in_home(stand(PAYMENTS), today)) == (today > SEASON.last_day)


def test_who_is_in_office_is_told_that_they_count_in_none_but_not_while_they_still_do() -> None:
    for mine in (stand(), stand(wants=False), stand(season=None)):
        assert in_home(mine, TODAY, in_office=True) == IN_OFFICE
    assert in_home(stand(PAYMENTS), TODAY, in_office=True) == in_home(stand(PAYMENTS), TODAY)


def test_the_message_says_nothing_to_who_counts_in_none() -> None:
    assert in_digest(stand(), TODAY) == ""


def test_the_words_of_the_dialogs_are_as_short_as_slack_takes_them() -> None:
    assert max(len(LEAVING), len(NEVER)) <= 300


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
