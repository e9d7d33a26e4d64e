"""What changed between two texts, as people read it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.publishing.difference import ClauseChange, difference
from bot.policy.publishing.sentences import sentences

OLD = """# How long

Usage is kept for 26 weeks. Then it is deleted. Nobody can look at it after that.

# Who sees it

You do. Nobody else does.

# Old

This clause will go.
"""


def only(old: str, new: str) -> ClauseChange:
    (change,) = difference(old, new)
    return change


def said(change: ClauseChange, kind: str) -> list[str]:
    return [piece.text for piece in change.pieces if piece.kind == kind]


def test_a_changed_number_is_shown_in_its_sentence() -> None:
    change = only(OLD, OLD.replace("26 weeks", "12 weeks"))
    assert (change.heading, change.kind) == ("How long", "changed")
    assert (said(change, "removed"), said(change, "added")) == (["26"], ["12"])


def test_a_new_sentence_a_removed_one_and_sentences_far_from_them() -> None:
    change = only(OLD, OLD.replace("Then it is deleted.", "Copies go as well, and we say when."))
    assert said(change, "removed") == ["Then it is deleted."]
    assert said(change, "added") == ["Copies go as well, and we say when."]


def test_clauses_that_come_and_go_are_shown_whole_where_they_stood() -> None:
    new = OLD.replace("# Old\n\nThis clause will go.\n", "# New\n\nSomething else altogether stands here now.\n")
    removed, added = sorted(difference(OLD, new), key=lambda change: change.kind == "added")
    assert (removed.heading, removed.kind, added.heading, added.kind) == ("Old", "removed", "New", "added")


def test_a_clause_under_another_heading_is_the_same_clause() -> None:
    change = only(OLD, OLD.replace("# Who sees it", "# Who can look"))
    assert (change.heading, change.old_heading, change.pieces) == ("Who can look", "Who sees it", ())


def test_wrapping_lines_differently_is_no_change() -> None:
    assert difference(OLD, OLD.replace("26 weeks. Then", "26\nweeks.\nThen")) == []


def test_two_clauses_of_one_heading_are_compared_in_their_order() -> None:
    old = "# A\n\nFirst one here.\n\n# A\n\nSecond one here.\n"
    change = only(old, old.replace("Second", "Third"))
    assert said(change, "added") == ["Third"]


def test_list_items_are_sentences_of_their_own() -> None:
    assert [each.text for each in sentences("Only:\n\n- your own\n  rows; and\n- nothing else")] == [
        "Only:",
        "• your own rows; and",
        "• nothing else",
    ]


TEXTS = st.lists(st.sampled_from(["# A", "# B", "## C", "One two three.", "Four five.", "- six", "", "```", "Ünï <b>"]))


@given(TEXTS, TEXTS)
def test_every_word_of_both_texts_is_accounted_for(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    assert difference(before, before) == []
    for change in difference(before, after):
        kinds = {piece.kind for piece in change.pieces}
        if change.kind == "added":
            assert kinds <= {"added"}
        if change.kind == "removed":
            assert kinds <= {"removed"}
        for text in said(change, "added"):
            assert all(word in after for word in text.removeprefix("• ").split())
        for text in said(change, "removed"):
            assert all(word in before for word in text.removeprefix("• ").split())
