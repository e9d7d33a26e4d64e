"""Policy files to publish in tests: good ones, whose terms a test changes by name."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.policy.document import PolicyDocument, parse_policy
from bot.policy.versions import publish
from storage import policies
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion

KINDS = ("usage", "check_ins", "messages", "leavers", "questions", "ledger")
TERMS: Mapping[str, Any] = {
    "tools": {"claude-code": "all", "cursor": "all", "chatgpt": "all"},
    "retention_weeks": dict.fromkeys(KINDS, 26) | {"ledger": 104},
    "smallest_group": 5,
    "smallest_group_comments": 10,
    "who_sees": {
        "usage": ["person"],
        "check_ins": ["person"],
        "team_summaries": ["managers", "leaders", "hr"],
        "pulse_results": ["everyone"],
    },
    "pulse_weeks": 12,
    "hours": {"digest": 9, "invitations": 10},
}
BODY = """# How long it is kept
<!-- enforced: retention_weeks.usage -->

Usage is deleted after {retention_weeks.usage} weeks.

# What it is never used for
<!-- promise -->

Performance reviews.
"""

SAMPLE = Path(__file__).parents[2] / "bot" / "policy" / "sample.md"
# The head and the words of the policy that is shipped: what only makes its terms stricter needs no notice.
AS_SHIPPED: Mapping[str, Any] = {
    "title": "AI usage feedback policy",
    "notice_days": 14,
    "body": SAMPLE.read_text(encoding="utf-8").split("---\n", 2)[2],
}


def file(body: str = BODY, **changes: Any) -> str:
    """A policy file. `changes` are of the head, and of the terms by their names: `retention_weeks={"usage": 8}`."""
    terms = {name: _changed(value, changes.pop(name, None)) for name, value in TERMS.items()}
    head = {
        "title": "A policy",
        "contact": "the policy owner",
        "effective": "2026-09-01",
        "notice_days": 0,
        "changes": ["Something is different."],
        "terms": terms,
    } | changes
    return f"---\n{yaml.safe_dump(head, sort_keys=False)}---\n{body}"


def _changed(value: Any, change: Any) -> Any:
    if change is None:
        return value
    # Tools are named anew as a whole: a policy can have fewer of them.
    merges = isinstance(value, dict) and isinstance(change, dict) and "claude-code" not in value
    return value | change if merges else change


def draft(body: str = BODY, **changes: Any) -> PolicyDocument:
    """The same, read."""
    return parse_policy(file(body, **changes).encode(), "policy.md")


def publish_next(sessions: SessionFactory, now: datetime, **changes: Any) -> PolicyVersion:
    """Publish a version after all others, in force at once unless `effective` says otherwise."""
    with reading(sessions) as session:
        newest = policies.newest(session)
    document = draft(**{"effective": str(now.date())} | changes)
    return publish(sessions, document, publisher="U0HR", now=now, base_hash=newest.hash if newest else None)
