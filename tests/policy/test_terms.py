"""Terms: short forms, what is stored, and their names and words."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.policy.terms import Terms, flat, in_words, joined, names, stored_terms
from bot.usage.catalogue import TOOLS
from tests.policy.drafts import KINDS, TERMS


def test_what_the_first_versions_left_unsaid_is_filled_in() -> None:
    terms = stored_terms({"tools": ["cursor"], "retention_weeks": 12})
    assert terms.tools == {"cursor": tuple(field.column for field in TOOLS["cursor"].fields)}
    assert dict(terms.retention_weeks) == dict.fromkeys(KINDS, 12)
    assert (terms.smallest_group, terms.smallest_group_comments, terms.pulse_weeks) == (5, 10, 12)
    assert (terms.hours.digest, terms.hours.invitations) == (9, 10)
    assert terms.who_sees.usage == terms.who_sees.check_ins == ("person",)


def test_stored_terms_come_back_as_they_were() -> None:
    terms = Terms.model_validate(TERMS)
    assert stored_terms(terms.model_dump(mode="json")) == terms


def test_every_term_has_a_name_of_its_own_that_a_clause_may_give_and_so_has_every_group() -> None:
    every = flat(Terms.model_validate({**TERMS, "tools": list(TOOLS)}))
    assert set(every) | {"retention_weeks", "who_sees", "hours"} == set(names())
    assert len(every) == 1 + len(TOOLS) + len(KINDS) + 2 + 4 + 1 + 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tools", "Claude Code, Cursor and ChatGPT"),
        ("tools.chatgpt", "messages you sent, used, credits and kind of credits"),
        ("retention_weeks.usage", "26"),
        ("smallest_group", "5"),
        ("who_sees.usage", "you"),
        ("who_sees.team_summaries", "managers, leaders and HR"),
        ("who_sees.pulse_results", "everyone"),
        ("hours.digest", "09:00"),
    ],
)
def test_a_term_is_said_in_words(name: str, words: str) -> None:
    assert in_words(name, flat(Terms.model_validate(TERMS))[name]) == words


def test_a_list_of_nothing_is_nobody() -> None:
    assert in_words("who_sees.team_summaries", ()) == "nobody"
    assert (joined([]), joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])) == (
        "",
        "a",
        "a and b",
        "a, b and c",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"smallest_group": 3},
        {"smallest_group": True},
        {"smallest_group": "5"},
        {"smallest_group": 11},
        {"retention_weeks": 0},
        {"retention_weeks": True},
        {"retention_weeks": 4.5},
        {"pulse_weeks": 0},
        {"hours": {"digest": 24, "invitations": 10}},
        {"hours": {"digest": 9}},
        {"tools": {}},
        {"tools": []},
        {"tools": "cursor"},
        {"tools": ["cursor", "cursor"]},
        {"tools": {"cursor": ["tokens_out"]}},
        {"who_sees": {**TERMS["who_sees"], "usage": ["person", "hr"]}},
        {"who_sees": {**TERMS["who_sees"], "check_ins": []}},
        {"who_sees": {**TERMS["who_sees"], "team_summaries": ["everyone"]}},
        {"another": 1},
    ],
    ids=str,
)
def test_what_no_policy_may_say_is_refused(change: dict[str, Any]) -> None:
    """No policy can let anybody else see a person's figures, or show a group of fewer than four."""
    with pytest.raises(ValidationError):
        Terms.model_validate({**TERMS, **change})


def test_terms_cannot_be_changed_once_they_are_read() -> None:
    terms = Terms.model_validate(TERMS)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(terms, "smallest_group", 1)  # noqa: B010
