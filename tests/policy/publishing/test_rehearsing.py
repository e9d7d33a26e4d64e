"""`candor policy ask --policy … --questions …`: long drafts, odd files, and words for what cannot be read."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import OperatorError

DRAFT = "# How long\n\nIt is deleted after a while.\n\n# Who\n\nYou see it.\n"
QUESTION = b'{"question": "When is it deleted?"}'


def rehearse(folder: Path, questions: bytes, draft: str = DRAFT) -> Result:
    (folder / "draft.md").write_text(draft, encoding="utf-8")
    (folder / "questions.jsonl").write_bytes(questions)
    words = ["policy", "ask", "--policy", str(folder / "draft.md"), "--questions", str(folder / "questions.jsonl")]
    return CliRunner().invoke(app, words, env={})


def answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def test_a_handbook_of_a_hundred_pages_is_rehearsed(tmp_path: Path) -> None:
    page = "What is written here is about matter number {0} alone, and about nothing else in this handbook. " * 30
    pages = [f"# Matter {number}\n\n{page.format(number)}\n" for number in range(100)]
    draft = "\n".join([*pages, "# Parking\n\nBicycles are parked in the cellar.\n"])
    assert len(draft) > 250_000
    result = rehearse(tmp_path, b'{"question": "Where are bicycles parked?"}\n', draft)
    assert result.exit_code == 0, result.output
    (answer,) = answers(result)
    assert answer["quotes"] == ["Bicycles are parked in the cellar."]


def test_five_megabytes_are_refused_in_words(tmp_path: Path) -> None:
    result = rehearse(tmp_path, QUESTION, "# A\n\n" + "Words. " * 720_000)
    assert result.exit_code == 1
    assert "a draft to rehearse has at most 2,000,000" in str(result.exception)


def test_other_line_ends_within_json_are_part_of_the_question(tmp_path: Path) -> None:
    odd = '{"question": "When is it\u2028deleted?\u0085"}\r\n'.encode()
    result = rehearse(tmp_path, odd + QUESTION + b"\n\n")
    assert result.exit_code == 0, result.output
    assert [answer["question"] for answer in answers(result)] == [
        "When is it\u2028deleted?\u0085",
        "When is it deleted?",
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"question": "Wie lange für mich?"}'.encode("latin-1"), "Line 3 is no text in UTF-8"),
        (rb'{"question": "\ud800 When?"}', "Line 3 holds half a character"),
        (b'{"question": ', "Line 3 is no JSON"),
        (b'["When?"]', "Line 3 has no question as text"),
        (b"[" * 100_000, "Line 3 is"),
    ],
)
def test_a_line_that_cannot_be_read_ends_it_after_the_answers_before_it_with_file_and_line(
    tmp_path: Path, bad: bytes, said: str
) -> None:
    result = rehearse(tmp_path, b"\n".join([QUESTION, QUESTION, bad, QUESTION]))
    assert len(answers(result)) == 2
    assert result.exit_code == 1
    assert isinstance(result.exception, OperatorError)
    assert str(result.exception).startswith(f"{tmp_path / 'questions.jsonl'}: {said}")


def test_questions_in_another_encoding_are_refused_in_words_that_name_the_mend(tmp_path: Path) -> None:
    result = rehearse(tmp_path, QUESTION.decode().encode("utf-16"))
    assert "Line 1 is no text in UTF-8. Save the file as UTF-8" in str(result.exception)


def test_half_a_character_typed_as_the_question_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT)
    words = ["policy", "ask", "--policy", str(tmp_path / "draft.md"), "\udcff?"]
    assert "the question: Line 1 holds half a character" in str(CliRunner().invoke(app, words, env={}).exception)
