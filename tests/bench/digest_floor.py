"""The floor of a digest: the same rows by plain SQL on the driver's own cursor, and `json.dumps` of what is as large."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from bot.weeks import WEEK

COUNTS = (
    "sessions", "prompts", "requests", "tokens_in_uncached", "tokens_cache_read", "tokens_cache_write", "tokens_out",
    "suggestions_shown", "suggestions_accepted", "suggestions_rejected", "credits",
)  # fmt: skip
SUMS = ", ".join(f"sum({name})" for name in COUNTS)

# {who} stands for the people of a batch; ? for what every batch has in common: first day, last day, last week.
STATEMENTS = (
    "SELECT id, tz FROM person WHERE id {who}",
    "SELECT person_id, figures_in_dm FROM consent WHERE person_id {who}",
    "SELECT person_id, weekday, hour FROM preference WHERE person_id {who}",
    "SELECT person_id, tool FROM consent_tool WHERE person_id {who} ORDER BY person_id, tool",
    "SELECT person_id, kind FROM identity WHERE person_id {who}",
    "SELECT person_id, week, saved, rework, helped, note FROM check_in "
    "WHERE person_id {who} AND week BETWEEN {first} AND {last} ORDER BY person_id, week",
    f"SELECT person_id, tool, surface, granularity, count(*), max(credit_unit), {SUMS} FROM usage_day "
    "JOIN usage_import ON usage_import.id = import_id WHERE person_id {who} AND day BETWEEN {week} AND {last} "
    "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    "SELECT person_id, tool, {index}, count(DISTINCT day) FROM usage_day "
    "JOIN usage_import ON usage_import.id = import_id WHERE person_id {who} AND day BETWEEN {first} AND {last} "
    "AND granularity = 'day' GROUP BY 1, 2, 3",
    "SELECT tool, max(data_through) FROM usage_import GROUP BY tool",
)
