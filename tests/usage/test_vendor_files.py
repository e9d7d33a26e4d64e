"""Files in the shapes that the tools' documentation gives."""

import json
from decimal import Decimal
from typing import Any

import pytest

from storage.database import SessionFactory
from tests.usage.world import ANA, BEN, EMAILS, LOGINS, bring, claude, copilot, cursor, join, page, stored, without

CLAUDE = (ANA, "claude-code", "cli", "2026-11-16")


def _copilot(surface: str) -> tuple[str, str, str, str]:
    return (ANA, "copilot", surface, "2026-11-16")


def test_claude_code_counts_are_summed_over_models_and_editors(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code")
    bring(sessions, page(claude()), "claude-code")
    assert stored(sessions) == {
        CLAUDE: {
            "sessions": 5,
            "tokens_in_uncached": 120,
            "tokens_out": 42,
            "tokens_cache_read": 12,
            "tokens_cache_write": 6,
            "suggestions_accepted": 68,
            "suggestions_rejected": 8,
        }
    }


def test_rows_of_one_person_and_day_in_one_file_add_up_and_none_is_not_zero(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code")
    other = claude(terminal_type="iTerm.app", customer_type="subscription", model_breakdown=[])
    silent = without(other, "core_metrics", "tool_actions")
    bring(sessions, page(silent, other, silent), "claude-code")
    assert stored(sessions)[CLAUDE] == {"sessions": 5, "suggestions_accepted": 68, "suggestions_rejected": 8}
    bring(sessions, page(claude(), other), "claude-code")
    assert stored(sessions)[CLAUDE]["sessions"] == 10
    assert stored(sessions)[CLAUDE]["tokens_out"] == 42


def test_an_api_key_in_place_of_a_person_is_dropped(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code")
    summary = bring(sessions, page(claude(actor={"type": "api_actor", "api_key_name": "ci"})), "claude-code")
    assert (summary.read, summary.kept, summary.dropped_not_consenting) == (1, 0, 1)


@pytest.mark.parametrize(
    "content",
    [
        page(claude(), claude(EMAILS[BEN]), has_more=False, next_page=None),
        page(claude(), has_more=True, next_page="p2") + page(claude(EMAILS[BEN]), has_more=False),
        page(claude()) + "\n" + page(claude(EMAILS[BEN])) + "\n",
        json.dumps([claude(), claude(EMAILS[BEN])]),
        json.dumps(json.loads(page(claude(), claude(EMAILS[BEN]))), indent=2),
        json.dumps([json.loads(page(claude())), json.loads(page(claude(EMAILS[BEN])))]),
        json.dumps(claude()) + "\r\n" + json.dumps(claude(EMAILS[BEN])),
        f'{{"has_more": false, "period": {{"a": [1]}}, "data" : [{json.dumps(claude())}\n,'
        f"{json.dumps(claude(EMAILS[BEN]))}]}}",
    ],
    ids=["page", "pages", "pages by line", "array", "indented", "array of pages", "rows by line", "members first"],
)
def test_pages_arrays_and_lines_are_read_alike(sessions: SessionFactory, content: str) -> None:
    join(sessions, ANA, "claude-code")
    join(sessions, BEN, "claude-code")
    summary = bring(sessions, "\ufeff" + content, "claude-code")
    assert (summary.read, summary.kept, summary.rejected, summary.unfinished) == (2, 2, [], False)
    assert {key[0] for key in stored(sessions)} == {ANA, BEN}


@pytest.mark.parametrize(
    "content",
    [page(claude(), has_more=True, next_page="p2"), '{"has_more":true,"data":[]}'],
)
def test_a_last_page_that_says_that_more_follow_is_told(sessions: SessionFactory, content: str) -> None:
    join(sessions, ANA, "claude-code")
    assert bring(sessions, content, "claude-code").unfinished
    assert not bring(sessions, content + page(has_more=False), "claude-code").unfinished


def test_cursor_says_in_its_pagination_that_more_follow(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    assert bring(sessions, page(cursor(), pagination={"page": 1, "hasNextPage": True}), "cursor").unfinished
    assert not bring(sessions, page(cursor(), pagination={"page": 1, "hasNextPage": False}), "cursor").unfinished


def test_copilot_editor_and_command_line_stay_apart(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    bring(sessions, json.dumps(copilot()), "copilot")
    assert stored(sessions) == {
        _copilot("ide"): {"prompts": 12, "suggestions_shown": 48, "suggestions_accepted": 19},
        _copilot("cli"): {"active": True, "sessions": 3, "requests": 40, "prompts": 9, "tokens_out": 800},
        _copilot("chat"): {"active": True},
        _copilot("agent"): {"active": False},
    }


def test_copilot_without_a_command_line_reports_nothing_of_it(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    bring(sessions, json.dumps(without(copilot(), "totals_by_cli", "used_cli", "used_chat", "used_agent")), "copilot")
    assert set(stored(sessions)) == {_copilot("ide")}


@pytest.mark.parametrize(("credits", "kept"), [(6, "6"), (6.25, "6.25"), (0, "0"), (0.1, "0.1")])
def test_copilot_credits_keep_their_decimals_and_their_unit(sessions: SessionFactory, credits: Any, kept: str) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    bring(sessions, json.dumps(copilot(ai_credits_used=credits)), "copilot")
    row = stored(sessions)[_copilot("ide")]
    assert (row["credits"], row["credit_unit"]) == (Decimal(kept), "AI credits")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(copilot()) + "\n" + json.dumps(copilot(LOGINS[BEN])) + "\n",
        json.dumps([copilot(), copilot(LOGINS[BEN])]),
        json.dumps({"report_start_day": "2026-11-16", "day_totals": [copilot(), copilot(LOGINS[BEN].upper())]}),
    ],
    ids=["lines", "array", "wrapper"],
)
def test_copilot_lines_arrays_and_wrappers_are_read_alike(sessions: SessionFactory, content: str) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    join(sessions, BEN, "copilot", login=LOGINS[BEN])
    assert bring(sessions, content, "copilot").kept == 2


def test_cursor_requests_stand_where_they_were_made(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    bring(sessions, page(cursor(), period={"startDate": 1, "endDate": 2}), "cursor")
    day = "2026-11-16"
    assert stored(sessions) == {
        (ANA, "cursor", "ide", day): {
            "active": True,
            "prompts": 5,
            "suggestions_shown": 140,
            "suggestions_accepted": 61,
        },
        (ANA, "cursor", "chat", day): {"requests": 7},
        (ANA, "cursor", "agent", day): {"requests": 13},
    }


def test_cursor_says_of_an_idle_day_that_it_was_idle_everywhere(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    idle: dict[str, Any] = dict.fromkeys(
        ("totalTabsShown", "totalTabsAccepted", "chatRequests", "agentRequests", "cmdkUsages"), 0
    )
    bring(sessions, page(cursor() | idle | {"isActive": False, "composerRequests": 0}), "cursor")
    assert all(row["active"] is False for row in stored(sessions).values())
    assert stored(sessions)[(ANA, "cursor", "chat", "2026-11-16")]["requests"] == 0


def test_cursor_milliseconds_are_a_utc_day(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    bring(sessions, page(without(cursor(date=1794787199999), "day")), "cursor")
    assert {key[3] for key in stored(sessions)} == {"2026-11-15"}


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"chatRequests": -1}, "chatRequests", "is negative"),
        ({"chatRequests": 5.0}, "chatRequests", "is not a whole number"),
        ({"chatRequests": 1e5}, "chatRequests", "is not a whole number"),
        ({"chatRequests": float("nan")}, "chatRequests", "is not a whole number"),
        ({"chatRequests": "5"}, "chatRequests", "is not a whole number"),
        ({"chatRequests": True}, "chatRequests", "is not a whole number"),
        ({"chatRequests": [1]}, "chatRequests", "is not a whole number"),
        ({"chatRequests": 10**12}, "chatRequests", "is too large to be a count"),
        ({"isActive": 1}, "isActive", "is neither true nor false"),
        ({"day": "2026-02-30"}, "day", "is not a day of the calendar"),
        ({"day": "16/11/2026"}, "day", "is not a day of the calendar"),
        ({"day": "2026-11-22"}, "day", "lies in the future"),
        ({"day": "1999-12-31"}, "day", "lies before the year 2000"),
        ({"day": None, "date": 10**30}, "date", "is not a day of the calendar"),
        ({"day": None, "date": None}, "date", "is not a day of the calendar"),
    ],
)
def test_a_bad_value_is_rejected_with_its_column_and_reason_and_the_rest_goes_on(
    sessions: SessionFactory, changes: dict[str, Any], column: str, reason: str
) -> None:
    join(sessions, ANA, "cursor")
    join(sessions, BEN, "cursor")
    summary = bring(sessions, page(cursor(**changes), cursor(EMAILS[BEN])), "cursor")
    (rejection,) = summary.rejected
    assert (rejection.row, rejection.column, rejection.reason) == (1, column, reason)
    assert {key[0] for key in stored(sessions)} == {BEN}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"core_metrics": 3}, "core_metrics.num_sessions"),
        ({"tool_actions": {"edit_tool": []}}, "tool_actions.edit_tool.accepted"),
        ({"model_breakdown": {"tokens": 1}}, "model_breakdown"),
        ({"model_breakdown": [{"tokens": {"output": -1}}]}, "model_breakdown.tokens.output"),
        ({"date": "2026-11-16T99:00:00Z"}, "date"),
    ],
)
def test_a_shape_that_is_not_the_tools_own_is_rejected(
    sessions: SessionFactory, changes: dict[str, Any], column: str
) -> None:
    join(sessions, ANA, "claude-code")
    (rejection,) = bring(sessions, page(claude(**changes)), "claude-code").rejected
    assert rejection.column == column
    assert stored(sessions) == {}


def test_a_time_with_an_offset_is_taken_to_its_utc_day(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code")
    bring(sessions, page(claude(date="2026-11-16T01:00:00+02:00")), "claude-code")
    assert {key[3] for key in stored(sessions)} == {"2026-11-15"}
