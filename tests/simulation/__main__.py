"""python -m tests.simulation: a company's week in minutes, and how it compares with what was foretold."""

import argparse
import sys
import time

from rich.console import Console

from bot.delivery import DeliverySettings
from bot.logs import configure_logs
from tests.simulation import report
from tests.simulation.crowd import ONE_PLACE, WORLD, crowd
from tests.simulation.week import Outcome, simulate

PEOPLE, SMALLER, ONE_PLACE_PEOPLE = 85_000, (1_000, 10_000), 10_000


def main(arguments: list[str]) -> int:
    """1 when the rate is not used to the full, or when more is late than was foretold."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many the whole company has")
    people = parser.parse_args(arguments).people
    configure_logs("WARNING")
    console, usual = Console(width=None if sys.stdout.isatty() else 140), DeliverySettings()
    weeks = [(f"{number:,} all over the world", number, WORLD, usual, True) for number in (*SMALLER, people)]
    # As long a rush as that of the whole company: the rate and what may be saved up are as much smaller.
    scaled = usual.model_copy(update={"per_minute": 35, "burst": 6})
    weeks += [
        ("only at each tick", SMALLER[-1], WORLD, usual, False),
        ("nearly all in one place", ONE_PLACE_PEOPLE, ONE_PLACE, scaled, True),
    ]
    outcomes: list[tuple[str, Outcome]] = []
    for name, number, shares, settings, early in weeks:
        started = time.perf_counter()
        with console.status(f"{name} …"):
            outcomes.append((name, simulate(crowd(number, shares), settings, early=early)))
        console.print(f"{name}: simulated in {time.perf_counter() - started:.0f} s")
    for name, outcome in (outcomes[len(SMALLER)], outcomes[-1]):
        console.print(f"\n[bold]{name}[/bold]")
        report.show_zones(outcome, console)
        report.show_forecast(outcome, console)
    report.show_comparison(outcomes, console)
    whole = outcomes[len(SMALLER)][1]
    return 0 if whole.attained >= 0.95 * usual.per_minute and whole.as_foretold else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
