"""The policy file: what is good is read, and what is not is refused with its line and the mend."""

from pathlib import Path

import pytest

from bot.errors import CandorError, OperatorError, PolicyFault
from bot.policy.clauses import split
from bot.policy.document import parse_policy, read_policy
from bot.settings import Settings
from tests.policy.drafts import draft, file

SAMPLE = Settings.model_fields["policy"].default
GOOD = """---
title: A policy
contact: the owner
effective: 2026-09-01
notice_days: 14
terms:
  tools:
    cursor: all
    claude-code: [sessions, tokens_out]
  retention_weeks:
    usage: 12
    check_ins: 26
    messages: 26
    leavers: 26
    questions: 26
    ledger: 104
  smallest_group: 5
  smallest_group_comments: 10
  who_sees:
    usage: [person]
    check_ins: [person]
    team_summaries: [hr]
    pulse_results: [everyone]
  pulse_weeks: 12
  hours: {digest: 9, invitations: 10}
---
# Kept
<!-- enforced: retention_weeks.usage, tools -->
<!-- questions
How long do you keep my data?

When is it deleted?
-->
For {retention_weeks.usage} weeks, from {tools}: {tools.claude-code}.

Never used
----------
<!-- promise -->
For reviews. Ask {contact}, {notice_days} days before {effective}; \\{not this}.
"""


def said(text: str | bytes, name: str = "policy.md") -> list[str]:
    """What is wrong with this file, line by line."""
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(PolicyFault) as error:
        parse_policy(raw, name)
    assert isinstance(error.value, CandorError)
    assert isinstance(error.value, OperatorError)
    return str(error.value).splitlines()


def line_of(needle: str, text: str = GOOD) -> int:
    return text[: text.index(needle)].count("\n") + 1


