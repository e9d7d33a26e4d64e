"""How the sample company answers a pulse: the same every time, and as people do."""

from collections import Counter

from bot.sandbox.company import COMPANY
from bot.sandbox.company_pulse import PulseAnswer, answers

KINDS = {"belief:1": "belief", "clarity.1": "clarity", "gaming": "gaming", "own:1": "own", "comment": "comment"}


def _all(pulse: int = 1) -> list[PulseAnswer]:
    return list(answers(COMPANY.employees, pulse, KINDS))


def test_the_same_people_answer_the_same_way_every_time_and_otherwise_in_the_next_pulse() -> None:
    assert _all() == _all()
    assert _all() != _all(2)


def test_most_take_part_and_not_all_and_nobody_twice() -> None:
    people = [each.person_id for each in _all()]
    assert len(people) == len(set(people))
    assert len(COMPANY.employees) / 2 < len(people) < len(COMPANY.employees)


def test_every_answer_is_one_that_the_form_offers_and_the_comment_is_no_option() -> None:
    given = _all()
    assert {option for each in given for option in each.options.values()} == set("012345")
    assert {question for each in given for question in each.options} == set(KINDS) - {"comment"}


def test_enough_comments_to_be_shown_and_none_twice() -> None:
    comments = Counter(each.comment for each in _all() if each.comment)
    assert len(comments) >= 10
    assert set(comments.values()) == {1}


def test_without_a_question_for_a_comment_nobody_writes_one() -> None:
    given = answers(COMPANY.employees, 1, {"gaming": "gaming"})
    assert {each.comment for each in given} == {None}


def test_leading_people_is_what_the_directory_says() -> None:
    managers = {person.id for person in COMPANY.employees if person.is_manager}
    assert {each.person_id for each in _all() if each.leader} <= managers
    assert all(each.leader == (each.person_id in managers) for each in _all())
