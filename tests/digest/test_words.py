"""What a digest says of "used": only what the tool said, and never beside counts."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from bot.digest import words
from bot.digest.digest import Digest
from bot.digest.reading import read_digests
from storage import preferences
from storage.database import SessionFactory
from storage.tables import Preference
from tests.usage.world import ANA, EMAILS, LOGINS, bring, copilot, cursor, join, page, table

A = EMAILS[ANA]
WEEK = date(2026, 11, 16)
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _digest(sessions: SessionFactory, week: date = WEEK) -> Digest:
    with sessions.begin() as session:
        if preferences.get(session, ANA) is None:
            preferences.save(session, Preference(person_id=ANA))
    with sessions.begin() as session:
        return read_digests(session, [ANA], week, LATER)[ANA]


def _lines(sessions: SessionFactory, week: date = WEEK) -> list[str]:
    digest = _digest(sessions, week)
    return [line for tool in digest.tools for line in words.tool_lines(tool, digest)]


def test_a_day_without_use_does_not_make_requests_of_another_day_unused(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    idle = dict.fromkeys(("chatRequests", "agentRequests", "composerRequests", "cmdkUsages"), 0)
    unused = cursor(day="2026-11-17", isActive=False, totalTabsShown=0, totalTabsAccepted=0) | idle
    bring(sessions, page(cursor(), unused), "cursor", now=LATER)
    assert _lines(sessions) == [
        "Agent: 13 requests",
        "Chat: 7 requests",
        "Editor: 5 inline edits · 140 completions shown · 61 completions you accepted",
    ]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["1", "0", ""], "used on 1 day"),
        (["1", "1"], "used on 2 days"),
        (["0", "0"], "not used"),
        (["0", ""], "reported, without counts"),
        (["", ""], "reported, without counts"),
    ],
)
def test_not_used_is_said_only_where_every_day_says_so(
    sessions: SessionFactory, flags: Sequence[str], said: str
) -> None:
    join(sessions, ANA, "chatgpt")
    days = [f"{A},chatgpt,chat,2026-11-{16 + n},{flag}" for n, flag in enumerate(flags)]
    bring(sessions, table(*days, header="email,tool,surface,day,active"), "csv", now=LATER)
    assert _lines(sessions) == [f"Chat: {said}"]


@pytest.mark.parametrize(("flag", "said"), [("1", "used"), ("0", "not used"), ("", "reported, without counts")])
def test_a_weekly_row_says_used_without_days(sessions: SessionFactory, flag: str, said: str) -> None:
    join(sessions, ANA, "chatgpt")
    weekly = table(f"{A},chatgpt,chat,2026-11-16,{flag}", header="email,tool,surface,week_starting,active")
    bring(sessions, weekly, "csv", now=LATER)
    assert _lines(sessions) == [f"Chat: {said}"]


def test_used_is_not_said_beside_counts_of_a_weekly_row(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    header = "email,tool,surface,week_starting,prompts,active"
    bring(sessions, table(f"{A},chatgpt,chat,2026-11-16,340,1", header=header), "csv", now=LATER)
    assert _lines(sessions) == ["Chat: 340 messages you sent"]


def test_copilot_s_chat_has_nothing_but_used_and_says_it(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    days = (copilot(), copilot(day="2026-11-17", used_agent=False))
    bring(sessions, "\n".join(map(json.dumps, days)), "copilot", now=LATER)
    said = _lines(sessions)
    assert "Chat: used on 2 days" in said
    assert "Agent: not used" in said
    assert not any("used on" in line for line in said if line.startswith(("Editor", "Command line")))


def test_a_tool_once_matched_by_a_table_is_not_said_to_be_unmatched_in_a_week_without_rows(
    sessions: SessionFactory,
) -> None:
    join(sessions, ANA, "copilot")
    assert _lines(sessions)[0].startswith("Cannot be matched to you yet")
    bring(sessions, table(f"{A},copilot,ide,2026-09-01,5"), "csv", now=LATER)
    assert _lines(sessions) == ["No data for this week has reached us yet. That is not the same as zero"]
