"""What a section is for, and how it counts: sections with few words in common with what is asked of them."""

import pytest

from bot.policy.answers import Index, Section
from bot.policy.answers.functions import asked_for, functions_of, served

ALLOTMENT = Index(
    [
        Section("For whom this is", "Everybody who rents a plot, and helpers on Sundays."),
        Section("The tally", "The gate notes the plot and the day."),
        Section("Hands off", "The gate never notes who talks to whom."),
        Section("Stepping out", "Tell the steward, and the tag is switched off the same day."),
        Section("Disposal", "After 26 weeks all of it goes."),
        Section("Requests of courts and the press", "They get nothing without an order."),
        Section("Amendments", "A month before, a letter comes."),
    ]
)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("I'm a volunteer, does this concern me", "For whom this is"),
        ("I've had enough, get me out", "Stepping out"),
        ("how long before my entries get thrown away", "Disposal"),
        ("what if a judge asks for it", "Requests of courts and the press"),
        ("do I get a heads up if the rules get stricter", "Amendments"),
    ],
)
def test_a_section_is_found_by_what_it_is_for(question: str, heading: str) -> None:
    assert ALLOTMENT.ask(question).sections[0] == heading


def test_a_heading_that_is_a_question_says_what_its_section_is_for() -> None:
    asked = asked_for("how do I get out of it")
    assert served(asked, functions_of("And if I've had enough?", ())) == 1.0
    assert served(asked, functions_of("The tally", ("And if I've had enough?",))) == 0.5


@pytest.mark.parametrize(
    "question",
    [
        "how many people have joined so far",
        "what were the results of the last survey",
        "how high is the bonus",
        "is there a hotline for the gate",
        "are phone calls recorded",
        "who made the gate",
    ],
)
def test_what_only_a_naming_section_could_say_is_not_answered_by_one_near_it(question: str) -> None:
    assert ALLOTMENT.ask(question).tier != "answer"


def test_two_like_questions_of_an_author_tell_more_than_one() -> None:
    body = "See the notice board."
    one = Section("First", body, ("Who empties the blue bins?",))
    two = Section("Second", body, ("Who empties the blue bins?", "When are the blue bins emptied?"))
    assert Index([one, two]).ask("are blue bins emptied by anybody").sections[0] == "Second"