def swapped(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_the_shipped_sample_is_a_good_policy_of_about_two_pages_and_marks_every_clause() -> None:
    document = read_policy(SAMPLE)
    assert 600 < len(document.text.split()) < 1400
    assert "{" not in document.text and "<!--" not in document.text
    assert all(clause.mark and clause.questions for clause in document.clauses)


def test_text_and_clauses_are_those_of_the_file() -> None:
    document = parse_policy(GOOD.encode(), "policy.md")
    assert document.text == (
        "# Kept\n\nFor 12 weeks, from Cursor and Claude Code: sessions and tokens out.\n\nNever used\n----------\n\n"
        "For reviews. Ask the owner, 14 days before 1 September 2026; {not this}.\n"
    )
    kept, never = document.clauses
    assert (kept.heading, kept.mark, kept.terms) == ("Kept", "enforced", ("retention_weeks.usage", "tools"))
    assert kept.questions == ("How long do you keep my data?", "When is it deleted?")
    assert (never.heading, never.mark, never.terms, never.questions) == ("Never used", "promise", (), ())
    assert document.source == GOOD
    assert document.terms.tools["claude-code"] == ("sessions", "tokens_out")


def test_short_forms_stand_for_every_field_and_every_kind() -> None:
    document = draft(tools=["cursor"], retention_weeks=8)
    assert set(document.terms.tools["cursor"]) >= {"requests", "prompts", "active"}
    assert set(dict(document.terms.retention_weeks).values()) == {8}


@pytest.mark.parametrize("before", ["", "\ufeff"], ids=["plain", "mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_marks_and_line_ends_make_no_difference_to_what_is_published(before: str, end: str) -> None:
    plain = parse_policy(GOOD.encode(), "policy.md")
    document = parse_policy((before + GOOD.replace("\n", end) + end).encode(), "policy.md")
    assert (document.text, document.clauses, document.terms) == (plain.text, plain.clauses, plain.terms)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: A", "titel: A", ["1: title: is missing (there is titel)", "2: titel: is not a name that Candor"]),
        ("notice_days: 14\n", "", ["1: notice_days: is missing"]),
        ("notice_days: 14", "notice_days: -1", ["5: notice_days: Input should be greater"]),
        ("notice_days: 14", "notice_days: 14\nnotice_days: 3", ["6: notice_days is set twice, first in line 5."]),
        ("effective: 2026-09-01", "effective: soon", ["4: effective: has to be a day such as"]),
        ("effective: 2026-09-01", "effective: 2026-02-30", ["4: effective: "]),
        ("effective: 2026-09-01", "effective: 20260901", ["4: effective: has to be a day such as"]),
        ("title: A policy", "title: [A", ["3: the front matter cannot be read"]),
        ("contact: the owner", "contact: the owner\nlanguage: English", ["4: language: "]),
        ("contact: the owner", "contact: the\u2028owner\x85\nlanguage: English", ["4: language: "]),
        ("contact: the owner", "contact: <!-- a comment -->", ["3: contact: "]),
        ("cursor: all", "cursr: all", ["8: terms.tools.cursr: cursr is not a tool"]),
        ("cursor: all", "cursor: [reqests]", ["8: terms.tools.cursor: has no reqests; it has requests"]),
        ("cursor: all", "cursor: []", ["8: terms.tools.cursor: keeps no field"]),
        ("[sessions, tokens_out]", "[sessions, sessions]", ["9: terms.tools.claude-code: sessions: named twice"]),
        ("usage: 12", "usage: twelve", ["11: terms.retention_weeks.usage: Input should be a valid integer"]),
        ("usage: 12", "usage: 012", ["11: terms.retention_weeks.usage: Input should be a valid integer"]),
        ("usage: 12", "usage: 0", ["11: terms.retention_weeks.usage: Input should be greater"]),
        ("check_ins: 26", "checkins: 26",
         ["10: terms.retention_weeks.check_ins: is missing (there is checkins)", "12: terms.retention_weeks.checkins"]),
        ("smallest_group: 5", "smallest_group: 3", ["17: terms.smallest_group: Input should be greater"]),
        ("smallest_group: 5", "smallest_group: 20", ["18: terms.smallest_group_comments: is smaller than"]),
        ("  smallest_group: 5", "  smallest_gruop: 5",
         ["6: terms.smallest_group: is missing (there is smallest_gruop)",
          "17: terms.smallest_gruop: is not a name that Candor knows (did you mean smallest_group?)"]),
        ("usage: [person]", "usage: [person, managers]", ["20: terms.who_sees.usage: "]),
        ("usage: [person]", "usage: [managers]", ["20: terms.who_sees.usage.0: "]),
        ("[hr]", "[hr, hr]", ["22: terms.who_sees.team_summaries: hr: named twice"]),
        ("digest: 9,", "digest: 9:30,", ["25: terms.hours.digest: Input should be a valid integer"]),
        ("digest: 9,", "digest: 24,", ["25: terms.hours.digest: Input should be less"]),
        ("title: A policy", "title: &a A policy", ["2: &, * and ! have a meaning"]),
        ("title: A policy", "title: !!python/name:os.system A", ["2: &, * and ! have a meaning"]),
        ("title: A policy", 'title: "A\\0policy"', ["2: a character stands here that cannot be shown"]),
        ("title: A policy", 'title: "\\uD800"', ["2: a character stands here that cannot be shown"]),
        ("title: A policy", "title: A\x1bpolicy", ["2: the front matter cannot be read"]),
    ],
)  # fmt: skip
def test_every_fault_of_the_front_matter_names_its_line(old: str, new: str, expected: list[str]) -> None:
    for row, start in zip(said(swapped(old, new)), expected, strict=True):
        assert row.startswith(f"policy.md, line {start}")


@pytest.mark.parametrize(
    ("old", "new", "needle", "expected"),
    [
        ("{tools}:", "{tolls}:", "weeks, from", "{tolls} names no term. Did you mean {tools}?"),
        ("{contact}", "{ contact }", "For reviews", "{ contact } names no term. Did you mean {contact}?"),
        ("{contact}", "{xyzzy}", "For reviews", "{xyzzy} names no term. There are contact, effective"),
        (": retention_weeks.usage, tools", ": retention_weeks.use", "<!-- enf", "retention_weeks.use is no term. Did"),
        (": retention_weeks.usage, tools", "", "<!-- enf", "an enforced clause names the terms behind it"),
        ("<!-- promise -->", "<!-- promise: tools -->", "<!-- promise", "a promise has no term behind it"),
        ("<!-- promise -->", "<!-- promise -->\n\n<!-- enforced: hours -->", "<!-- enforced: hours", "“Never used” is"),
        ("<!-- promise -->", "<!-- promise", "<!-- promise", "a comment <!-- is never closed"),
        ("# Kept", "<!-- promise -->\n# Kept", "<!-- promise", "this comment belongs to no clause"),
        ("<!-- promise -->", "Words <!-- hide\n\n# A heading\n\n-->", "<!-- hide", "this comment swallows the"),
        ("<!-- promise -->", "Words <!-- hide\n\nA heading\n===\n\n-->", "A heading", "the headings in the file and"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_every_fault_of_the_text_names_its_line(end: str, old: str, new: str, needle: str, expected: str) -> None:
    text = swapped(old, new)
    (row,) = said(text.replace("\n", end))
    assert row.startswith(f"policy.md, line {line_of(needle, text)}: {expected}")
    (row,) = said(("\ufeff" + text).replace("\n", end))
    assert row.startswith(f"policy.md, line {line_of(needle, text)}: {expected}")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "begins with no front matter"),
        (b"# Only text\n", "begins with no front matter"),
        (b"---\ntitle: A policy\n", "is not closed"),
        (b"---\n---\n# Kept\n", "has to be a list of names and values"),
        (b"---\n- a\n- b\n---\n# Kept\n", "has to be a list of names and values"),
        (b"---\n? [a]\n: b\n---\n# Kept\n", "cannot be read"),
        (GOOD.partition("# Kept")[0].encode(), "there is no text after the front matter"),
        ((GOOD.partition("# Kept")[0] + "<!-- only this -->\n").encode(), "there is no text after the front matter"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file in UTF-8. A policy is one Markdown file"),
        (GOOD.encode("utf-16"), "is not a text file in UTF-8"),
        (GOOD.encode() + b"\0", "is not a text file"),
        (b"x" * 5_000_000, "has 5,000,000 bytes; a policy that people can read has at most"),
        (GOOD.encode() + b"x" * 60_001, "people read at most 60,000"),
        (b"---\na: " + b"[" * 15_000 + b"\n---\n# Kept\n", "nested too deeply"),
        (b"---\n" + b"".join(b"%d: x\n" % n for n in range(9000)) + b"---\n# Kept\n", "the front matter has"),
    ],
    ids=["empty", "no head", "open head", "empty head", "list", "odd key", "no text", "only a comment", "image",
         "utf-16", "nul", "5 MB", "long text", "deep", "long head"],
)  # fmt: skip
def test_what_is_no_policy_at_all_is_refused_in_words(raw: bytes, expected: str) -> None:
    (row,) = said(raw)
    assert expected in row
    assert row.startswith("policy.md")


def test_html_links_and_mentions_stay_as_they_were_written() -> None:
    body = "# Who <b>\n\nAsk <!channel>, <@U01>, <https://evil.example|us>, <script>x</script> & [a](b).\n"
    document = draft(body)
    assert document.text == body
    assert document.clauses[0].heading == "Who <b>"


def test_comments_in_code_are_text_and_those_after_it_are_not() -> None:
    body = "# A\n\n```\n<!-- shown\n```\n\n<!-- promise -->\n\nText.\n"
    document = draft(body)
    assert document.text == "# A\n\n```\n<!-- shown\n```\n\nText.\n"
    assert document.clauses[0].mark == "promise"


def test_a_comment_that_only_begins_like_a_directive_is_the_authors_own() -> None:
    body = "# A\n<!-- promise to ask the lawyers -->\n<!-- Questions we still have: none -->\nText.\n"
    (clause,) = draft(body).clauses
    assert (clause.mark, clause.questions) == (None, ())


def test_clauses_go_by_the_headings_that_people_read() -> None:
    body = "# Kept {retention_weeks.usage} weeks <!-- promise -->\n\nText.\n\n## More\n\nText.\n"
    document = draft(body)
    assert [clause.heading for clause in document.clauses] == [part.heading for part in split(document.text)]
    assert document.clauses[0].heading == "Kept 26 weeks"
    assert document.clauses[0].mark == "promise"


def test_a_value_cannot_make_a_heading() -> None:
    row = said(file("# A\n\n{contact}\n\n# B\n\nText.\n", contact="# C"))[0]
    assert "the headings in the file and in the published text are not the same" in row


def test_the_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "ours.md"
    path.write_text("nothing")
    with pytest.raises(PolicyFault, match=r"^ours\.md begins with no front matter"):
        read_policy(path)


def test_a_fault_takes_one_line_whatever_it_tells_of() -> None:
    row = said(file("# A\n<!-- enforced: tools\nand\nmore -->\n\nText.\n"))[0]
    assert row.endswith("tools and more is no term.")
    body = "A heading\nof two lines\n===\n<!-- promise -->\n<!-- promise -->\n\nText.\n"
    assert said(file(body))[0].endswith("“A heading of two lines” is marked twice; it is either enforced or a promise.")
    odd = f'"an\\nodd\\n{"x" * 900}": 1\ntitle: A policy'
    assert len(said(swapped("title: A policy", odd))) == 1
