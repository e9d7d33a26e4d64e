"""A file of expected questions tried on a draft."""

import json

import pytest

from bot.errors import OperatorError
from bot.policy.answers.rehearsal import rehearse
from tests.policy.answers.world import SECTIONS


def line(question: object) -> str:
    return json.dumps({"question": question})


def test_every_question_is_answered_in_order_and_empty_lines_are_passed_over() -> None:
    found = list(rehearse(SECTIONS, [line("can my boss see my numbers"), "\n", line("sauna?"), line("hi")]))
    assert [each["question"] for each in found] == ["can my boss see my numbers", "sauna?", "hi"]
    assert [each["tier"] for each in found] == ["answer", "silent", "refused"]
    assert all(len(each["sections"]) == 3 for each in found)
    assert found[0]["quotes"][0] in SECTIONS[2].text
    assert found[1]["quotes"] == found[2]["quotes"] == []
    json.dumps(found)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{question: no}", "Line 3 is no JSON"),
        ('["a list"]', "Line 3 has no question"),
        ('{"ask": "who?"}', "Line 3 has no question"),
        ('{"question": 7}', "Line 3 has no question"),
    ],
)
def test_a_line_that_is_no_question_is_named_by_its_number(bad: str, says: str) -> None:
    answers = rehearse(SECTIONS, [line("who sees it"), "", bad])
    assert next(answers)["question"] == "who sees it"
    with pytest.raises(OperatorError, match=says):
        next(answers)


def test_more_than_the_question_may_stand_in_a_line() -> None:
    assert (
        next(rehearse(SECTIONS, ['\ufeff{"question": "who sees it", "sections": [], "kind": "x"}']))["tier"]
        != "refused"
    )
