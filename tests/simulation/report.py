"""What a simulated week looked like, as tables."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from bot.delivery.forecast import warning
from bot.weeks import zone
from tests.simulation.crowd import Someone
from tests.simulation.week import MINUTE, Outcome


def show_zones(outcome: Outcome, console: Console) -> None:
    """Per time zone: the local hours in which the messages of Monday 9:00 arrived, and the worst lateness of any."""
    table = Table(title=f"{len(outcome.everybody):,} people, {outcome.told.per_minute} messages a minute")
    for heading in ("zone", "people", "due Monday 09:00: arrived at (local)", "latest after the 3 h promised"):
        table.add_column(heading, justify="right" if heading == "people" else "left")
    zones: dict[str, list[Someone]] = defaultdict(list)
    for each in outcome.everybody:
        zones[each.tz].append(each)
    for tz, people in sorted(zones.items(), key=lambda item: -len(item[1])):
        latest = max(outcome.lateness(slot) for slot in {each.slot for each in people})
        table.add_row(tz, f"{len(people):,}", _hours(outcome, people), _late(latest))
    console.print(table)


def _hours(outcome: Outcome, people: Sequence[Someone]) -> str:
    usual = [outcome.arrived[each.id] for each in people if (each.weekday, each.hour) == (0, 9)]
    hours = Counter(moment.astimezone(zone(people[0].tz)).hour for moment in usual)
    return ", ".join(f"{hour:02d}–{hour + 1:02d}: {number:,}" for hour, number in sorted(hours.items()))


def _late(late: timedelta) -> str:
    return "in time" if not late else f"{late / MINUTE:.1f} min late"


def show_forecast(outcome: Outcome, console: Console) -> None:
    """What had been foretold, and how far from it the week was."""
    console.print(f"Foretold: {warning(outcome.told) or 'all in time, so nothing is said'}")
    off = max(abs(outcome.lateness(window.start) - window.lateness) for window in outcome.told.windows)
    console.print(f"Lateness differs from what was foretold by at most {off.total_seconds():.0f} s in any window.")
    console.print(f"{_rush(outcome)} {outcome.done.runs:,} ticks and sends.")


def _rush(outcome: Outcome) -> str:
    share = outcome.attained / outcome.told.per_minute
    return f"Attained in the longest rush: {outcome.attained:.1f} messages a minute ({share:.1%} of the rate)."


def show_comparison(outcomes: Sequence[tuple[str, Outcome]], console: Console) -> None:
    """Several weeks side by side: the memory is that of the worker's process, the workspace has one of its own."""
    table = Table(title="Weeks side by side")
    for heading in ("week", "people", "per minute", "attained", "worst lateness", "foretold", "worker's peak MB"):
        table.add_column(heading, justify="left" if heading == "week" else "right")
    for name, outcome in outcomes:
        told = max(window.lateness for window in outcome.told.windows)
        rate, attained = str(outcome.told.per_minute), f"{outcome.attained:.1f}"
        times = (_late(outcome.lateness()), _late(told))
        table.add_row(name, f"{len(outcome.everybody):,}", rate, attained, *times, f"{outcome.done.peak_mb:.0f}")
    console.print(table)
