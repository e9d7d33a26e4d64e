"""Headings and bodies as Markdown has them: doubled, empty, marked up, underlined, in tables."""

import pytest

from bot.policy.answers import Index, Section
from bot.policy.draft import read_draft

MARKDOWN = """\
Text before any heading speaks of apples.

Who **can** see it
==================

Only `you` can see your [figures](https://example.com).

Exceptions
----------

Courts may order us to hand figures over.

How long
========

Figures are kept for 26 weeks.

Exceptions
----------

Invoices are kept for ten years.

# `Empty` one

## Below it

| Kind | Weeks |
|---|---|
| Prompts | 4 |
| Comments | 8 |
"""


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(read_draft(MARKDOWN.encode(), "draft.md").sections)


@pytest.mark.parametrize(
    ("question", "heading", "piece"),
    [
        (
            "who is able to see my figures",
            "Who **can** see it",
            "Only `you` can see your [figures](https://example.com).",
        ),
        ("would a judge get the figures", "Exceptions", "Courts may order us to hand figures over."),
        ("are invoices kept", "Exceptions", "Invoices are kept for ten years."),
        ("how many weeks for comments", "Below it", "| Comments | 8 |"),
    ],
)
def test_a_heading_is_named_as_in_the_file_and_its_text_quoted_as_it_stands(
    index: Index, question: str, heading: str, piece: str
) -> None:
    answer = index.ask(question)
    assert answer.sections[0] == heading
    assert answer.passages
    assert piece in answer.passages[0].quote


def test_sections_whose_headings_read_alike_are_named_each(index: Index) -> None:
    sections = index.ask("are there exceptions").sections
    assert sections[:2] == ("Exceptions", "Exceptions")
    assert len(sections) == 3


def test_a_heading_without_text_is_never_quoted(index: Index) -> None:
    answer = index.ask("empty one")
    assert all(passage.quote for passage in answer.passages)
    assert "`Empty` one" not in [passage.heading for passage in answer.passages]


def test_a_heading_without_text_is_named_only_when_there_are_no_others() -> None:
    index = Index([Section("Rules", ""), Section("Who sees it", "Only you."), Section("Until when", "Ten weeks.")])
    assert index.ask("which rules").sections[-1] == "Rules"


def test_a_list_is_quoted_with_the_line_that_introduces_it() -> None:
    text = "We never record:\n\n- screens;\n- keystrokes.\n\nThat is all."
    quote = Index([Section("Limits", text)]).ask("are my keystrokes recorded").passages[0].quote
    assert quote == "We never record:\n\n- screens;\n- keystrokes."


def test_of_a_long_paragraph_only_whole_sentences_around_the_best_are_quoted() -> None:
    sentences = [f"Sentence number {number} speaks of nothing in particular at all." for number in range(30)]
    sentences[17] = "Prompts are deleted after ten weeks, e.g. on a Monday."
    text = " ".join(sentences)
    quote = Index([Section("Long", text), Section("Other", "Cats.")]).ask("when are prompts deleted").passages[0].quote
    assert "Prompts are deleted after ten weeks, e.g. on a Monday." in quote
    assert len(quote) < len(text) / 2
    assert quote in text
    assert quote[0].isupper()
    assert quote.endswith(".")


def test_a_comment_left_in_the_text_is_never_quoted() -> None:
    text = "Figures are kept ten weeks.\n\n<!-- ask legal: figures kept forever? -->\n\nNobody sees them."
    for question in ("how long are figures kept", "who sees them", "figures kept forever legal"):
        for passage in Index([Section("Keeping", text)]).ask(question).passages:
            assert "<!--" not in passage.quote
            assert "legal" not in passage.quote
