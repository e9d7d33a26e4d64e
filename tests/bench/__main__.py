"""python -m tests.bench: run the benches, print a table and write bench.json."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from bot.logs import configure_logs
from tests.bench import (
    answers,
    checkin_http,
    checkin_inline,
    delivery,
    delivery_flat,
    delivery_rate,
    digest_compose,
    digest_memory,
    home,
    imports,
    lines,
    planning,
    pulse_ballot,
    pulse_closing,
    releasing,
)
from tests.bench.lines import Line
from tests.bench.size import FULL, Size

RESULTS = Path("bench.json")

BENCHES: Mapping[str, Callable[[Size], list[Line]]] = {
    "checkin-ack-inline": checkin_inline.bench,
    "checkin-ack-http": checkin_http.bench,
    "digest-compose-sqlite": digest_compose.on_sqlite,
    "digest-compose-postgresql": digest_compose.on_postgresql,
    "digest-memory": digest_memory.bench,
    "planning-sqlite": planning.on_sqlite,
    "planning-postgresql": planning.on_postgresql,
    "planning-memory": planning.memory,
    "delivery-sqlite": delivery.on_sqlite,
    "delivery-postgresql": delivery.on_postgresql,
    "delivery-rate-sqlite": delivery_rate.on_sqlite,
    "delivery-rate-postgresql": delivery_rate.on_postgresql,
    "delivery-flat-sqlite": delivery_flat.on_sqlite,
    "delivery-flat-postgresql": delivery_flat.on_postgresql,
    "import-sqlite-5": imports.sqlite_few,
    "import-sqlite-100": imports.sqlite_all,
    "import-sqlite-utils": imports.sqlite_utils,
    "import-postgresql-100": imports.postgresql_all,
    "import-memory": imports.memory,
    "pulse-ballot-sqlite": pulse_ballot.on_sqlite,
    "pulse-ballot-postgresql": pulse_ballot.on_postgresql,
    "pulse-close-sqlite": pulse_closing.on_sqlite,
    "pulse-close-postgresql": pulse_closing.on_postgresql,
    "pulse-close-memory-sqlite": pulse_closing.memory_on_sqlite,
    "pulse-close-memory-postgresql": pulse_closing.memory_on_postgresql,
    "release-sqlite": releasing.on_sqlite,
    "release-postgresql": releasing.on_postgresql,
    "release-memory-sqlite": releasing.memory_on_sqlite,
    "release-memory-postgresql": releasing.memory_on_postgresql,
    "home-manager-inline": home.bench,
    "answers-with-questions": answers.with_questions,
    "answers-without-questions": answers.without_questions,
    "answers-speed": answers.speed,
}


def chosen(only: str | None) -> list[str]:
    """The benches whose name begins with `only`: "digest" is all three of them."""
    return [name for name in BENCHES if name.startswith(only or "")]


def run(names: list[str], size: Size, console: Console) -> list[Line]:
    """The lines of these benches, in order."""
    found: list[Line] = []
    for name in names:
        started = time.perf_counter()
        with console.status(f"{name} …"):
            found += BENCHES[name](size)
        console.print(f"{name}: measured in {time.perf_counter() - started:.0f} s")
    return found


def main(arguments: list[str]) -> int:
    """1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", metavar="NAME", help="a bench's name, or the beginning of several")
    names = chosen(parser.parse_args(arguments).only)
    if not names:
        parser.error(f"there is no such bench. These are there: {', '.join(BENCHES)}")
    configure_logs("WARNING")
    console = Console(width=None if sys.stdout.isatty() else 120)
    found = run(names, FULL, console)
    lines.show(found, console)
    lines.write(found, RESULTS)
    return 0 if all(line.holds is not False for line in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
