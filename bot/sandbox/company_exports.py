"""The sample company's usage, written as each tool's own API or export writes it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

Json = dict[str, Any]

ORGANISATION = "5d1f0c52-7a3e-4c0b-9a51-0e6b7d2f4c88"


class Use(NamedTuple):
    """One person's use of one tool on one day; `who` is the name that the tool knows them by."""

    who: str
    number: int
    day: date
    level: float
    chance: Random


def _count(use: Use, about: float) -> int:
    """A whole number around `about` times the day's level."""
    return round(use.level * about * use.chance.uniform(0.6, 1.4))


def _lines(documents: Iterable[Json]) -> bytes:
    return "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in documents).encode()


# Claude Code: one page for each day, as the analytics endpoint gives them


def claude_code(uses: Iterable[Use], days: Iterable[date]) -> bytes:
    """Pages of the Claude Code analytics API, one a line. Rows of an API key stand among those of persons."""
    rows: dict[date, list[Json]] = {day: _evaluation_runs(day) for day in days}
    for use in uses:
        rows[use.day].extend(_claude_code_rows(use))
    return _lines({"data": data, "has_more": False, "next_page": None} for data in rows.values())


def _evaluation_runs(day: date) -> list[Json]:
    """What the nightly evaluation uses, on working days: no person's."""
    use = Use("", 0, day, 2.0, Random(day.toordinal()))  # noqa: S311
    actor = {"type": "api_actor", "api_key_name": "nightly-evaluation"}
    return [_claude_code_row(use, actor, "non-interactive")] if day.weekday() < 5 else []


def _claude_code_rows(use: Use) -> Iterator[Json]:
    actor = {"type": "user_actor", "email_address": use.who}
    terminals = ("vscode", "iTerm.app") if use.chance.random() < 0.25 else ("vscode",)
    for terminal in terminals:
        yield _claude_code_row(use, actor, terminal)


def _claude_code_row(use: Use, actor: Json, terminal: str) -> Json:
    return {
        "date": f"{use.day}T00:00:00Z",
        "actor": actor,
        "organization_id": ORGANISATION,
        "customer_type": "api",
        "terminal_type": terminal,
        "core_metrics": {
            "num_sessions": 1 + _count(use, 2),
            "lines_of_code": {"added": _count(use, 180), "removed": _count(use, 60)},
            "commits_by_claude_code": _count(use, 2),
            "pull_requests_by_claude_code": _count(use, 0.5),
        },
        "tool_actions": {
            f"{tool}_tool": {"accepted": _count(use, often), "rejected": _count(use, often / 5)}
            for tool, often in {"edit": 14, "multi_edit": 2, "write": 4, "notebook_edit": 0.4}.items()
        },
        "model_breakdown": [_model(use, "claude-sonnet-4-5", 1.0), _model(use, "claude-haiku-4-5", 0.3)],
    }


