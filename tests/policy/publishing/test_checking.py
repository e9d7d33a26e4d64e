"""`candor policy check`: what is worth a second look, with its line."""

from pathlib import Path

import pytest

from bot.policy.checking import check
from bot.policy.document import parse_policy, read_policy
from bot.policy.numbers import counts
from bot.settings import Settings
from tests.policy.publishing.acts import TEXT

GOOD = TEXT.format(effective="2026-11-18", usage=26, tools="[cursor]", why="Nothing.", more="")


def looks(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.said) for each in check(parse_policy(text.encode(), "policy.md"))]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def of(text: str, words: str) -> tuple[int, str]:
    """The one warning that says these words."""
    (found,) = [each for each in looks(text) if words in each[1]]
    return found


def test_the_shipped_sample_has_nothing_that_is_worth_a_look() -> None:
    sample: Path = Settings.model_fields["policy"].default
    assert check(read_policy(sample)) == []


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("All goes after 26 weeks.", "{retention_weeks.usage}"),
        ("All goes after twenty-six weeks.", "{retention_weeks.usage}"),
        ("All goes after six months.", "{retention_weeks.usage}"),
        ("All goes after 26 full weeks.", "{retention_weeks.usage}"),
        ("Two years is how long the ledger is.", "{retention_weeks.ledger}"),
        ("A 12-week rhythm.", "{pulse_weeks}"),
        ("Never fewer than five people.", "{smallest_group}"),
        ("Never fewer than 5 or more other colleagues.", "{smallest_group}"),
        ("From ten answers on.", "{smallest_group_comments}"),
        ("You hear of it 14 days before.", "{notice_days}"),
        ("It comes at 9:00.", "{hours.digest}"),
        ("It comes at 10 am.", "{hours.invitations}"),
        ("It comes at 10 o’clock.", "{hours.invitations}"),
        ("All goes after 182 days.", "{retention_weeks.usage}"),
        ("All goes after half a year.", "{retention_weeks.usage}"),
        ("All goes after two quarters.", "{retention_weeks.usage}"),
        ("All goes after 26 wks.", "{retention_weeks.usage}"),
        ("All goes after 26 (twenty-six) weeks.", "{retention_weeks.usage}"),
        ("Weeks of usage kept: 26", "{retention_weeks.usage}"),
        ("The ledger stays for 2 yrs.", "{retention_weeks.ledger}"),
        ("Groups of fewer than five are never shown.", "{smallest_group}"),
        ("You hear of it a fortnight before.", "{notice_days}"),
        ("Two weeks before.", "{notice_days}"),
    ],
)
def test_a_number_that_looks_like_a_term_is_pointed_out_with_the_placeholder(said: str, term: str) -> None:
    text = GOOD.replace("Performance reviews", f"{said} Performance reviews")
    line, warning = of(text, "looks like")
    assert term in warning
    assert line == line_of(text, said)


def test_a_number_that_contradicts_the_terms_is_pointed_out_as_well() -> None:
    assert "none of the terms" in of(GOOD.replace("Performance", "30 weeks. Performance"), "30 weeks")[1]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("We keep usage for 365 days.", "365 days"),
        ("Usage is deleted after 1 year.", "1 year"),
        ("Usage is kept a year.", "a year"),
        ("Usage is deleted after a fortnight.", "a fortnight"),
        ("A pulse comes monthly.", "monthly"),
        ("A pulse comes every quarter.", "every quarter"),
        ("A pulse comes quarterly.", "quarterly"),
        ("Never fewer than three.", "fewer than three"),
        ("Your message comes at noon.", "at noon"),
        ("| Kind | Weeks |\n|---|---|\n| All of it | 52 |", "52 weeks"),
        ("| All of it (weeks) | **52** |\n|---|---|", "52 weeks"),
        ("| Usage | 52 |", "52 weeks"),
    ],
)
def test_other_ways_to_contradict_the_terms_are_pointed_out_once_at_their_line(said: str, words: str) -> None:
    text = GOOD.replace("Performance", f"{said}\n\nPerformance")
    line, warning = of(text, "none of the terms")
    assert f"“{words}”" in warning
    assert line == line_of(text, said.split("\n")[-1] if "All of it | 52" in said else said.split("\n")[0])


