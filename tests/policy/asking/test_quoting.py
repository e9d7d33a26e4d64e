"""What an answer quotes: pieces of the published text as they stand, with where they are from and who keeps them."""

import pytest

from bot.policy.asking import words
from tests.candor import Candor
from tests.policy.asking.world import USAGE, ask, authors_questions, in_force, issue, quotes_in, said_of, words_in

KEPT = "How long do you keep my figures?"


def test_every_quote_is_byte_for_byte_a_piece_of_the_published_text(candor: Candor) -> None:
    candor.join("U01")
    policy = in_force(candor)
    questions = authors_questions(policy)
    quoted = 0
    for question in questions:
        candor.clock.pass_by(seconds=10)
        quotes = quotes_in(ask(candor, "U01", question).blocks)
        assert quotes == [passage.quote for passage in said_of(policy, question).passages], question
        assert all(quote.encode() in policy.text.encode() for quote in quotes), question
        quoted += bool(quotes)
    assert quoted > 0.9 * len(questions) > 20


def test_an_answer_names_its_heading_its_version_and_who_keeps_it(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    answer = ask(candor, "U01", KEPT)
    (quote,) = quotes_in(answer.blocks)
    assert quote.startswith("Figures of use are deleted after 20 weeks.")
    for said in (words_in(answer.blocks), answer.text):
        assert "How long figures stay" in said
        assert "Version 2, in force since 18 Nov 2026" in said
        assert "The program keeps this: Weeks that usage is kept: 20. The rest people keep." in said
    assert quote in answer.text


def test_a_promise_is_said_to_be_one_that_only_people_keep(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    answer = ask(candor, "U01", "Are my figures used in a performance review?")
    assert words.KEEPERS["people"] in answer.text
    assert "The program keeps" not in answer.text


def test_html_links_and_mentions_in_the_policy_are_quoted_as_they_stand_and_ping_nobody(candor: Candor) -> None:
    candor.join("U01")
    hostile = "Figures <b>stay</b> with <!channel> and <@U0HR> & [you](https://example.com), *always* &amp; `never`."
    issue(candor, weeks=20, body=f"# How <!here> figures *stay*\n\n{hostile}\n")
    answer = ask(candor, "U01", "Do figures always stay with you?")
    assert quotes_in(answer.blocks) == [hostile]
    assert not answer.pings
    assert "<!channel>" not in answer.text


def test_a_passage_that_is_longer_than_slack_takes_is_cut_and_still_a_piece_of_the_text(candor: Candor) -> None:
    candor.join("U01")
    long = "Figures & numbers are kept " + "for a long time & longer " * 400 + "until they go."
    policy = issue(candor, weeks=20, body=f"# How long figures are kept\n\n{long}\n")
    answer = ask(candor, "U01", "How long are figures and numbers kept?")
    (quote,) = quotes_in(answer.blocks)
    assert len(quote) > 500
    assert quote in policy.text
    assert len(answer.text) <= 4000
    assert "goes on in the policy" in words_in(answer.blocks)


def test_a_heading_that_stands_twice_is_quoted_from_the_right_one(candor: Candor) -> None:
    candor.join("U01")
    body = "# Kept\n\nUsage figures go after a year.\n\n# Kept\n\nComments of a survey go after a month.\n"
    issue(candor, weeks=20, body=body)
    answer = ask(candor, "U01", "When do comments of a survey go?")
    assert quotes_in(answer.blocks) == ["Comments of a survey go after a month."]
    event = answer.metadata
    assert event == {"event_type": "candor_answer", "event_payload": {"version": 2, "clause": 1}}


def test_an_answer_comes_from_the_version_in_force_and_says_that_another_is_coming(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=25)
    later = candor.clock().date().replace(month=12)
    issue(candor, weeks=40, effective=later)
    answer = ask(candor, "U01", KEPT)
    assert "25 weeks" in answer.text
    assert "Version 3 is published and takes effect on 18 Dec 2026" in words_in(answer.blocks)
    candor.clock.pass_by(days=31)
    assert "40 weeks" in ask(candor, "U01", KEPT).text


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("retention_weeks.usage", "The program keeps this: Weeks that usage is kept: 20. The rest people keep."),
        (
            "retention_weeks",
            "; 3 more under “What the machine keeps”. The rest people keep.",
        ),
        ("retention_weeks.ledger", "The program keeps this: Weeks that it is kept who looked at a summary: 104."),
        ("who_sees.team_summaries", "The program keeps this: Who sees team summaries: HR."),
        (
            "tools",
            "The program keeps this: Tools: Claude Code, GitHub Copilot, Cursor and ChatGPT; Fields kept of",
        ),
    ],
)
def test_a_clause_says_which_values_the_program_keeps(candor: Candor, terms: str, said: str) -> None:
    candor.join("U01")
    issue(candor, weeks=20, body=USAGE.replace("retention_weeks.usage -->", f"{terms} -->"))
    answer = ask(candor, "U01", KEPT)
    assert said in answer.text
    assert said in words_in(answer.blocks)


ANYTHING = (
    "🎉🎉🎉", "?!…", "\u202etsop\u202c my figures", "\u200b", "كم من الوقت تحتفظون ببياناتي؟", "`code` *bold* > quote",
    "<b>", "figures " * 700, "a" * 5000, "How long?\n\n\nHow long?\n- and why",
)  # fmt: skip


@pytest.mark.parametrize("typed", ANYTHING)
def test_whatever_is_typed_gets_one_answer_that_quotes_the_policy_or_nothing(candor: Candor, typed: str) -> None:
    candor.join("U01")
    policy = issue(candor, weeks=20)
    answer = ask(candor, "U01", typed)
    assert all(quote in policy.text for quote in quotes_in(answer.blocks))
    assert bool(quotes_in(answer.blocks)) == (answer.metadata is not None)
    assert ("(Version 2, in force since" in answer.text) == bool(quotes_in(answer.blocks))
    assert not answer.pings
