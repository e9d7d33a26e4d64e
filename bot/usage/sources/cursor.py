"""Cursor's daily-usage-data: one row a member and day, with chat, agent and editor counts side by side."""

from datetime import date

from bot.usage.sources.json_source import JsonSource, Surfaces
from bot.usage.values import Record, at, count, flag, identity, total, utc_day


def _whose(record: Record) -> str | None:
    return identity(record.get("email"))


def _day(record: Record, latest: date) -> str:
    return utc_day(record, "date" if at(record, "day") is None else "day", latest)


def _surfaces(record: Record) -> Surfaces:
    active = flag(record, "isActive")
    # "Active" is said of the whole day: that it was does not tell where, that it was not is true everywhere.
    elsewhere = False if active is False else None
    agent = total((count(record, "agentRequests"), count(record, "composerRequests")))
    return {
        "ide": {
            "active": active,
            "prompts": count(record, "cmdkUsages"),
            "suggestions_shown": count(record, "totalTabsShown"),
            "suggestions_accepted": count(record, "totalTabsAccepted"),
        },
        "chat": {"active": elsewhere, "requests": count(record, "chatRequests")},
        "agent": {"active": elsewhere, "requests": agent},
    }


CURSOR = JsonSource(
    tool="cursor",
    schema_version="teams/daily-usage-data 2026-08-25",
    identifier="email",
    wrapper="data",
    mark="email",
    columns=("active", "prompts", "requests", "suggestions_shown", "suggestions_accepted"),
    whose=_whose,
    day=_day,
    surfaces=_surfaces,
)
