"""What HR does with a policy file, and a policy to do it with."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.model import Message
from storage import policies
from storage.tables import PolicyVersion
from tests.candor import HR, Candor

HR2 = "U0HR2"
CHANNEL = "C0POLICY"
SAMPLE = Path(__file__).parents[3] / "bot" / "policy" / "sample.md"
WHY = "Usage is kept for a shorter time, because nobody looked at older weeks."

HEAD = """---
title: AI usage feedback policy
contact: the policy owner
effective: {effective}
notice_days: 14
changes:
  - {why}
terms:
  tools: {tools}
  retention_weeks: {{usage: {usage}, check_ins: 26, messages: 26, leavers: 26, questions: 26, ledger: 104}}
  smallest_group: 5
  smallest_group_comments: 10
  who_sees:
    usage: [person]
    check_ins: [person]
    team_summaries: [managers, leaders, hr]
    pulse_results: [everyone]
  pulse_weeks: 12
  hours: {{digest: 9, invitations: 10}}
---
"""
# One with other words.
TEXT = (
    HEAD
    + """# How long it is kept
<!-- enforced: retention_weeks -->

Usage is kept for {{retention_weeks.usage}} weeks, then it is deleted. {more}

# What it is never used for
<!-- promise -->

Performance reviews, pay, promotion. Write to {{contact}}.
"""
)
# The words of the version in force: of a version that is only stricter they are the same.
BODY = SAMPLE.read_text(encoding="utf-8").split("---\n", 2)[2]


def policy(
    candor: Candor,
    *,
    days: int = 0,
    usage: int = 12,
    tools: str = "[claude-code, copilot, cursor, chatgpt]",
    why: str = WHY,
    more: str = "",
    effective: date | None = None,
) -> str:
    """A policy file that takes effect in `days` days, stricter than the sample as it stands."""
    day = effective or candor.clock().date() + timedelta(days=days)
    head = HEAD.format(effective=day, usage=usage, tools=tools, why=why)
    return f"{head}{BODY}\n{more}\n" if more else head + BODY


def looser(candor: Candor, **changes: Any) -> str:
    """One that keeps usage longer than the sample, announced early enough."""
    given: dict[str, Any] = {"days": 15, "usage": 52, "why": "Usage is kept longer, for a whole year."}
    return policy(candor, **(given | changes))


def drop(candor: Candor, text: str | bytes, user: str = HR, name: str = "policy.md") -> Message:
    """Drop a file into the DM with Candor; returns what it answers."""
    content = text.encode() if isinstance(text, str) else text
    before = len(candor.dms(user))
    candor.sandbox.user(user).upload(name, content)
    (answer,) = candor.dms(user)[before:]
    return answer


def press(candor: Candor, action: str, message: Message, user: str = HR) -> None:
    candor.sandbox.user(user).press(action, message=message)


def as_it_is_now(candor: Candor, message: Message, user: str = HR) -> Message:
    return next(each for each in candor.dms(user) if each.ts == message.ts)


def versions(candor: Candor) -> list[PolicyVersion]:
    with candor.sessions() as session:
        return list(policies.published(session))


def publish(candor: Candor, text: str, user: str = HR) -> PolicyVersion:
    """Drop a file and press Publish."""
    press(candor, "draft.publish", drop(candor, text, user), user)
    return versions(candor)[-1]


def join(candor: Candor, *users: str, **flags: Any) -> None:
    """Add members to the workspace, and to the channel that hears of the policy."""
    for user in users:
        candor.join(user, **flags)
        candor.sandbox.workspace.channels[CHANNEL].members.add(user)
