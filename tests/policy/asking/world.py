"""Policies to ask, ways to ask, and what came of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot.policy.answers import Answer
from bot.policy.asking.library import open_book
from bot.policy.document import parse_policy
from bot.policy.versions import publish, require_in_force
from bot.sandbox.model import Message
from storage import policies
from storage.tables import PolicyVersion
from tests.candor import Candor

Json = dict[str, Any]

USAGE = """# How long figures stay
<!-- enforced: retention_weeks.usage -->
<!-- questions
How long do you keep my figures?
-->

Figures of use are deleted after {retention_weeks.usage} weeks. Nothing that is older is looked at by anybody.
"""
ELSE = """# Who sees figures
<!-- enforced: who_sees.usage -->
<!-- questions
Can my manager see my figures?
-->

You alone see your figures. No manager and no administrator has a page that shows them.

# What they are not used for
<!-- promise -->
<!-- questions
Are my figures used in a performance review?
-->

Figures are never used in performance reviews, nor for pay, promotion or dismissal.
"""
HEAD = """---
title: AI usage feedback policy
contact: the policy owner
language: {language}
effective: {effective}
notice_days: 0
changes: [The weeks that usage is kept were changed.]
terms:
  tools: [claude-code, copilot, cursor, chatgpt]
  retention_weeks: {{usage: {weeks}, check_ins: 26, messages: 26, leavers: 26, questions: 26, ledger: 104}}
  smallest_group: 5
  smallest_group_comments: 10
  who_sees: {{usage: [person], check_ins: [person], team_summaries: [hr], pulse_results: [everyone]}}
  pulse_weeks: 12
  hours: {{digest: 9, invitations: 10}}
---
"""


def issue(
    candor: Candor, *, weeks: int, body: str = USAGE + ELSE, effective: date | None = None, language: str = "en"
) -> PolicyVersion:
    """Publish the next version, by default in force at once, that keeps usage for so many weeks."""
    now = candor.clock()
    # The shipped policy promises notice of every change: what is asked here is asked of what holds at once.
    with candor.sessions.begin() as session:
        session.connection().execute(update(PolicyVersion).values(notice_days=0))
    source = HEAD.format(effective=effective or now.date(), weeks=weeks, language=language) + body
    with candor.sessions() as session:
        newest = policies.newest(session)
    document = parse_policy(source.encode(), "policy.md")
    base = newest.hash if newest else None
    return publish(candor.sessions, document, publisher="command line", now=now, base_hash=base)


def in_force(candor: Candor) -> PolicyVersion:
    return require_in_force(candor.sessions, candor.clock())


def said_of(policy: PolicyVersion, question: str) -> Answer:
    """What the engine says to this question, beside what came through Slack."""
    return open_book(policy).index.ask(question)


def authors_questions(policy: PolicyVersion) -> list[str]:
    return [question for clause in policy.clauses for question in clause["questions"]]


def ask(candor: Candor, user_id: str, question: str, *, thread_ts: str | None = None) -> Message:
    """Ask in the DM; the answer."""
    before = len(candor.dms(user_id))
    candor.sandbox.user(user_id).say(question, thread_ts=thread_ts)
    (answer,) = candor.dms(user_id)[before:]
    return answer


def quotes_in(blocks: list[Json]) -> list[str]:
    """The text of every quote, as it arrived in Slack."""
    return [
        "".join(element["text"] for element in part["elements"])
        for block in blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    ]


def words_in(node: Any) -> str:
    """All text below a block, a list of them or a view, one after the other."""
    return "\n".join(_texts(node))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key, value in node.items():
            if key != "text" or not isinstance(value, str):
                yield from _texts(value)


def next_week(moment: datetime) -> datetime:
    """The Monday after, at noon."""
    return moment + timedelta(days=7 - moment.weekday())
