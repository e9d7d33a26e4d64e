"""Who asks: what is held about them, to them alone; and which version holds for them."""

from datetime import date, timedelta

from bot.policy.asking import words
from bot.policy.asking.library import open_book
from tests.candor import START, Candor
from tests.policy.asking.world import ELSE, USAGE, ask, in_force, issue, quotes_in, words_in
from tests.rows import add_usage, whole_week

KEPT = "How long do you keep my figures?"
ABOUT_ME = "What do you know about me?"
MONDAY = date(2026, 11, 16)


def test_two_people_bound_by_different_versions_are_each_told_which_one_holds(candor: Candor) -> None:
    for user_id in ("U01", "U02", "U03"):
        candor.join(user_id)
    older = issue(candor, weeks=12)
    candor.opt_in("U01", "cursor")
    newer = issue(candor, weeks=52)
    candor.opt_in("U02", "cursor")

    bound, free, outside = (ask(candor, user_id, KEPT) for user_id in ("U01", "U02", "U03"))
    in_force_one, own = quotes_in(bound.blocks)
    assert "52 weeks" in in_force_one and in_force_one in newer.text
    assert "12 weeks" in own and own in older.text
    assert "For you version 2 holds here" in bound.text
    assert "Weeks that usage is kept: 12, not 52" in bound.text
    assert own in bound.text
    for other in (free, outside):
        assert quotes_in(other.blocks) == [in_force_one]
        assert "For you" not in other.text


def test_agreeing_again_ends_the_older_terms(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=12)
    candor.opt_in("U01", "cursor")
    issue(candor, weeks=52)
    assert "12 weeks" in ask(candor, "U01", KEPT).text
    candor.opt_in("U01", "cursor")
    assert "12 weeks" not in ask(candor, "U01", KEPT).text


def test_of_several_versions_the_one_with_the_strictest_term_is_quoted(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    candor.opt_in("U01", "cursor")
    strictest = issue(candor, weeks=8)
    issue(candor, weeks=52)
    answer = ask(candor, "U01", KEPT)
    assert "For you version 3 holds here" in answer.text
    assert quotes_in(answer.blocks)[1] in strictest.text
    assert "8 weeks" in quotes_in(answer.blocks)[1]


def test_who_agreed_to_a_coming_stricter_version_is_told_that_it_holds_already(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=25)
    coming = issue(candor, weeks=10, effective=date(2026, 12, 18))
    candor.opt_in("U01", "cursor")
    answer = ask(candor, "U01", KEPT)
    assert "For you version 3 holds here" in answer.text
    assert "You agreed to it already" in answer.text
    assert quotes_in(answer.blocks)[1] in coming.text


def test_another_clause_says_nothing_of_terms_that_are_not_behind_it(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=12)
    candor.opt_in("U01", "cursor")
    issue(candor, weeks=52)
    answer = ask(candor, "U01", "Can my manager see my figures?")
    assert len(quotes_in(answer.blocks)) == 1
    assert "For you" not in answer.text


def test_an_older_version_without_such_a_clause_is_named_without_a_passage(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=12, body=ELSE)
    candor.opt_in("U01", "cursor")
    issue(candor, weeks=52, body=USAGE + ELSE)
    answer = ask(candor, "U01", KEPT)
    assert "Weeks that usage is kept: 12, not 52" in answer.text
    assert len(quotes_in(answer.blocks)) == 1


def test_a_version_from_before_clauses_were_kept_answers_and_is_found_by_its_heading(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=12)
    with candor.sessions.begin() as session:
        policy = session.merge(in_force(candor))
        policy.clauses, policy.source = [], None
    candor.opt_in("U01", "cursor")
    assert "12 weeks" in ask(candor, "U01", "How long do figures stay until they are deleted?").text
    issue(candor, weeks=52)
    answer = ask(candor, "U01", KEPT)
    assert "For you version 2 holds here" in answer.text
    assert "12 weeks" in quotes_in(answer.blocks)[1]


def holding(candor: Candor, *, private: bool = False) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code", private=private)
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(MONDAY), sessions=987)
    candor.check_in("U01", note="mark-of-u01")


def test_about_me_is_answered_with_what_is_held_now_in_counts_and_no_figure(candor: Candor) -> None:
    holding(candor)
    answer = ask(candor, "U01", ABOUT_ME)
    said = words_in(answer.blocks)
    for shown in (said, answer.text):
        assert "7 usage days, the oldest of 16 Nov 2026. It goes on 24 May 2027." in shown
        assert "1 check-in, of the week of 9 Nov 2026" in shown
        assert "Your consent to version 1" in shown
        assert "987" not in shown
        assert "mark-of-u01" not in shown


