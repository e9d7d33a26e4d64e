"""Claude Code analytics of the Console: pages of rows, one a person, day, terminal and customer type."""

from datetime import date

from bot.usage.sources.json_source import JsonSource, Surfaces
from bot.usage.values import BadValue, Record, count, identity, items, total, utc_day

_EDITORS = ("edit_tool", "multi_edit_tool", "write_tool", "notebook_edit_tool")
_TOKENS = {
    "tokens_in_uncached": "tokens.input",
    "tokens_cache_read": "tokens.cache_read",
    "tokens_cache_write": "tokens.cache_creation",
    "tokens_out": "tokens.output",
}


def _whose(record: Record) -> str | None:
    actor = record.get("actor")
    return identity(actor.get("email_address")) if isinstance(actor, dict) else None


def _day(record: Record, latest: date) -> str:
    return utc_day(record, "date", latest)


def _surfaces(record: Record) -> Surfaces:
    models = items(record, "model_breakdown")
    counts = {column: _of_models(models, path) for column, path in _TOKENS.items()}
    counts["sessions"] = count(record, "core_metrics.num_sessions")
    for column, answer in (("suggestions_accepted", "accepted"), ("suggestions_rejected", "rejected")):
        counts[column] = total(count(record, f"tool_actions.{editor}.{answer}") for editor in _EDITORS)
    return {"cli": counts}


def _of_models(models: list[Record], path: str) -> int | None:
    try:
        return total(count(model, path) for model in models)
    except BadValue as bad:
        raise BadValue(f"model_breakdown.{bad.column}", bad.reason) from None


CLAUDE_CODE = JsonSource(
    tool="claude-code",
    schema_version="usage_report/claude_code 2023-06-01",
    identifier="email",
    wrapper="data",
    mark="actor",
    columns=("sessions", *_TOKENS, "suggestions_accepted", "suggestions_rejected"),
    whose=_whose,
    day=_day,
    surfaces=_surfaces,
)
