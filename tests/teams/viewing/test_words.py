"""A summary in words and blocks: never more exact than what was published, and always something Slack takes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.blocks import modal, section
from bot.checkin.bands import HELPED
from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from bot.teams import words
from bot.teams.blocks import summary_blocks, summary_in_modal, summary_page, summary_table
from bot.teams.cells import Cell
from bot.teams.hours import CAP
from bot.teams.summary import Summary
from bot.teams.viewing import views
from bot.teams.viewing.table import NOTE, as_csv, name_of
from bot.teams.viewing.target import Target
from bot.weeks import WEEK
from storage.directory import SEPARATOR
from storage.viewing import Upper

FIRST = date(2026, 9, 28)
CELL = Cell(3, 0, 2, ("writing", "coding"), True)
FULL = Cell(CAP, CAP, 4, tuple(HELPED), False)
LONGEST = SEPARATOR.join(["<!channel>&*_ " + "W" * 66] * 6)


def summary(*cells: Cell | None, path: str = "Engineering / Payments") -> Summary:
    return Summary(1, 2, path, FIRST, tuple((FIRST + at * WEEK, cell) for at, cell in enumerate(cells)))


@pytest.mark.parametrize(
    ("saved", "rework", "said"),
    [
        (3, 2, "0.5 h"),
        (2, 3, "−0.5 h"),
        (2, 2, "0 h"),
        (3, 0, "between 0.5 and 1.5 h"),
        (0, 3, "between −1.5 and −0.5 h"),
        (0, 0, "between −1 and 1 h"),
        (CAP, 0, "2 h or more"),
        (CAP, 3, "1.5 h or more"),
        (3, CAP, "−1.5 h or less"),
        (0, CAP, "−2 h or less"),
        (CAP, CAP, "cannot be told"),
    ],
)
def test_the_net_is_never_more_exact_than_what_it_is_the_difference_of(saved: int, rework: int, said: str) -> None:
    assert words.net_words(Cell(saved, rework, None, (), True)) == said


def test_every_step_has_words_and_none_is_below_one_hour_but_the_first() -> None:
    said = [words.saved_words(Cell(step, 0, None, (), True)) for step in (0, 2, 3, 4, 5, 6)]
    assert said == ["less than 1 h", "1 h", "1.5 h", "2 h", "2.5 h", "3 h or more"]


def test_the_notes_name_the_lowest_and_the_highest_step_as_the_figures_do() -> None:
    for note in (words.ROUNDED, words.CHART_NOTE):
        assert "“3 h or more”" in note and "ess than 1 h”" in note
    assert "is drawn at 0.5, “3 h or more” at 3." in words.CHART_NOTE


def test_shares_are_bands_and_never_counts() -> None:
    said = [words.helped_words(Cell(0, 0, band, (), True)) for band in range(5)]
    assert said == ["up to 20 %", "20 to 40 %", "40 to 60 %", "60 to 80 %", "80 % or more"]
    assert words.helped_words(Cell(0, 0, None, (), True)) == "not shown"
    assert ("Any time saved", "for 60 to 80 % of those who count", words.ABOUT_HELPED) in words.figures(
        Cell(0, 0, 3, (), True)
    )


def test_what_it_helped_with_is_in_the_order_of_the_form_whatever_was_ticked_most() -> None:
    assert words.category_words(CELL) == "writing, coding"
    assert words.category_words(Cell(3, 0, 2, (), True)) == words.NO_CATEGORY


def test_each_figure_stands_beside_what_to_keep_in_mind() -> None:
    said = str(summary_blocks(summary(CELL)))
    for _, figure, caveat in words.figures(CELL):
        assert f"*{figure}*\\n_{caveat}_" in said


def test_the_season_says_its_last_day() -> None:
    assert words.season_words(summary()) == "28 Sep – 20 Dec 2026"
    assert FIRST + 12 * WEEK - timedelta(days=1) == date(2026, 12, 20)


def test_a_season_over_the_turn_of_the_year_says_both_years() -> None:
    over = replace(summary(), first_week=date(2026, 12, 14))
    assert words.season_words(over) == "14 Dec 2026 – 7 Mar 2027"


def test_the_chart_leaves_out_weeks_that_are_not_shown() -> None:
    (chart,) = [each for each in summary_blocks(summary(CELL, None, FULL)) if each["type"] == "data_visualization"]
    assert chart["chart"]["axis_config"]["categories"] == ["28 Sep", "12 Oct"]
    assert [[point["value"] for point in line["data"]] for line in chart["chart"]["series"]] == [[1.5, 3.0], [0.5, 3.0]]


@pytest.mark.parametrize("blocks_of", [summary_blocks, summary_page, summary_in_modal])
def test_a_summary_without_any_week_shown_is_the_one_sentence_and_nothing_to_ask(blocks_of: Any) -> None:
    assert words.NOT_SHOWN.endswith("It is not something to ask anybody about.")
    for weeks in ((), (None,), (None, None)):
        blocks = blocks_of(summary(*weeks, path="Payments"))
        assert [each["text"]["text"] for each in blocks] == ["Summary of Payments", words.NOT_SHOWN]


def test_a_newest_week_that_is_not_shown_leaves_the_season_where_it_is() -> None:
    newest_not_shown = summary_blocks(summary(CELL, None))
    assert words.NOT_SHOWN in str(newest_not_shown) and "data_visualization" in str(newest_not_shown)


def test_the_words_are_the_same_in_a_message_in_home_and_in_a_modal() -> None:
    shown = summary(CELL, None, FULL)
    (in_message, at_home, in_modal) = (each(shown) for each in (summary_blocks, summary_page, summary_in_modal))
    before, after = in_message.index(section(words.SEASON_TITLE)) + 1, -3
    for other in (at_home, in_modal):
        assert other[:before] == in_message[:before] and other[after:] == in_message[after:]
    assert at_home[before:after] == [summary_table(shown)]


def test_the_season_stands_before_the_questions_and_says_why_it_ends_two_weeks_ago() -> None:
    for blocks in (summary_blocks(summary(CELL, FULL)), summary_page(summary(CELL, FULL))):
        said = str(blocks)
        order = [words.PUBLISHED, words.SEASON_TITLE[1:-1], "What you could do with this"]
        assert sorted(order, key=said.index) == order and all(said.count(each) == 1 for each in order)


def test_an_opened_message_names_the_newest_week_and_says_that_it_may_be_older() -> None:
    message = views.opened(summary(FULL, CELL), Target(1, 2), "U0BOSS")
    assert "*The newest week published: 5–11 Oct*" in message.text and views.NEWEST in message.text


def test_the_text_rows_of_a_modal_say_what_the_table_says_of_the_weeks_before_the_newest() -> None:
    shown = summary(CELL, None, FULL, CELL)
    rows = [[cell["text"] for cell in row] for row in summary_table(shown)["rows"][1:]]
    blocks = summary_in_modal(shown)
    first = blocks.index(section(words.SEASON_TITLE)) + 1
    newest_first = [block["text"]["text"] for block in blocks[first:-3]]
    assert len(newest_first) == 3 and newest_first[1] == "*5–11 Oct*: not shown"
    for text, row in ((newest_first[2], rows[0]), (newest_first[0], rows[2])):
        assert text.startswith(f"*{row[0]}*") and all(cell in text for cell in row)


@pytest.mark.parametrize("path", ["", "Payments", LONGEST])
@pytest.mark.parametrize("weeks", [(), (None,), (CELL,), (FULL,) * 12, (CELL, None) * 6])
def test_slack_takes_every_summary_wherever_it_is_shown(path: str, weeks: Any) -> None:
    shown, target = summary(*weeks, path=path), Target(1, 2)
    message = views.opened(shown, target, "U0BOSS")
    check_message(text=message.text, blocks=message.blocks, attachments=[], metadata=None)
    check_view(views.page(shown, target, "U0BOSS"), expected="home")
    check_view(modal("any", "Summaries", summary_in_modal(shown)), expected="modal")


def test_a_name_that_looks_like_markup_stays_as_hr_wrote_it() -> None:
    message = views.opened(summary(CELL, path="A / <!channel>"), Target(1, 2), "U0BOSS")
    assert "<!channel>" not in message.text and "&lt;!channel&gt;" in message.text
    sections = [block for block in message.blocks if block["type"] in ("section", "context")]
    assert "<!channel>" not in str(sections)


def test_hr_can_be_offered_a_hundred_teams_with_the_longest_names() -> None:
    teams = [Upper(number, LONGEST) for number in range(100)]
    check_view(views.choose_form("U0HR", 1, teams), expected="modal")
    check_view(views.find_form("U0HR"), expected="modal")


def test_each_row_of_the_file_says_what_it_is_not_and_its_name_the_newest_week() -> None:
    header, *lines = as_csv(summary(CELL, None)).decode("utf-8-sig").splitlines()
    assert header.endswith(",Note") and len(lines) == 2 and all(line.endswith(f",{NOTE}") for line in lines)
    assert NOTE == "Average of what people chose to report; not a measure of performance"
    assert name_of(summary(CELL, None)) == "team-summary-2026-10-05.csv"
    assert name_of(summary()) == "team-summary.csv"


def test_no_cell_of_the_file_is_a_formula() -> None:
    text = as_csv(summary(CELL, path="=SUM(A1)")).decode("utf-8-sig")
    assert "\n'=SUM(A1)," in text.replace("\r", "")


def test_no_word_praises_compares_or_counts_people() -> None:
    said = " ".join(value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)).lower()
    for word in (
        "great",
        "well done",
        "best",
        "better",
        "top ",
        "rank",
        "score",
        "target",
        "trend",
        "improve",
        "productiv",
    ):
        assert word not in said, word
