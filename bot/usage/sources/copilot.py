"""GitHub Copilot's users-1-day report: one row a login and day, with command-line counts apart."""

from datetime import date

from bot.usage.catalogue import TOOLS
from bot.usage.sources.json_source import JsonSource, Surfaces
from bot.usage.sources.source import Value
from bot.usage.values import Record, amount, at, count, flag, identity, utc_day


def _whose(record: Record) -> str | None:
    return identity(record.get("user_login"))


def _day(record: Record, latest: date) -> str:
    return utc_day(record, "day", latest)


def _surfaces(record: Record) -> Surfaces:
    surfaces: dict[str, dict[str, Value]] = {"ide": _editor(record)}
    for surface, path in (("chat", "used_chat"), ("agent", "used_agent"), ("cli", "used_cli")):
        used = flag(record, path)
        if used is not None:
            surfaces[surface] = {"active": used}
    if at(record, "totals_by_cli") is not None:
        surfaces.setdefault("cli", {}).update(_command_line(record))
    return surfaces


def _editor(record: Record) -> dict[str, Value]:
    # GitHub counts credits for the whole day, on no surface of their own: they stay with the main row.
    credits = amount(record, "ai_credits_used")
    return {
        "prompts": count(record, "user_initiated_interaction_count"),
        "suggestions_shown": count(record, "code_generation_activity_count"),
        "suggestions_accepted": count(record, "code_acceptance_activity_count"),
        "credits": credits,
        "credit_unit": None if credits is None else TOOLS["copilot"].credit_unit,
    }


def _command_line(record: Record) -> dict[str, Value]:
    return {
        "sessions": count(record, "totals_by_cli.session_count"),
        "requests": count(record, "totals_by_cli.request_count"),
        "prompts": count(record, "totals_by_cli.prompt_count"),
        "tokens_out": count(record, "totals_by_cli.token_usage.output_tokens_sum"),
    }


COPILOT = JsonSource(
    tool="copilot",
    schema_version="users-1-day 2026-03-10",
    identifier="github_login",
    wrapper="day_totals",
    mark="user_login",
    columns=(
        "active",
        "sessions",
        "prompts",
        "requests",
        "tokens_out",
        "suggestions_shown",
        "suggestions_accepted",
        "credits",
        "credit_unit",
    ),
    whose=_whose,
    day=_day,
    surfaces=_surfaces,
)
