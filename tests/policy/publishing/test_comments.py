"""Comments that are closed in the wrong place, or nowhere: what they swallow is said, and is never an answer."""

import pytest

from bot.errors import PolicyFault
from bot.policy.document import parse_policy
from bot.policy.draft import read_draft
from tests.policy.drafts import BODY, file

OPEN = "# Who sees it\n<!-- questions\nCan you see it?\n"


def fault(body: str) -> str:
    with pytest.raises(PolicyFault) as found:
        parse_policy(file(body).encode(), "policy.md")
    return str(found.value)


def line_of(body: str, words: str) -> int:
    return next(number for number, line in enumerate(file(body).split("\n"), 1) if words in line)


@pytest.mark.parametrize(
    ("rest", "swallowed"),
    [
        ("\nOnly you.\n\n# Old\n<!-- promise -->\n\nGone.\n", "swallows the heading “Old”"),
        ("\nOnly you see it.\n-->\n", "swallows the text “Only you see it.”"),
        ("\n- you\n-->\n", "swallows the text “- you”"),
        ("Only you.\n<!-- promise -->\n", "swallows another comment"),
    ],
)
def test_a_comment_that_swallows_something_is_a_fault_with_its_line_and_the_mend(rest: str, swallowed: str) -> None:
    body = BODY + OPEN + rest
    said = fault(body)
    assert f"policy.md, line {line_of(body, '<!-- questions')}: this comment {swallowed}: close it with -->" in said


def test_every_such_comment_is_named_at_once() -> None:
    body = BODY + OPEN + "\nOnly you.\n-->\n\n" + OPEN.replace("Who", "What") + "\n# B\n-->\nText.\n\n<!-- never"
    said = fault(body).split("\n")
    assert [line.split(": ", 1)[1][:30] for line in said] == [
        "this comment swallows the text",
        "this comment swallows the head",
        "a comment <!-- is never closed",
    ]


def test_a_list_of_questions_with_empty_lines_and_short_ones_is_none() -> None:
    body = BODY + OPEN + "\nWho else?\n\nWhen\nCan I #ask you?\n-->\n\nOnly you.\n"
    assert parse_policy(file(body).encode(), "policy.md").clauses[-1].questions == (
        "Can you see it?", "Who else?", "When", "Can I #ask you?",
    )  # fmt: skip


def test_an_unclosed_comment_is_a_warning_in_rehearsal_and_never_an_answer() -> None:
    found = read_draft((OPEN + "\nOnly you.\n\n# Next\n<!-- promise\n\nNobody else.\n").encode(), "draft.md")
    assert any("draft.md, line 2: a comment <!-- is never closed" in warning for warning in found.warnings)
    assert [(each.heading, each.text) for each in found.sections] == [
        ("Who sees it", "Only you."),
        ("Next", "Nobody else."),
    ]
    assert found.sections[0].questions == ("Can you see it?",)


def test_a_swallowed_heading_is_a_warning_in_rehearsal_also_without_front_matter() -> None:
    found = read_draft((OPEN + "\n# Next\n<!-- promise -->\n\nNobody else.\n").encode(), "draft.md")
    assert any("draft.md, line 2: this comment swallows the heading “Next”" in warning for warning in found.warnings)


def test_many_unclosed_comments_are_read_in_no_time() -> None:
    body = "# A\n\n" + "<!-- questions\n" * 60_000
    assert [each.text for each in read_draft(body.encode(), "draft.md").sections] == [""]
