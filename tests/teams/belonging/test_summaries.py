"""Which summaries somebody counts in: said in Home and in the digest, and opened as their manager sees them."""

import pytest

from bot.edge import ref
from bot.teams import summary
from bot.teams.blocks import summary_words
from bot.teams.words import NOT_SHOWN
from bot.weeks import WEEK
from storage import ledger
from storage.database import SessionFactory, reading
from tests.candor import HR, Candor, running, without_ids
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.belonging.world import ANA, MOBILE, OFFICE, company, home, next_season, opted_in, place, released
from tests.teams.world import first_week, release, report, staff

# Days until the next message is due.
MONDAY = 5
OPEN = "belonging.open"


def opened(candor: Candor, user_id: str = ANA) -> str:
    """What the modal shows that the Home tab's button opens."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press(OPEN, view=candor.sandbox.workspace.home(user_id))
    return str(candor.top_modal(user_id))


def test_home_names_the_summaries_somebody_counts_in_and_until_when(candor: Candor) -> None:
    released(candor)
    said = "You count in the summaries of Payments, Engineering and the whole company, until 20 Dec."
    assert said in home(candor)


def test_before_anything_is_published_home_says_so_and_who_will_count(candor: Candor) -> None:
    company(candor)
    shown = home(candor)
    assert "No team summary has been published yet." in shown
    assert "reported a week in the four weeks before" in shown
    assert OPEN not in shown


def test_the_weekly_message_says_it_in_one_line_with_one_button(candor: Candor) -> None:
    released(candor)
    candor.check_in(ANA)
    candor.clock.pass_by(days=MONDAY)
    candor.tick()
    (digest,) = candor.digests(ANA)
    said = "You count in the summaries of Payments, Engineering and the whole company, until 20 Dec."
    assert said in digest.text
    assert str(digest.blocks).count(said) == 1
    candor.sandbox.user(ANA).press(OPEN, message=digest)
    assert "Summary of Payments" in str(candor.top_modal(ANA))


def test_who_keeps_figures_out_of_messages_reads_it_behind_the_button(candor: Candor) -> None:
    released(candor)
    candor.opt_in(ANA, private=True)
    candor.check_in(ANA)
    candor.clock.pass_by(days=MONDAY)
    candor.tick()
    (digest,) = candor.digests(ANA)
    assert "You count in" not in f"{digest.text}{digest.blocks}"
    candor.sandbox.user(ANA).press("digest.open", message=digest)
    assert "You count in the summaries of Payments" in str(candor.top_modal(ANA))


def test_who_counts_in_none_is_told_why_that_may_be_in_home_and_not_every_week_in_the_message(candor: Candor) -> None:
    released(candor)
    opted_in(candor, "U02", "Engineering / Mobile")
    candor.check_in("U02")
    candor.clock.pass_by(days=MONDAY)
    candor.tick()
    (digest,) = candor.digests("U02")
    assert "summar" not in f"{digest.text}{digest.blocks}"
    assert OPEN not in str(digest.blocks)
    shown = home(candor, "U02")
    assert "Whoever manages a team or belongs to HR counts in none." in shown
    assert "You count in no team summary now. The next season begins on 21 Dec;" in shown
    assert OPEN not in shown


def test_the_summary_is_word_for_word_what_whoever_manages_the_team_sees(candor: Candor) -> None:
    released(candor)
    opened(candor)
    with reading(candor.sessions) as session:
        theirs = summary.read(session, 1, 3)
    assert theirs is not None and theirs.path == OFFICE
    view = candor.top_modal(ANA)
    for block in summary_words(theirs):
        assert block in without_ids(view["blocks"])
    assert "Hours saved, per person: *1.5 h*" in str(view)


def test_each_summary_is_shown_alone_and_the_menu_turns_to_those_above(candor: Candor) -> None:
    released(candor)
    assert "Summary of Engineering" not in opened(candor)
    user = candor.sandbox.user(ANA)
    for number, title in (("1", "Summary of Engineering"), ("0", "Summary of the whole company")):
        user.press("belonging.choose", selected=number)
        shown = str(candor.top_modal(ANA))
        assert title in shown
        assert "Summary of Payments" not in shown


def test_no_other_teams_summary_is_shown_whatever_number_is_sent(candor: Candor) -> None:
    released(candor)
    opened(candor)
    with reading(candor.sessions) as session:
        mobile = summary.read(session, 1, 2)
    assert mobile is not None and mobile.name == "Mobile"
    menu = next(block for block in candor.top_modal(ANA)["blocks"] if block["type"] == "actions")
    menu["elements"][0]["options"].append({"text": {"type": "plain_text", "text": "Mobile"}, "value": "2"})
    candor.sandbox.user(ANA).press("belonging.choose", selected="2")
    shown = str(candor.top_modal(ANA))
    assert "Summary of Payments" in shown
    assert "Summary of Mobile" not in shown


def test_somebody_elses_button_opens_nothing(candor: Candor) -> None:
    released(candor)
    opted_in(candor, "U02", "Engineering / Mobile")
    home(candor, "U02")
    user = candor.sandbox.user("U02")
    for action in ("belonging.looked", "belonging.leave"):
        user.press(action, view=candor.sandbox.workspace.home("U02"), value=ref(ANA))
        assert "belongs to somebody else" in str(candor.top_modal("U02"))
        user.close_modal()
    assert "You count in the summaries of Payments" in home(candor)


def test_looking_at_summaries_one_is_part_of_is_not_written_down(candor: Candor) -> None:
    released(candor)
    with reading(candor.sessions) as session:
        before = ledger.head(session)
    opened(candor)
    candor.sandbox.user(ANA).press("belonging.choose", selected="1")
    with reading(candor.sessions) as session:
        after = ledger.head(session)
    assert before is not None and after is not None
    assert (after.number, after.hash) == (before.number, before.hash)


def test_a_team_that_is_not_shown_looks_as_it_does_to_whoever_manages_it(candor: Candor) -> None:
    staff(candor.sessions, {"Engineering / Mobile": MOBILE, "Engineering / Two": []})
    opted_in(candor, path="Engineering / Two")
    week = first_week(candor.sessions)
    for each in (week - WEEK, week):
        report(candor.sessions, each, [*MOBILE, ANA])
    assert release(candor.sessions, week) is not None
    shown = opened(candor)
    assert "Summary of Two" in shown
    assert NOT_SHOWN in shown
    assert "none that you are part of has been shown" in home(candor)


@pytest.mark.parametrize("office", ["manager", "hr"])
def test_who_comes_to_manage_a_team_or_to_hr_in_mid_season_is_shown_nothing_of_what_they_are_part_of(
    sessions: SessionFactory, office: str
) -> None:
    with running(sessions, hr=frozenset({HR, ANA} if office == "hr" else {HR})) as candor:
        released(candor)
        place(candor, ANA, OFFICE, manages=office == "manager")
        shown = opened(candor)
        assert NOT_SHOWN in shown
        assert "Hours saved, per person" not in shown


def test_after_the_season_home_says_until_when_somebody_counted(candor: Candor) -> None:
    released(candor)
    candor.clock.pass_by(weeks=5)
    assert "You counted in the summaries of Payments, Engineering and the whole company, until 20 Dec." in home(candor)


def test_in_the_next_season_who_did_not_report_counts_in_none(candor: Candor) -> None:
    released(candor)
    next_season(candor)
    assert "You count in no team summary now." in home(candor)
    assert OPEN not in home(candor)


def test_where_the_policy_lets_nobody_look_nothing_is_shown(candor: Candor) -> None:
    released(candor)
    publish_next(candor.sessions, candor.clock(), who_sees={"team_summaries": []}, **AS_SHIPPED)
    shown = home(candor)
    assert "nobody sees team summaries" in shown
    assert OPEN not in shown


def test_summaries_that_nobody_may_open_are_neither_named_nor_shown_to_those_in_them(candor: Candor) -> None:
    released(candor)
    offered = opened(candor)
    publish_next(candor.sessions, candor.clock(), who_sees={"team_summaries": ["managers"]}, **AS_SHIPPED)
    user = candor.sandbox.user(ANA)
    user.press("belonging.choose", selected="0")
    shown = str(candor.top_modal(ANA))
    assert "The whole company" in offered or "the whole company" in offered
    assert "Summary of Payments" in shown and "whole company" not in shown and "belonging.choose" not in shown
    user.close_modal()
    assert "You count in the summary of Payments, until 20 Dec." in home(candor)
    candor.check_in(ANA)
    candor.clock.pass_by(days=MONDAY)
    candor.tick()
    assert "You count in the summary of Payments, until 20 Dec." in candor.digests(ANA)[0].text


def test_who_counts_in_none_that_anybody_may_open_has_no_button(candor: Candor) -> None:
    company(candor)
    place(candor, ANA, "Engineering")
    assert release(candor.sessions, first_week(candor.sessions)) is not None
    assert OPEN in home(candor)
    publish_next(candor.sessions, candor.clock(), who_sees={"team_summaries": ["managers"]}, **AS_SHIPPED)
    shown = home(candor)
    assert OPEN not in shown and "under the policy nobody may open those you are part of" in shown


def test_the_name_of_a_team_is_shown_as_typed_and_pings_nobody(candor: Candor) -> None:
    loud = [f"U3{number}" for number in range(6)]
    staff(candor.sessions, {"<!channel> & co": loud})
    opted_in(candor, path="<!channel> & co")
    week = first_week(candor.sessions)
    for each in (week - WEEK, week):
        report(candor.sessions, each, [*loud, ANA])
    release(candor.sessions, week)
    assert "&lt;!channel&gt; &amp; co" in home(candor)
    assert "<!channel>" not in home(candor)