def _model(use: Use, name: str, share: float) -> Json:
    about = {"input": 9_000, "output": 22_000, "cache_read": 1_900_000, "cache_creation": 140_000}
    tokens = {kind: _count(use, share * often) for kind, often in about.items()}
    cost = {"currency": "USD", "amount": tokens["output"] // 60}
    return {"model": name, "tokens": tokens, "estimated_cost": cost}


# Copilot: one line for each user and day


def copilot(uses: Iterable[Use]) -> bytes:
    """The users-1-day reports, one after the other. They carry logins, not addresses."""
    return _lines(_copilot_row(use) for use in uses)


def _copilot_row(use: Use) -> Json:
    completions, chats = _code_counts(use, 34), _code_counts(use, 6)
    asked = _count(use, 5)
    parts = [
        {"feature": "code_completion", "user_initiated_interaction_count": 0, **completions},
        {"feature": "chat_panel_ask_mode", "user_initiated_interaction_count": asked, **chats},
    ]
    total = {key: completions[key] + chats[key] for key in completions}
    row = {
        "day": use.day.isoformat(),
        "enterprise_id": "40412",
        "organization_id": "9120447",
        "user_id": 7_300_000 + use.number,
        "user_login": use.who,
        "user_initiated_interaction_count": asked,
        **total,
        "used_chat": asked > 0,
        "used_agent": use.chance.random() < 0.3,
        "used_cli": use.chance.random() < 0.15,
        "totals_by_ide": [{"ide": "vscode", "user_initiated_interaction_count": asked, **total}],
        "totals_by_feature": parts,
        "totals_by_language_feature": [],
        "totals_by_language_model": [],
        "totals_by_model_feature": [],
    }
    return row | ({"totals_by_cli": _cli(use)} if row["used_cli"] else {})


def _code_counts(use: Use, shown: float) -> dict[str, int]:
    generated = _count(use, shown)
    accepted = round(generated * use.chance.uniform(0.15, 0.45))
    return {
        "code_generation_activity_count": generated,
        "code_acceptance_activity_count": accepted,
        "loc_suggested_to_add_sum": generated * 3,
        "loc_suggested_to_delete_sum": 0,
        "loc_added_sum": accepted * 3,
        "loc_deleted_sum": 0,
    }


def _cli(use: Use) -> Json:
    requests, given, made = 1 + _count(use, 9), _count(use, 60_000), _count(use, 4_000)
    usage = {"prompt_tokens_sum": given, "output_tokens_sum": made, "avg_tokens_per_request": made // requests}
    return {
        "session_count": 1 + _count(use, 1),
        "request_count": requests,
        "prompt_count": 1 + _count(use, 3),
        "token_usage": usage,
    }


# Cursor: windows of at most 30 days


def cursor(uses: Iterable[Use], days: list[date]) -> bytes:
    """Answers of the daily usage endpoint, one a line; without paging it gives active users only."""
    rows = sorted((use.day, use.number, _cursor_row(use)) for use in uses)
    windows = [days[start : start + 28] for start in range(0, len(days), 28)]
    return _lines(
        {
            "data": [row for day, _, row in rows if window[0] <= day <= window[-1]],
            "period": {"startDate": _ms(window[0]), "endDate": _ms(window[-1] + timedelta(1))},
        }
        for window in windows
    )


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _cursor_row(use: Use) -> Json:
    shown, applied = _count(use, 60), _count(use, 9)
    lines, accepted = _count(use, 160), round(applied * use.chance.uniform(0.5, 0.9))
    return {
        "userId": 880_000 + use.number,
        "day": use.day.isoformat(),
        "date": _ms(use.day),
        "email": use.who,
        "isActive": True,
        "totalLinesAdded": lines,
        "totalLinesDeleted": lines // 3,
        "acceptedLinesAdded": lines // 2,
        "acceptedLinesDeleted": lines // 6,
        "totalApplies": applied,
        "totalAccepts": accepted,
        "totalRejects": applied - accepted,
        "totalTabsShown": shown,
        "totalTabsAccepted": round(shown * use.chance.uniform(0.2, 0.5)),
        "composerRequests": _count(use, 3),
        "chatRequests": _count(use, 4),
        "agentRequests": _count(use, 6),
        "cmdkUsages": _count(use, 2),
        "subscriptionIncludedReqs": _count(use, 12),
        "apiKeyReqs": 0,
        "usageBasedReqs": _count(use, 1),
        "bugbotUsages": 0,
        "mostUsedModel": "claude-sonnet-4-5",
        "tabMostUsedExtension": ".ts",
        "clientVersion": "2.1.4",
    }


# ChatGPT: the documented CSV template


def chatgpt(uses: Iterable[Use]) -> bytes:
    """The CSV template, one line for each person and day."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["email", "tool", "surface", "day", "prompts"])
    writer.writerows([use.who, "chatgpt", "chat", use.day.isoformat(), 1 + _count(use, 9)] for use in uses)
    return text.getvalue().encode("utf-8-sig")