def test_the_day_on_which_it_goes_is_by_the_asker_s_own_terms_and_it_does_go_then(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=2, body=USAGE + ELSE)
    candor.opt_in("U01", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(MONDAY), sessions=987)
    issue(candor, weeks=52)
    assert "It goes on 7 Dec 2026." in ask(candor, "U01", ABOUT_ME).text
    candor.tick_at(START.replace(month=12, day=6))
    assert "the oldest of 16 Nov 2026" in ask(candor, "U01", ABOUT_ME).text
    candor.tick_at(START.replace(month=12, day=7))
    assert "16 Nov 2026" not in ask(candor, "U01", ABOUT_ME).text


def test_who_wants_no_figures_in_messages_gets_a_button_and_the_counts_in_a_modal(candor: Candor) -> None:
    holding(candor, private=True)
    answer = ask(candor, "U01", ABOUT_ME)
    for shown in (words_in(answer.blocks), answer.text):
        assert "usage days" not in shown
        assert "check-in, of" not in shown
        assert words.PRIVATE in shown
    user = candor.sandbox.user("U01")
    user.press("held.open", message=answer)
    assert candor.top_modal("U01")["title"]["text"] == "What we hold"
    user.close_modal()
    user.command("/candor", f"ask {ABOUT_ME}")
    assert "7 usage days" in words_in(candor.top_modal("U01"))


def test_who_has_not_opted_in_is_told_what_is_held_of_everybody(candor: Candor) -> None:
    candor.join("U01")
    answer = ask(candor, "U01", ABOUT_ME)
    assert "You have not opted in, so nothing of your use is held" in answer.text
    assert "the Slack id" in words_in(answer.blocks)


def test_nobody_else_is_shown_what_is_held_of_somebody(candor: Candor) -> None:
    holding(candor)
    candor.join("U02")
    candor.opt_in("U02")
    assert "usage days" not in ask(candor, "U02", ABOUT_ME).text


def test_a_message_with_counts_goes_when_the_person_opts_out(candor: Candor) -> None:
    holding(candor)
    answer = ask(candor, "U01", ABOUT_ME)
    user = candor.sandbox.user("U01")
    user.say("stop")
    user.press("held.erase_now")
    assert answer.deleted
    assert "7 usage days" not in "".join(message.text for message in candor.dms("U01"))


def test_the_engine_knows_what_is_asked_about_oneself(candor: Candor) -> None:
    book = open_book(in_force(candor))
    assert book.index.ask(ABOUT_ME).about_me
    assert not book.index.ask("Who is responsible for this policy?").about_me


def test_a_question_years_later_is_answered_by_the_same_words(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=12)
    first = quotes_in(ask(candor, "U01", KEPT).blocks)
    candor.clock.pass_by(days=400)
    assert quotes_in(ask(candor, "U01", KEPT).blocks) == first
    assert candor.clock() - START > timedelta(days=399)


def test_the_day_on_which_it_goes_takes_a_version_into_account_that_is_still_to_take_effect(candor: Candor) -> None:
    holding(candor)
    issue(candor, weeks=3, effective=date(2026, 12, 18))
    assert "7 usage days, the oldest of 16 Nov 2026. It goes on 18 Dec 2026." in ask(candor, "U01", ABOUT_ME).text
    candor.tick_at(START.replace(month=12, day=17))
    assert "7 usage days" in ask(candor, "U01", ABOUT_ME).text
    candor.tick_at(START.replace(month=12, day=18))
    assert "usage days" not in ask(candor, "U01", ABOUT_ME).text


def test_a_coming_version_that_keeps_longer_puts_nothing_off(candor: Candor) -> None:
    holding(candor)
    issue(candor, weeks=52, effective=date(2026, 12, 18))
    assert "7 usage days, the oldest of 16 Nov 2026. It goes on 24 May 2027." in ask(candor, "U01", ABOUT_ME).text


def test_answers_with_counts_are_said_to_be_among_what_is_counted(candor: Candor) -> None:
    holding(candor)
    ask(candor, "U01", ABOUT_ME)
    assert "1 message or file in Slack with your figures" in (said := ask(candor, "U01", ABOUT_ME).text)
    assert "Answers with such counts, in the direct message, are among them." in said
