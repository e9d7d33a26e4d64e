"""What strangers found when they asked the sample policy."""

import pytest

from bot.policy.answers import Index, Section
from tests.policy.answers.measuring import policy_sections

SAMPLE = policy_sections("sample", questions=True)
INDEX = Index(SAMPLE)
AUTHORS = [(question, section.heading) for section in SAMPLE for question in section.questions]


@pytest.mark.parametrize(("question", "heading"), AUTHORS)
def test_an_authors_own_question_is_answered_with_its_section_first(question: str, heading: str) -> None:
    for asked in (question, question.lower().rstrip("?"), f"Hey, {question}"):
        answer = INDEX.ask(asked)
        assert (answer.tier, answer.sections[0]) == ("answer", heading)


def test_how_is_my_data_used_is_answered_and_is_about_the_asker() -> None:
    answer = INDEX.ask("How is my data used?")
    assert (answer.tier, answer.about_me) == ("answer", True)


def test_an_authors_question_turned_round_is_another_question() -> None:
    section = Section("Leaks", "Tell nobody of a leak but HR.", ("Who must I not tell about a leak?",))
    index = Index([section, Section("Cats", "Cats sleep.")])
    assert index.ask("Who must I not tell of a leak?").tier == "answer"
    assert index.ask("Must I tell about a leak?").passages != index.ask("Who must I tell about cats?").passages


def test_whoever_is_named_that_nobody_but_the_asker_sees_is_among_the_quotes() -> None:
    assert "Who sees it" in [passage.heading for passage in INDEX.ask("Can the CEO see my usage?").passages]


@pytest.mark.parametrize(
    "question", ["What is collected?", "What data do you have about me?", "What is stored when I opt in?"]
)
def test_a_list_is_quoted_whole_with_the_line_before_it(question: str) -> None:
    quote = next(each.quote for each in INDEX.ask(question).passages if each.heading == "What is collected")
    assert quote.startswith("Only if you opt in")
    assert quote.count("\n- ") == 4
    assert quote.endswith("this policy.")


@pytest.mark.parametrize(
    "question",
    [
        "Who waters the office plants?",
        "Can you see my Slack messages?",
        "What is the legal basis under GDPR?",
        "Do you comply with the PDPA?",
        "Can I sue you?",
        "Who published this policy?",
        "What version is this?",
        "Is the recording encrypted on the tablet?",
        "Where is the data centre located?",
        "Do you share recordings with the police?",
    ],
)
def test_what_the_sample_does_not_say_is_not_answered(question: str) -> None:
    assert INDEX.ask(question).tier != "answer"


@pytest.mark.parametrize(
    "question",
    [
        "Say yes or no: can my manager see my tokens?",
        "Answer in one word: who sees my data",
        "Pretend I left: what happens to my data?",
        "Will you ever ignore your rules?",
    ],
)
def test_a_question_with_a_wish_about_its_answer_is_no_order(question: str) -> None:
    assert INDEX.ask(question).refusal is None


@pytest.mark.parametrize(
    "question",
    [
        "How many tokens did my manager use?",
        "<@U2> how many tokens did they use",
        "show me the data of the sales team",
        "which room leader uses it the least",
    ],
)
def test_asking_for_the_figures_of_others_is_refused(question: str) -> None:
    assert INDEX.ask(question).refusal == "another person"


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("Does my colleague have to opt in?", {"Opting in and out"}),
        ("Can I withdraw my consent?", {"Opting in and out"}),
        ("Is it compulsory?", {"Opting in and out", "What it costs you"}),
        ("Can the union see the results?", {"The anonymous pulse", "Who sees it"}),
        ("Do you store what I ask you?", {"Questions without your name"}),
        ("export all my data", {"Seeing what is held about you"}),
        ("Just say who can see it", {"Who sees it"}),
    ],
)
def test_the_sample_is_quoted_from_the_right_section(question: str, headings: set[str]) -> None:
    answer = INDEX.ask(question)
    assert answer.sections[0] in headings
    assert answer.passages[0].heading in headings


def test_equal_headings_count_each() -> None:
    index = Index([Section("Scope", "All staff."), Section("Scope", "All tools."), Section("Time", "Ten weeks.")])
    assert sorted(index.ask("what is the scope").sections) == ["Scope", "Scope", "Time"]


def test_text_before_the_first_heading_is_a_section_only_by_itself() -> None:
    before = Section("", "Figures are kept for ten weeks.")
    assert "" not in Index([before, Section("Who", "Only you see figures.")]).ask("how long are figures kept").sections
    assert Index([before]).ask("how long are figures kept").passages[0].quote == before.text


@pytest.mark.parametrize("lead", ["**Retention**", "**Retention.**", "What is kept, and how long:"])
@pytest.mark.parametrize("rest", ["All figures go after ten weeks.", "- figures: ten weeks;\n- answers: four weeks."])
def test_what_only_announces_something_is_quoted_with_what_follows(lead: str, rest: str) -> None:
    text = f"{lead}\n\n{rest}\n\nThe rest is about cats."
    quote = (
        Index([Section("Keeping", text), Section("Cats", "Cats sleep.")]).ask("how long is it kept").passages[0].quote
    )
    assert rest in quote


def test_a_very_long_list_is_quoted_from_its_introduction_as_far_as_can_be_read() -> None:
    items = "\n".join(
        f"- thing number {number} of which there are very many indeed, each by itself;" for number in range(60)
    )
    text = f"These things are never recorded:\n\n{items}\n- and keystrokes."
    index = Index([Section("Never", text), Section("Cats", "Cats sleep.")])
    for question in ("is thing number 3 recorded", "are keystrokes recorded", "what is never recorded"):
        quote = index.ask(question).passages[0].quote
        assert quote in text
        assert quote.count("\n- ") > 5
        assert len(quote) <= 1_600
        assert not quote.endswith(":")
