"""A question made plain: what Slack writes into a message, and whom it names."""

import pytest

from bot.policy.asking.question import from_command, from_message, nearly

WORDS = ("checkin", "held", "settings", "policy", "export", "pause", "resume", "stop", "erase", "help")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Is 1 &lt; 2 &amp; 3 &gt; 2?", "Is 1 < 2 & 3 > 2?"),
        ("What of &amp;lt;b&amp;gt;?", "What of &lt;b&gt;?"),
        ("Show <@U02> to <@U02|ana>", "Show my colleague to my colleague"),
        ("What about <@U01>?", "What about me?"),
        ("Does <!channel> or <!subteam^S1|@hr> know?", "Does everybody or everybody know?"),
        ("Read <https://x.example|the page> or <https://y.example>", "Read the page or https://y.example"),
        ("Is it in <#C1|general> or <#C2>?", "Is it in general or a channel?"),
        ("Write to <mailto:a@b.example|a@b.example>?", "Write to a@b.example?"),
        ("&lt;@U02&gt; is typed", "<my colleague> is typed"),
        ("Ask Ana whether it is kept", "Ask Ana whether it is kept"),
        ("askew is a word", "askew is a word"),
    ],
)  # fmt: skip
def test_a_message_becomes_what_was_typed_without_names(text: str, plain: str) -> None:
    assert from_message(text, "U01") == plain


def test_a_name_typed_after_the_command_is_nobodys() -> None:
    assert from_command("ask what does @ana.b-c use? see a@b.example") == "what does my colleague use? see a@b.example"


@pytest.mark.parametrize(
    ("text", "plain"), [("ASK: why?", "why?"), ("ask", ""), ("askew is a word", "askew is a word")]
)
def test_after_the_command_ask_is_no_part_of_the_question(text: str, plain: str) -> None:
    assert from_command(text) == plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("stopp", "stop"), ("stop", "stop"), ("chek in", "checkin"), ("hepl", "help"), ("why", None), ("", None),
     ("can you stop it", None), ("thanks", None)],
)  # fmt: skip
def test_only_a_word_that_is_nearly_a_command_is_taken_for_one(typed: str, meant: str | None) -> None:
    assert nearly(typed, WORDS) == meant