@pytest.mark.parametrize(
    "said",
    [
        "One person, one message a week.",
        "Version 26 of 2026.",
        "On 2026-09-26.",
        "Within 30 days.",
        "About 3.5 weeks.",
        "ISO 27560:2023, section 5.",
        "<!-- after 26 weeks -->",
        "{retention_weeks.usage} weeks and {smallest_group} people.",
        "You get an answer within a month, every year.",
        "One message a week, and a quarter of an hour.",
        "```\nkept for 52 weeks, fewer than three\n```",
        "    kept for 52 weeks",
        "Fewer than 20 minutes.",
        "| Tool | Fields |\n|---|---|\n| Cursor | 12 |",
        "| Kind | Weeks |\n|---|---|\n| All | {retention_weeks.usage} |",
    ],
)
def test_numbers_that_mean_something_else_are_left_alone(said: str) -> None:
    text = GOOD.replace("Performance reviews", f"{said}\n\nPerformance reviews")
    assert [each for each in looks(text) if "looks like" in each[1] or "none of the terms" in each[1]] == []


def test_a_term_that_nothing_mentions_is_pointed_out_at_its_line() -> None:
    line, _ = of(GOOD, "pulse_weeks: no clause and no placeholder mentions this term.")
    assert line == line_of(GOOD, "pulse_weeks: 12")
    told = GOOD.replace("Performance", "It comes every {pulse_weeks} weeks. Performance")
    assert not [each for each in looks(told) if each[1].startswith("pulse_weeks")]


def test_a_clause_that_says_not_who_keeps_it_is_pointed_out_unless_it_is_only_a_heading() -> None:
    text = GOOD.replace("<!-- promise -->\n", "").replace("# What it is", "# Part two\n\n## What it is")
    line, said = of(text, "neither enforced nor a promise")
    assert line == line_of(text, "## What it is never used for")
    assert "Part two" not in said


def test_a_misspelt_word_in_a_comment_is_pointed_out_with_the_likely_one() -> None:
    text = GOOD.replace("<!-- promise -->", "<!-- promise -->\n<!-- question\nCan I?\n-->")
    assert of(text, "did you mean questions?")[0] == line_of(text, "<!-- question")
    assert not [each for each in looks(GOOD + "<!-- a note to ourselves -->\n") if "did you mean" in each[1]]


def test_a_heading_that_stands_twice_and_a_policy_that_names_nobody_to_write_to() -> None:
    text = GOOD.replace(" Write to {contact}.", "") + "\n# How long it is kept\n<!-- promise -->\nAgain.\n"
    assert of(text, "a heading twice")[0] == line_of(text, "Again.") - 2
    assert of(text, "whom to write to")[0] == line_of(text, "contact:")


def test_line_numbers_are_right_with_other_line_ends_and_a_byte_order_mark() -> None:
    text = GOOD.replace("Performance reviews", "After 26 weeks. Performance reviews")
    assert looks("\ufeff" + text.replace("\n", "\r\n")) == looks(text)


def test_numbers_are_read_in_digits_and_words() -> None:
    values = [
        found.value for found in counts("26 weeks, twenty six weeks, forty-two days, a dozen people, 7 pm, 12 am")
    ]
    assert values == [26, 26, 42, 12, 19, 0]


def test_paragraphs_that_are_broken_into_lines_are_pointed_out_once_with_the_first() -> None:
    text = GOOD + "\nThis one is broken\ninto lines.\n\n- and so\n  is this\n"
    line, said = of(text, "broken into lines")
    assert line == line_of(text, "This one is broken")
    assert "one line for each paragraph" in said


@pytest.mark.parametrize("said", ["- one\n- two", "| a | b |\n|---|---|\n| c | d |", "one  \ntwo", "```\na\nb\n```"])
def test_lists_tables_code_and_wanted_breaks_are_no_broken_paragraphs(said: str) -> None:
    assert not [each for each in looks(f"{GOOD}\n<!-- a note -->\n{said}\n") if "broken into lines" in each[1]]
