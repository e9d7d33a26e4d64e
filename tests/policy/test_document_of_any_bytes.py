"""Whatever a file holds, it is either a policy, or refused in words that name a line of it."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import PolicyFault
from bot.policy.clauses import split
from bot.policy.document import parse_policy
from tests.policy.drafts import file

# On a machine that others use, how long one example takes says nothing.
unhurried = settings(deadline=None)
GOOD = file("# Kept\n<!-- enforced: tools -->\nFor {retention_weeks.usage} weeks.\n\nNot used\n---\n<!-- promise -->\n")
HEAD = GOOD.partition("# Kept")[0]

PIECES = st.sampled_from(
    (
        "---\n", "\n", "\r", "title: A\n", "terms:\n", "  tools: [cursor]\n", "effective: 2026-09-01\n", "{tools}", "{",
        "}", "# A\n", "A\n==\n", "<!--", "-->", "promise", "enforced: tools", "questions\n", "```\n", "&a ", "*a",
        "!!set ", "<<: ", "[", "{a: b}", "- ", "? ", "'", '"', "\0", "\ufeff", "    ", "\x85", "\u2028", "\\",
    )
)  # fmt: skip


def _refused_or_read(raw: bytes) -> None:
    try:
        document = parse_policy(raw, "policy.md")
    except PolicyFault as fault:
        for row in str(fault).splitlines():
            line = re.match(r"policy\.md, line (\d+):", row)
            assert row.startswith("policy.md")
            assert line is None or 1 <= int(line[1]) <= len(re.split(rb"\r\n?|\n", raw))
        return
    headings = [part.heading for part in split(document.text) if part.level]
    assert [clause.heading for clause in document.clauses] == headings
    assert parse_policy(document.source.encode(), "policy.md") == document


@unhurried
@given(st.binary(max_size=200) | st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode()))
@example(b"---\n!!timestamp x: 1\n---\na")
@example(b"---\n" + b"&a [*a]: 1\n" + b"---\na")
def test_any_bytes_are_either_a_policy_or_refused_in_words(raw: bytes) -> None:
    _refused_or_read(raw)


@unhurried
@given(st.lists(PIECES, max_size=12), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_a_good_policy_with_anything_put_into_it_is_either_good_or_refused_in_words(
    put: list[str], at: int, instead: int
) -> None:
    _refused_or_read((GOOD[:at] + "".join(put) + GOOD[at + instead :]).encode())


@unhurried
@given(st.text(max_size=300))
def test_any_text_under_the_front_matter_is_either_published_or_refused_in_words(text: str) -> None:
    _refused_or_read((HEAD + text).encode("utf-8", "replace"))


@unhurried
@given(st.text(max_size=400))
def test_every_clause_is_a_piece_of_the_text_and_none_is_lost(text: str) -> None:
    parts = split(text)
    for part in parts:
        assert part.body in text
    assert parts or not text.strip()
